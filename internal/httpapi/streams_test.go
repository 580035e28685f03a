package httpapi_test

import (
	"fmt"
	"net"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pm/internal/db"
	"pm/internal/httpapi"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// never is a pace at which a test does not see the history looked at.
const never = time.Hour

// What the server itself changes is told at once, not when the history is
// looked at next.
func TestOwnChangesAreToldAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serveWithin(t, db, httpapi.Options{}, httpapi.Limits{Poll: never})
		s.plant(1)
		l := s.listen("/v1/events")
		s.want(s.do("POST", task1+"/claim", ""), 200, "")
		l.want("T-E01-F01-001 todo>in_progress")
		s.want(s.do("POST", task1+"/complete", ""), 200, "")
		l.want("T-E01-F01-001 in_progress>completed")
	})
}

// The history is read once for all streams, however many there are.
func TestOneReadForAllStreams(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		var reads atomic.Int64
		d, err := store.Open(t.Context(), address, store.Options{Observe: func(s db.Statement) {
			if s.Name == "feed.tasks" {
				reads.Add(1)
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		s := serveWithin(t, d, httpapi.Options{}, httpapi.Limits{Poll: never})
		s.plant(1)
		var all []*listener
		for range 40 {
			all = append(all, s.listen("/v1/events"))
		}
		const changes = 10
		before := reads.Load()
		for i := range changes {
			s.want(s.do("PATCH", task1, fmt.Sprintf(`{"title":"Title %d"}`, i)), 200, "")
		}
		for _, l := range all {
			for range changes {
				l.next()
			}
		}
		if n := reads.Load() - before; n > changes {
			t.Errorf("%d changes were read %d times for %d streams", changes, n, len(all))
		}
	})
}

// A thousand streams are open beside the requests, and hear everything; one
// more is refused.
func TestThousandStreams(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serveWithin(t, db, httpapi.Options{}, httpapi.Limits{Requests: 1})
		s.plant(1)
		var all []*listener
		for range 1000 {
			all = append(all, s.listen("/v1/events"))
		}
		s.want(s.do("GET", "/v1/events", ""), 503, "too_many_streams")
		const changes = 3
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

// A stream that the hub cannot serve from what it holds reads on by itself,
// and misses nothing.
func TestStreamsFallBehind(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serveWithin(t, db, httpapi.Options{}, httpapi.Limits{Held: 1})
		s.plant(2)
		first := s.listen("/v1/events")
		s.want(s.do("PATCH", task1, `{"title":"Before"}`), 200, "")
		before := first.next()
		back := s.listen("/v1/events", "Last-Event-ID", before.id)
		under := s.listen("/v1/events?key=T-E01-F01-001")
		const changes = 30
		for i := range changes {
			s.want(s.do("PATCH", task1, fmt.Sprintf(`{"title":"Title %d"}`, i)), 200, "")
			s.want(s.do("PATCH", task2, fmt.Sprintf(`{"title":"Other %d"}`, i)), 200, "")
		}
		for _, l := range []*listener{first, back, under} {
			for i := range changes {
				if e := l.next(); !strings.Contains(e.data, fmt.Sprintf("Title %d\"]", i)) {
					t.Fatalf("change %d is heard as %s", i, e.data)
				}
				if l == under {
					continue
				}
				if e := l.next(); !strings.Contains(e.data, fmt.Sprintf("Other %d\"]", i)) {
					t.Fatalf("change %d of the other task is heard as %s", i, e.data)
				}
			}
		}
	})
}

// Clients that ask for a long history and do not read it take little memory.
func TestSilentStreamsAreSmall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(1)
		mark := s.listen("/v1/events")
		s.want(s.do("PATCH", task1, `{"title":"Before"}`), 200, "")
		before := mark.next().id
		mark.leave()
		const changes, size = 60, 100 << 10
		ctx := plan.WithActor(t.Context(), plan.Actor{Name: "ann"})
		for i := range changes {
			text := fmt.Sprint(i, strings.Repeat("x", size))
			if _, err := s.plan.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{"T-E01-F01-001"}, Description: &text}); err != nil {
				t.Fatal(err)
			}
		}
		base := heap()
		for range 40 {
			c, err := net.Dial("tcp", s.addr)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			c.(*net.TCPConn).SetReadBuffer(1 << 10)
			fmt.Fprintf(c, "GET /v1/events HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: %s\r\n\r\n", before)
		}
		reader := s.listen("/v1/events", "Last-Event-ID", before)
		for range changes {
			reader.next()
		}
		if grown := heap() - base; grown > 100<<20 {
			t.Errorf("40 silent streams take %d MiB", grown>>20)
		}
	})
}

// heap returns how many bytes of memory are in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
