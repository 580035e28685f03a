package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// A pace is how often the history is looked at for what other processes have
// changed, while somebody listens: no engine tells of that. The server's own
// changes do not wait for it.
type pace struct {
	quick time.Duration // after a change
	calm  time.Duration // when nothing has changed for calmAfter
}

// calmAfter is how long after a change the next one is expected soon.
const calmAfter = 2 * time.Second

// A hub reads the history once for all streams of events. It holds the newest
// events, as they are sent: a stream that keeps up copies nothing and reads
// nothing; one that does not reads on from its own place (listener.go).
type hub struct {
	t    *tracker.Tracker
	log  *slog.Logger
	stop <-chan struct{}
	pace pace
	most int // bytes of events that are held

	reading sync.Mutex // held while the feed is read
	feed    *tracker.Feed

	mu        sync.Mutex
	held      []told        // the newest events, oldest first
	bytes     int           // of held
	end       uint64        // the number of the next event
	place     tracker.Place // of the feed, behind the last event
	id        string        // the same for a client
	more      chan struct{} // closed when there are more events
	listeners int
	watching  bool
	running   sync.WaitGroup
}

// A told is an event as it is sent.
type told struct {
	key  plan.Key
	id   string
	hash string // of the record
	text []byte
}

func newHub(t *tracker.Tracker, log *slog.Logger, stop <-chan struct{}, p pace, most int) *hub {
	return &hub{t: t, log: log, stop: stop, pace: p, most: most, more: make(chan struct{})}
}

// enter counts one who listens, and has the history watched. What was there
// before is read: the place that it returns is that of this moment.
func (h *hub) enter(ctx context.Context) (number uint64, place tracker.Place, id string, err error) {
	h.mu.Lock()
	h.listeners++
	if !h.watching {
		h.watching = true
		h.running.Add(1)
		go h.watch()
	}
	h.mu.Unlock()
	err = h.look(ctx)
	number, place, id = h.now()
	return number, place, id, err
}

// now returns the place behind all events.
func (h *hub) now() (number uint64, place tracker.Place, id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.end, h.place, h.id
}

func (h *hub) leave() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.listeners--
}

// wait returns when nothing is looked for any more.
func (h *hub) wait() { h.running.Wait() }

// watch looks for changes until nobody listens.
func (h *hub) watch() {
	defer h.running.Done()
	own, stop := h.t.Changes()
	defer stop()
	tick := time.NewTimer(h.pace.quick)
	defer tick.Stop()
	last, changed, failing := uint64(0), time.Now(), false
	for {
		select {
		case <-own:
		case <-tick.C:
		case <-h.stop:
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), answerTimeout)
		err := h.look(ctx)
		if err != nil && !failing { // once, not a hundred times a second
			h.log.Warn("cannot read the history for the event streams", "error", err)
		}
		failing = err != nil
		cancel()
		end, over := h.ended()
		if over {
			return
		}
		pause := h.pace.quick
		if end != last {
			last, changed = end, time.Now()
		} else if time.Since(changed) > calmAfter {
			pause = h.pace.calm
		}
		tick.Reset(pause)
	}
}

// ended reports whether nobody listens any more, and then lets go of the events.
func (h *hub) ended() (end uint64, over bool) {
	h.reading.Lock()
	defer h.reading.Unlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.listeners == 0 {
		h.watching, h.feed, h.held, h.bytes = false, nil, nil, 0
	}
	return h.end, h.listeners == 0
}

// look reads what has happened, and tells those who listen.
func (h *hub) look(ctx context.Context) error {
	h.reading.Lock()
	defer h.reading.Unlock()
	if h.feed == nil {
		feed, err := h.t.OpenFeed(ctx, "")
		if err != nil {
			return err
		}
		h.feed = feed
		h.tell(nil)
	}
	return h.feed.Each(ctx, func(events []tracker.Event) error {
		all, err := tellable(events)
		h.tell(all)
		return err
	})
}

// tell holds events, and wakes those who listen.
func (h *hub) tell(all []told) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.place, h.id = h.feed.Place(), h.feed.ID()
	for _, e := range all {
		h.held = append(h.held, e)
		h.bytes += e.size()
	}
	h.end += uint64(len(all))
	for h.bytes > h.most && len(h.held) > 0 {
		h.bytes -= h.held[0].size()
		h.held[0] = told{} // the slice keeps its room
		h.held = h.held[1:]
	}
	if len(all) > 0 {
		close(h.more)
		h.more = make(chan struct{})
	}
}

// after returns the events from a number on, as many as are written at once,
// or else what is closed when there are some. Those that are not held any more
// are gone.
func (h *hub) after(number uint64) (events []told, more <-chan struct{}, gone bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	first := h.end - uint64(len(h.held))
	if number < first {
		return nil, nil, true
	}
	size := 0
	for _, e := range h.held[number-first:] {
		if size += e.size(); size > writtenAtOnce && len(events) > 0 {
			break
		}
		events = append(events, e)
	}
	return events, h.more, false
}

// tellable writes events as they are sent.
func tellable(events []tracker.Event) (all []told, err error) {
	for _, e := range events {
		b, err := ops.JSON(e.Record)
		if err != nil {
			return all, err
		}
		text := fmt.Appendf(nil, eventFormat, e.ID, "change", b[:len(b)-1])
		all = append(all, told{key: e.Record.Key, id: e.ID, hash: e.Record.Hash, text: text})
	}
	return all, nil
}

// size is about how much memory an event takes.
func (e told) size() int { return len(e.text) + len(e.id) + 200 }
