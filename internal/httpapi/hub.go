package httpapi

import (
	"context"
	"sync"
	"time"

	"pm/internal/tracker"
)

// pollEvery is how often the history is looked at while somebody listens.
// Changes are made by other processes, too, which tell nobody: two look-ups
// of the newest row are cheaper than any other way that both engines have.
const pollEvery = 250 * time.Millisecond

// A hub tells listeners that something has happened. It holds no events: each
// listener reads them from its own place, so that a slow one costs nothing.
type hub struct {
	t    *tracker.Tracker
	stop <-chan struct{}

	mu        sync.Mutex
	listeners map[chan struct{}]bool
	polling   bool
	running   sync.WaitGroup
}

func newHub(t *tracker.Tracker, stop <-chan struct{}) *hub {
	return &hub{t: t, stop: stop, listeners: map[chan struct{}]bool{}}
}

// listen returns a channel that is told of changes, and what ends that.
func (h *hub) listen() (changed <-chan struct{}, leave func()) {
	c := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.listeners[c] = true
	if !h.polling {
		h.polling = true
		h.running.Add(1)
		go h.poll()
	}
	return c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.listeners, c)
	}
}

// poll looks for changes until nobody listens.
func (h *hub) poll() {
	defer h.running.Done()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	last := ""
	for {
		select {
		case <-tick.C:
		case <-h.stop:
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), answerTimeout)
		newest, err := h.t.Newest(ctx)
		cancel()
		if h.tell(err == nil && newest != last) {
			return
		}
		if err == nil {
			last = newest
		}
	}
}

// tell tells the listeners of a change, and reports whether there are none.
func (h *hub) tell(changed bool) (nobody bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.listeners {
		if !changed {
			break
		}
		select {
		case c <- struct{}{}:
		default:
		}
	}
	h.polling = len(h.listeners) > 0
	return !h.polling
}

// wait returns when nothing is looked for any more.
func (h *hub) wait() { h.running.Wait() }
