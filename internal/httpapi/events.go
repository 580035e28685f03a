package httpapi

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"
)

const (
	heartbeat   = 15 * time.Second // of a stream on which nothing happens
	slowestRead = 10 * time.Second // after which a client that does not read is dropped
	reconnectMs = 1000             // how long a client waits before it connects again
	eventFormat = "id: %s\nevent: %s\ndata: %s\n\n"
)

// events streams the history as it happens, as server-sent events: one event
// "change" for each record, whose data is the record. With Last-Event-ID (or
// the query's last_event_id) it goes on behind that event. An event "reset"
// says that this cannot be: read the plan anew. The query's key leaves out
// what does not lie under it.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	under, after, err := eventsQuery(r)
	if err == nil {
		err = s.exists(r.Context(), under)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	select {
	case s.streams <- struct{}{}:
		defer func() { <-s.streams }()
	default:
		s.fail(w, r, plan.Errorf(plan.Unavailable, "too many event streams (%d)", cap(s.streams)).WithCode("too_many_streams").
			WithHint("close one, or share one among several readers"))
		return
	}
	l, lost, err := s.listen(r.Context(), under, after)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer l.leave()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	out := &stream{w: w, rc: http.NewResponseController(w)}
	out.send(fmt.Appendf(nil, "retry: %d\n\n", reconnectMs))
	if lost {
		out.send(resetAt(l.id))
	}
	defer s.o.Metrics.stream()()
	s.follow(r.Context(), l, out)
}

// exists refuses the key of an item that there is not; the zero key is that of
// the whole plan.
func (s *Server) exists(ctx context.Context, k plan.Key) (err error) {
	switch k.Level() {
	case plan.LevelEpic:
		if k.Epic > 0 {
			_, err = s.o.Tracker.ShowEpic(ctx, tracker.ShowEpic{Key: k.String()})
		}
	case plan.LevelFeature:
		_, err = s.o.Tracker.ShowFeature(ctx, tracker.ShowFeature{Key: k.String()})
	default:
		_, err = s.o.Tracker.ShowTask(ctx, tracker.ShowTask{Key: k.String()})
	}
	return err
}

func resetAt(id string) []byte { return fmt.Appendf(nil, eventFormat, id, "reset", "{}") }

func eventsQuery(r *http.Request) (under plan.Key, after string, err error) {
	after = r.Header.Get("Last-Event-ID")
	query, err := parseQuery(r)
	for name, values := range query {
		switch {
		case err != nil:
		case name == "key":
			if under, err = plan.ParseKey(values[0]); err != nil { // no such item, as for a key that nothing has
				bad := plan.Describe(err)
				err = plan.Errorf(plan.NotFound, "%s", bad.Message).WithCode(bad.Code).WithHint("%s", bad.Hint)
			}
		case name == "last_event_id":
			if after == "" {
				after = values[0]
			}
		default:
			err = ops.UnknownArgument(name, []string{"key", "last_event_id"})
		}
	}
	return under, after, err
}

// follow writes events until the client leaves, or reads too slowly, or the
// server ends.
func (s *Server) follow(ctx context.Context, l *listener, out *stream) {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	told := l.id // the place that the client knows
	for out.err == nil {
		events, more, lost, err := l.take(ctx)
		switch {
		case err != nil:
			if ctx.Err() == nil {
				s.o.Log.Warn("an event stream ended", "error", err)
			}
			return
		case lost:
			out.send(resetAt(l.id))
			continue
		case len(events) > 0:
			out.sendAll(events)
			told = events[len(events)-1].id
			continue
		}
		select {
		case <-more:
		case <-beat.C:
			// What the client does not want to hear moves its place on, too.
			if told == l.id {
				out.send([]byte(": still there\n\n"))
			} else {
				out.send(fmt.Appendf(nil, ": still there\nid: %s\n\n", l.id))
			}
			told = l.id
		case <-ctx.Done():
			return
		case <-s.draining:
			return
		}
	}
}

// A stream writes events, and stops at the first that cannot be written in time.
type stream struct {
	w   io.Writer
	rc  *http.ResponseController
	err error
}

// send sends some text.
func (s *stream) send(text []byte) { s.sendAll([]told{{text: text}}) }

// sendAll sends events.
func (s *stream) sendAll(events []told) {
	if s.err == nil {
		s.err = s.rc.SetWriteDeadline(time.Now().Add(slowestRead))
	}
	for i := 0; i < len(events) && s.err == nil; i++ {
		_, s.err = s.w.Write(events[i].text)
	}
	if s.err == nil {
		s.err = s.rc.Flush()
	}
}
