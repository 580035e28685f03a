package httpapi_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"pm/internal/httpapi"
	"pm/internal/store"
	"pm/internal/store/storetest"
)

// Clients that send their bodies slowly keep nobody out.
func TestSlowBodies(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serveWithin(t, db, httpapi.Options{}, httpapi.Limits{Requests: 1})
		s.plant(1)
		for range 50 {
			c, err := net.Dial("tcp", s.addr)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			fmt.Fprintf(c, "POST /v1/epics HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
		}
		for range 50 {
			s.want(s.do("GET", "/readyz", ""), 200, "")
			s.want(s.do("GET", task1, ""), 200, "")
		}
	})
}

// Bodies that come in at the same time share a budget.
func TestBodiesShareMemory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serveWithin(t, db, httpapi.Options{}, httpapi.Limits{Bodies: 64 << 10})
		s.want(s.do("POST", "/v1/epics", `{"title":"Small"}`), 201, "")
		s.want(s.do("POST", "/v1/epics", `{"title":"`+strings.Repeat("x", 100<<10)+`"}`), 503, "too_many_requests")
		s.want(s.do("POST", "/v1/epics", `{"title":"Small again"}`), 201, "")
		s.want(s.do("GET", "/readyz", ""), 200, "")
	})
}

// Whoever waits for a task waits beside the requests.
func TestWaitsTakeNoSlot(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serveWithin(t, db, httpapi.Options{}, httpapi.Limits{Requests: 1, Waits: 3})
		s.plant(0)
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		for range 3 {
			r, err := http.NewRequestWithContext(ctx, "POST", "http://"+s.addr+"/v1/tasks/next", strings.NewReader(`{"wait":"1h"}`))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/json")
			before := s.server.Waiting()
			go func() {
				if resp, err := http.DefaultClient.Do(r); err == nil {
					resp.Body.Close()
				}
			}()
			for s.server.Waiting() == before {
				runtime.Gosched()
			}
		}
		s.want(s.do("GET", "/v1/epics/E01", ""), 200, "")
		s.want(s.do("POST", "/v1/tasks/next", `{"wait":"1h"}`), 503, "too_many_requests")
		s.want(s.do("POST", "/v1/tasks/next", ""), 200, "")
	})
}
