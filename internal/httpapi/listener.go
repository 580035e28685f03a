package httpapi

import (
	"context"
	"slices"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// A listener is a place in the events: that of one stream.
type listener struct {
	s     *Server
	under plan.Key // only what is of this or under it
	next  uint64   // the number of the next event of the hub
	id    string   // the place of the last event passed

	// One that comes back, or has fallen behind what the hub holds, reads by
	// itself up to where the hub was, and there joins it.
	behind *tracker.Feed
	to     tracker.Place
	recent []string // hashes of what it read so: the hub tells again what stands in a row anew
	owed   int      // bytes of the budget for what it read so
}

// writtenAtOnce is how many bytes of events a stream takes at a time, if one
// of them is not larger.
const writtenAtOnce = 64 << 10

// listen returns a listener that has passed the event of that id, or every one
// so far if it is empty. If that event is gone, it has lost some, and begins
// now.
func (s *Server) listen(ctx context.Context, under plan.Key, id string) (l *listener, lost bool, err error) {
	l = &listener{s: s, under: under}
	l.next, l.to, l.id, err = s.hub.enter(ctx)
	if err == nil && id != "" {
		lost, err = l.goBack(ctx, id)
	}
	if err != nil {
		l.leave()
	}
	return l, lost, err
}

func (l *listener) leave() {
	l.s.unwritten.give(l.owed)
	l.s.hub.leave()
}

// goBack has the listener read on by itself behind an event.
func (l *listener) goBack(ctx context.Context, id string) (lost bool, err error) {
	feed, err := l.s.o.Tracker.OpenFeed(ctx, id)
	if hasCode(err, "bad_event_id") {
		return true, nil
	}
	l.behind, l.id = feed, id
	return false, err
}

// take returns the events that come next, or else what is closed when there
// are some. They are written when it is called again. If the listener has
// missed some for good, it has lost them.
func (l *listener) take(ctx context.Context) (events []told, more <-chan struct{}, lost bool, err error) {
	l.s.unwritten.give(l.owed)
	l.owed = 0
	for {
		if l.behind != nil {
			if events, err = l.catchUp(ctx); err != nil || len(events) > 0 {
				return events, nil, false, err
			}
			l.behind = nil
		}
		all, more, gone := l.s.hub.after(l.next)
		if gone {
			id := l.id
			l.next, l.to, l.id = l.s.hub.now()
			if lost, err = l.goBack(ctx, id); lost || err != nil {
				return nil, nil, lost, err
			}
			continue
		}
		if len(all) == 0 {
			return nil, more, false, nil
		}
		l.next += uint64(len(all))
		l.id = all[len(all)-1].id
		if events = l.wanted(l.unknown(all)); len(events) > 0 {
			return events, nil, false, nil
		}
	}
}

// catchUp reads what comes next up to where the hub was; nothing at the end.
func (l *listener) catchUp(ctx context.Context) ([]told, error) {
	for {
		events, err := l.read(ctx)
		if err != nil || len(events) == 0 {
			return nil, err
		}
		l.id = events[len(events)-1].id
		for _, e := range events {
			l.recent = append(l.recent, e.hash)
		}
		l.recent = l.recent[max(0, len(l.recent)-tracker.FeedStepsBack):]
		if events = l.wanted(events); len(events) > 0 {
			return events, nil
		}
	}
}

// read reads the next events from the history. Few listeners do so at a time,
// and what all of them have yet to write is bounded.
func (l *listener) read(ctx context.Context) (all []told, err error) {
	select {
	case l.s.behind <- struct{}{}:
		defer func() { <-l.s.behind }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	events, err := l.behind.NextTo(ctx, l.to)
	if err == nil {
		all, err = tellable(events)
	}
	size := 0
	for _, e := range all {
		size += e.size()
	}
	if err == nil {
		size, err = l.s.unwritten.take(ctx, max(0, size-l.owed))
		l.owed += size
	}
	return all, err
}

// unknown leaves out what the listener has read by itself before it joined
// the hub, as long as the hub still tells some of it.
func (l *listener) unknown(events []told) []told {
	if l.recent == nil {
		return events
	}
	out := slices.DeleteFunc(slices.Clone(events), func(e told) bool { return slices.Contains(l.recent, e.hash) })
	if len(out) == len(events) {
		l.recent = nil
	}
	return out
}

// wanted returns the events of what the listener listens to.
func (l *listener) wanted(events []told) (out []told) {
	if l.under.IsZero() {
		return events
	}
	for _, e := range events {
		if l.under.Contains(e.key) {
			out = append(out, e)
		}
	}
	return out
}
