package mcp

import (
	"context"
	"encoding/json"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// seen is a server whose tool hands over who calls it.
func seen() (*Server, chan Caller) {
	callers := make(chan Caller, 100)
	return New(Options{Tools: []Tool{{Name: "who", Annotations: &ToolAnnotations{},
		Call: func(_ context.Context, from Caller, _ json.RawMessage) (*ToolResult, error) {
			callers <- from
			return text("seen"), nil
		}}}}), callers
}

// begin begins a session over HTTP.
func begin(t *testing.T, s *Server, name string) string {
	t.Helper()
	w := post(s, "POST", strings.Replace(strings.SplitAfter(hello, "\n")[0], "tester", name, 1))
	if w.Code != 200 || w.Header().Get(headerSession) == "" {
		t.Fatalf("initialize is answered with %d, session %q", w.Code, w.Header().Get(headerSession))
	}
	return w.Header().Get(headerSession)
}

func whoIn(t *testing.T, s *Server, callers chan Caller, headers ...string) Caller {
	t.Helper()
	if w := post(s, "POST", request(1, "tools/call", `{"name":"who"}`), headers...); w.Code != 200 {
		t.Fatalf("the call is answered with %d: %s", w.Code, w.Body)
	}
	return <-callers
}

func TestSessionsOverHTTP(t *testing.T) {
	s, first := seen()
	one, two := begin(t, s, "tester"), begin(t, s, "tester")
	if one == two {
		t.Fatal("two sessions have one id")
	}
	from := whoIn(t, s, first, headerSession, one)
	if from.Session != one || from.Client == nil || from.Client.Name != "tester" || from.Alive.Err() != nil {
		t.Errorf("the call is from %+v", from)
	}
	if other := whoIn(t, s, first, headerSession, two, headerVersion, "2025-06-18"); other.Session != two {
		t.Errorf("the call is from %+v", other)
	}
	if none := whoIn(t, s, first); none.Session != "" || none.Client != nil || none.Alive != nil {
		t.Errorf("without an id the call is from %+v", none)
	}

	// The session outlives the server, and ends when its client says so.
	restarted, callers := seen()
	if again := whoIn(t, restarted, callers, headerSession, one); again.Session != one || again.Client.Name != "tester" {
		t.Errorf("after a restart the call is from %+v", again)
	}
	if w := post(s, "DELETE", "", headerSession, one); w.Code != 204 {
		t.Errorf("the end is answered with %d", w.Code)
	}
	if from.Alive.Err() == nil {
		t.Error("the session lives after its end")
	}
	for _, id := range []string{one, "x", "x.y", strings.Repeat("A", 26) + ".!"} {
		if w := post(s, "POST", request(1, "tools/call", `{"name":"who"}`), headerSession, id); w.Code != 404 {
			t.Errorf("the session %q is answered with %d", id, w.Code)
		}
	}
	if w := post(s, "DELETE", "", headerSession, "x"); w.Code != 404 {
		t.Errorf("the end of no session is answered with %d", w.Code)
	}

	// The latest revision has no sessions: an id is passed over.
	params := `{"name":"who",` + inMeta + `}`
	w := post(s, "POST", request(1, "tools/call", params), headerVersion, latest, headerMethod, "tools/call", headerName, "who", headerSession, one)
	if w.Code != 200 {
		t.Fatalf("in the latest revision the call is answered with %d", w.Code)
	}
	if from := <-first; from.Session != "" || from.Alive != nil {
		t.Errorf("in the latest revision the call is from %+v", from)
	}
}

// A session over HTTP ends when it was not heard of for a while, and not while
// it has a request; a request brings it back to life.
func TestIdleSessionsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, callers := seen()
		defer s.Close()
		id := begin(t, s, "tester")
		from := whoIn(t, s, callers, headerSession, id)
		time.Sleep(sessionIdle - time.Second)
		if again := whoIn(t, s, callers, headerSession, id); again.Alive != from.Alive {
			t.Error("the session lives twice")
		}
		time.Sleep(sessionIdle - time.Second)
		if from.Alive.Err() != nil {
			t.Error("the session ended too early")
		}
		time.Sleep(2 * time.Second)
		if from.Alive.Err() == nil {
			t.Error("the session did not end")
		}
		if again := whoIn(t, s, callers, headerSession, id); again.Alive.Err() != nil {
			t.Error("the session does not come back")
		}
	})
}

// A client over HTTP that gives up says so in another request of its session.
func TestCancelOverHTTP(t *testing.T) {
	w := newWorld()
	s := w.server()
	mine, other := begin(t, s, "a"), begin(t, s, "b")
	answered := make(chan int)
	go func() {
		answered <- post(s, "POST", request(7, "tools/call", `{"name":"wait"}`), headerSession, mine).Code
	}()
	<-w.begun
	cancel := `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}`
	for _, headers := range [][]string{nil, {headerSession, other}, {headerSession, mine}} {
		select {
		case <-w.ended:
			t.Error("another session cancelled the call")
		default:
		}
		if r := post(s, "POST", cancel, headers...); r.Code != 202 {
			t.Errorf("the notification is answered with %d", r.Code)
		}
	}
	<-w.ended
	<-answered
}

// A client that hangs up, or closes its end, is gone, in every revision.
func TestTheClientIsGone(t *testing.T) {
	for _, revision := range append(revisions(), "") {
		gone := make(chan Caller, 1)
		s := New(Options{Tools: []Tool{{Name: "wait", Annotations: &ToolAnnotations{},
			Call: func(_ context.Context, from Caller, _ json.RawMessage) (*ToolResult, error) {
				gone <- from
				<-from.Gone.Done()
				return text("gone"), nil
			}}}})
		params := `{"name":"wait"}`
		if isLatest(revision) {
			params = `{"name":"wait",` + inMeta + `}`
		}
		ctx, hangUp := context.WithCancel(t.Context())
		r := httptest.NewRequestWithContext(ctx, "POST", "/mcp", strings.NewReader(request(1, "tools/call", params)))
		for name, value := range map[string]string{"Content-Type": "application/json", "Accept": "*/*", headerVersion: revision, headerMethod: "tools/call", headerName: "wait"} {
			if r.Header.Set(name, value); value == "" {
				r.Header.Del(name)
			}
		}
		done := make(chan struct{})
		go func() { s.ServeHTTP(httptest.NewRecorder(), r); close(done) }()
		<-gone
		hangUp()
		<-done

		in, client := io.Pipe()
		go func() {
			first := hello
			if isLatest(revision) {
				first = ""
			}
			io.WriteString(client, first+request(1, "tools/call", params))
			<-gone
			client.Close()
		}()
		var out strings.Builder
		if err := s.ServeLines(t.Context(), in, &out); err != nil || !strings.Contains(out.String(), `"text":"gone"`) {
			t.Errorf("%s: %v, %s", revision, err, out.String())
		}
	}
}

// All calls on a connection of lines are of one session, others' are not.
func TestAConnectionIsASession(t *testing.T) {
	s, callers := seen()
	ids := map[string]int{}
	for range 2 {
		converse(t, s, hello+request(1, "tools/call", `{"name":"who"}`)+request(2, "tools/call", `{"name":"who",`+inMeta+`}`))
		for range 2 {
			from := <-callers
			if ids[from.Session]++; from.Session == "" {
				t.Error("a call has no session")
			}
		}
	}
	if len(ids) != 2 {
		t.Errorf("two connections have the sessions %v", ids)
	}
}
