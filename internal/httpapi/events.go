package httpapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"
)

const (
	heartbeat    = 15 * time.Second // of a stream on which nothing happens
	slowestRead  = 10 * time.Second // after which a client that does not read is dropped
	reconnectMs  = 1000             // how long a client waits before it connects again
	eventsFormat = "id: %s\nevent: %s\ndata: %s\n"
)

// events streams the history as it happens, as server-sent events: one event
// "change" for each record, whose data is the record. With Last-Event-ID (or
// the query's last_event_id) it goes on behind that event. An event "reset"
// says that this cannot be: read the plan anew. The query's key leaves out
// what does not lie under it.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	under, after, err := eventsQuery(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	select {
	case s.streams <- struct{}{}:
		defer func() { <-s.streams }()
	default:
		s.fail(w, r, plan.Errorf(plan.Unavailable, "%d streams are open", maxStreams).WithCode("too_many_streams").WithHint("close one"))
		return
	}
	<-s.slots // a stream counts as a stream, not as a request
	defer func() { s.slots <- struct{}{} }()
	feed, reset, err := s.openFeed(r.Context(), after)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	bodyRead(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	out := &stream{w: w, rc: http.NewResponseController(w)}
	out.printf("retry: %d\n", reconnectMs)
	if reset {
		out.printf(eventsFormat, feed.ID(), "reset", "{}")
	}
	out.end()
	defer s.o.Metrics.stream()()
	s.follow(r.Context(), feed, out, under)
}

func eventsQuery(r *http.Request) (under plan.Key, after string, err error) {
	after = r.Header.Get("Last-Event-ID")
	query, err := parseQuery(r)
	for name, values := range query {
		switch {
		case err != nil:
		case name == "key":
			under, err = plan.ParseKey(values[0])
		case name == "last_event_id":
			if after == "" {
				after = values[0]
			}
		default:
			err = plan.Errorf(plan.Usage, "there is no argument %.40q", name).WithCode("unknown_argument").WithHint("there are key, last_event_id")
		}
	}
	return under, after, err
}

// openFeed opens the feed behind an event; if that is gone, from now on.
func (s *Server) openFeed(ctx context.Context, after string) (feed *tracker.Feed, reset bool, err error) {
	feed, err = s.o.Tracker.OpenFeed(ctx, after)
	if hasCode(err, "bad_event_id") {
		feed, err = s.o.Tracker.OpenFeed(ctx, "")
		reset = true
	}
	return feed, reset, err
}

// follow writes events until the client leaves, or reads too slowly, or the
// server ends.
func (s *Server) follow(ctx context.Context, feed *tracker.Feed, out *stream, under plan.Key) {
	changed, leave := s.hub.listen()
	defer leave()
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	late := time.NewTicker(pollEvery)
	defer late.Stop()
	for out.err == nil {
		if err := s.drain(ctx, feed, out, under); err != nil && ctx.Err() == nil {
			s.o.Log.Warn("a stream of events ended", "error", err)
			return
		}
		select {
		case <-changed:
		case <-late.C:
			if !feed.Late() {
				continue
			}
		case <-beat.C:
			out.printf(": still there\n")
			out.end()
		case <-ctx.Done():
			return
		case <-s.draining:
			return
		}
	}
}

// drain writes all events that there are.
func (s *Server) drain(ctx context.Context, feed *tracker.Feed, out *stream, under plan.Key) error {
	for out.err == nil {
		events, err := feed.Next(ctx)
		if err != nil || len(events) == 0 {
			return err
		}
		for _, e := range events {
			if !under.IsZero() && !under.Contains(e.Record.Key) {
				continue
			}
			b, err := ops.JSON(e.Record)
			if err != nil {
				return err
			}
			out.printf(eventsFormat, e.ID, "change", b[:len(b)-1])
			out.end()
		}
	}
	return nil
}

// A stream writes events, and stops at the first that cannot be written in time.
type stream struct {
	w   io.Writer
	rc  *http.ResponseController
	err error
}

func (s *stream) printf(format string, args ...any) {
	if s.err == nil {
		_, s.err = fmt.Fprintf(s.w, format, args...)
	}
}

// end ends an event, and sends it.
func (s *stream) end() {
	s.err = errors.Join(s.err, s.rc.SetWriteDeadline(time.Now().Add(slowestRead)))
	s.printf("\n")
	if s.err == nil {
		s.err = s.rc.Flush()
	}
}
