package httpapi_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"pm/internal/httpapi"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// An event as it comes over the wire.
type event struct{ id, kind, data string }

func (e event) String() string {
	var h plan.History
	if json.Unmarshal([]byte(e.data), &h) != nil {
		return e.kind
	}
	return fmt.Sprintf("%s %s>%s", h.Key, h.OldStatus, h.NewStatus)
}

// A listener is a client of /v1/events.
type listener struct {
	t      *testing.T
	events chan event
	leave  func()
}

func (s *site) listen(path string, headers ...string) *listener {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	r, err := http.NewRequestWithContext(ctx, "GET", "http://"+s.addr+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "text/event-stream" {
		s.t.Fatalf("events: %s", resp.Status)
	}
	l := &listener{t: s.t, events: make(chan event, 1000)}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer close(l.events)
		defer resp.Body.Close()
		var e event
		lines := bufio.NewScanner(resp.Body)
		lines.Buffer(nil, 16<<20)
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "id":
				e.id = value
			case "event":
				e.kind = value
			case "data":
				e.data = value
			case "":
				if e.kind != "" {
					l.events <- e
				}
				e = event{}
			}
		}
	}()
	l.leave = func() { cancel(); <-ended }
	s.t.Cleanup(l.leave)
	return l
}

// next returns the next event.
func (l *listener) next() event {
	l.t.Helper()
	select {
	case e, open := <-l.events:
		if !open {
			l.t.Fatal("the stream has ended")
		}
		return e
	case <-time.After(20 * time.Second):
		l.t.Fatal("no event")
	}
	return event{}
}

func (l *listener) want(events ...string) (last event) {
	l.t.Helper()
	for _, want := range events {
		if last = l.next(); last.String() != want {
			l.t.Errorf("event %s, want %s", last, want)
		}
	}
	return last
}

// What others do is heard, too, each change once, and a client that was away
// hears what it has missed.
func TestEventsResume(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(2)
		l := s.listen("/v1/events")
		other := plan.WithActor(t.Context(), plan.Actor{Name: "bob", Surface: "cli"})
		keys := []string{"T-E01-F01-001"}
		if _, err := s.plan.Claim(other, tracker.Claim{Keys: keys}); err != nil {
			t.Fatal(err)
		}
		s.want(s.do("PATCH", "/v1/epics/E01", `{"title":"New"}`), 200, "")
		heard := l.want("T-E01-F01-001 todo>in_progress", "E01 active>active")
		l.leave()
		if _, err := s.plan.Complete(other, tracker.Complete{Keys: keys}); err != nil {
			t.Fatal(err)
		}
		s.want(s.do("POST", task2+"/claim", ""), 200, "")
		l = s.listen("/v1/events", "Last-Event-ID", heard.id)
		l.want("T-E01-F01-001 in_progress>completed", "T-E01-F01-002 todo>in_progress")
		s.want(s.do("POST", task2+"/submit", ""), 200, "")
		l.want("T-E01-F01-002 in_progress>ready_for_review")
	})
}

// A place that is gone, or never was, is told at once; then it goes on.
func TestEventsReset(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(1)
		for _, id := range []string{"nonsense", "999-01234567.999-01234567", "1-00000000.0-", "1.1", "-1-.0-", strings.Repeat("9", 2000)} {
			l := s.listen("/v1/events?last_event_id="+id, "Last-Event-ID", id)
			if e := l.next(); e.kind != "reset" {
				t.Errorf("behind %.40q comes %s", id, e)
			}
			l.leave()
		}
		l := s.listen("/v1/events", "Last-Event-ID", "x")
		l.next()
		s.want(s.do("POST", task1+"/claim", ""), 200, "")
		l.want("T-E01-F01-001 todo>in_progress")
		s.want(s.do("GET", "/v1/events?key=E-1", ""), 404, "bad_key")
		s.want(s.do("GET", "/v1/events?key=E09", ""), 404, "not_found")
		s.want(s.do("GET", "/v1/events?kee=E01", ""), 400, "unknown_argument")
	})
}

func TestEventsUnder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(2)
		l := s.listen("/v1/events?key=T-E01-F01-002")
		s.want(s.do("POST", "/v1/tasks/start", `{"keys":["T-E01-F01-001","T-E01-F01-002"]}`), 200, "")
		l.want("T-E01-F01-002 todo>in_progress")
	})
}

// Rows of a history that were deleted give their numbers to others on
// SQLite: those are heard all the same.
func TestEventsAfterDeletion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(3)
		l := s.listen("/v1/events")
		s.want(s.do("POST", "/v1/tasks/T-E01-F01-003/claim", ""), 200, "")
		l.want("T-E01-F01-003 todo>in_progress")
		ctx := plan.WithActor(t.Context(), plan.Actor{Name: "ann"})
		if _, err := s.plan.Delete(ctx, tracker.Delete{Key: "T-E01-F01-003", Force: true}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.plan.Start(ctx, tracker.ChangeStatus{Keys: []string{"T-E01-F01-001", "T-E01-F01-002"}}); err != nil {
			t.Fatal(err)
		}
		heard := map[string]int{}
		for range 3 {
			heard[l.next().String()]++
		}
		for _, want := range []string{"T-E01-F01-003 in_progress>", "T-E01-F01-001 todo>in_progress", "T-E01-F01-002 todo>in_progress"} {
			if heard[want] != 1 {
				t.Errorf("heard %v", heard)
			}
		}
	})
}

// Many listeners hear many changes in one order, none twice.
func TestManyListeners(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(1)
		var all []*listener
		for range 8 {
			all = append(all, s.listen("/v1/events"))
		}
		const changes = 40
		for i := range changes {
			s.want(s.do("PATCH", task1, fmt.Sprintf(`{"title":"Title %d"}`, i)), 200, "")
		}
		for _, l := range all {
			for i := range changes {
				if e := l.next(); !strings.Contains(e.data, fmt.Sprintf("Title %d\"]", i)) {
					t.Fatalf("change %d is heard as %s", i, e.data)
				}
			}
		}
	})
}

// A client that does not read is dropped, and holds up nobody.
func TestSlowListener(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a time limit")
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(1)
		c, err := net.Dial("tcp", s.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.(*net.TCPConn).SetReadBuffer(1 << 10)
		fmt.Fprintf(c, "GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
		big := `{"description":"` + strings.Repeat("x", 1<<19) + `%d"}`
		l := s.listen("/v1/events")
		for i := range 12 {
			s.want(s.do("PATCH", task1, fmt.Sprintf(big, i)), 200, "")
			l.next()
		}
	})
}
