package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"

	"pm/internal/httpapi"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// A site is a server on the loopback with its plan.
type site struct {
	t      *testing.T
	plan   *tracker.Tracker
	addr   string
	server *httpapi.Server
	stop   context.CancelFunc // begins the end
	ended  chan error         // what Serve returned
}

// serve starts a server on db; it ends with the test, and leaves no goroutine.
func serve(t *testing.T, db *store.DB, o httpapi.Options) *site {
	t.Helper()
	return serveWithin(t, db, o, httpapi.Limits{})
}

// serveWithin is serve of a server with limits of its own.
func serveWithin(t *testing.T, db *store.DB, o httpapi.Options, l httpapi.Limits) *site {
	t.Helper()
	before := goleak.IgnoreCurrent()
	s := &site{t: t, plan: tracker.New(db), ended: make(chan error, 1)}
	o.Tracker, o.Version, o.Actor = s.plan, "test", plan.Actor{Name: "owner"}
	port, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = port.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.server = httpapi.NewWithin(o, l)
	go func() { s.ended <- s.server.Serve(ctx, port) }()
	t.Cleanup(func() {
		stop()
		if err := <-s.ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
		goleak.VerifyNone(t, before, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"), goleak.IgnoreTopFunction("database/sql.(*DB).connectionCleaner"),
			// A connection that the pool keeps has these, the second once a write of it was slow.
			goleak.IgnoreAnyFunction("github.com/jackc/pgx/v5/pgconn/internal/ctxwatch.(*ContextWatcher).Watch.func1"),
			goleak.IgnoreAnyFunction("github.com/jackc/pgx/v5/pgconn/internal/bgreader.(*BGReader).bgRead"))
	})
	return s
}

// A reply is an answer that was read to its end.
type reply struct {
	*http.Response
	text string
}

// do sends a request; headers are pairs of name and value.
func (s *site) do(method, path, body string, headers ...string) reply {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, "http://"+s.addr+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("X-PM-Agent", "a1")
	r.Header.Set("X-PM-Session", "s1")
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
		}
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return reply{resp, string(b)}
}

// want checks the status of a reply, and for a problem its members.
func (s *site) want(r reply, status int, code string) {
	s.t.Helper()
	if r.StatusCode != status {
		s.t.Errorf("%s %s: status %d, want %d: %s", r.Request.Method, r.Request.URL.Path, r.StatusCode, status, r.text)
		return
	}
	if status < 400 {
		return
	}
	var p httpapi.Problem
	if err := json.Unmarshal([]byte(r.text), &p); err != nil || r.Header.Get("Content-Type") != "application/problem+json" {
		s.t.Errorf("%s %s: %s is no problem", r.Request.Method, r.Request.URL.Path, r.text)
		return
	}
	if p.Status != status || p.Code != code || p.Title != http.StatusText(status) || p.Type != "urn:pm:"+code || p.Detail == "" || p.Kind == "" {
		s.t.Errorf("%s %s: the problem is %s, want %d %s", r.Request.Method, r.Request.URL.Path, r.text, status, code)
	}
}

// plant makes an epic, a feature and tasks.
func (s *site) plant(tasks int) {
	s.t.Helper()
	s.want(s.do("POST", "/v1/epics", `{"title":"Payments"}`), 201, "")
	s.want(s.do("POST", "/v1/features", `{"epic":"E01","title":"Cards"}`), 201, "")
	var batch bytes.Buffer
	for i := range tasks {
		if i > 0 {
			batch.WriteByte(',')
		}
		batch.WriteString(`{"feature":"E01-F01","title":"Task"}`)
	}
	if tasks > 0 {
		s.want(s.do("POST", "/v1/tasks/batch", `{"tasks":[`+batch.String()+`]}`), 201, "")
	}
}

// records returns how many records the history has.
func (s *site) records() int {
	s.t.Helper()
	all := 0
	log, err := s.plan.Log(plan.WithActor(context.Background(), plan.Actor{Name: "ann"}), tracker.Log{Limit: &all})
	if err != nil {
		s.t.Fatal(err)
	}
	return len(log.Items)
}

// unchanged returns what checks that nothing was recorded meanwhile.
func (s *site) unchanged() func() {
	before := s.records()
	return func() {
		s.t.Helper()
		if after := s.records(); after != before {
			s.t.Errorf("the history had %d records, and now has %d", before, after)
		}
	}
}
