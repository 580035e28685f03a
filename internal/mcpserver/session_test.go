package mcpserver_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pm/internal/mcpserver"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// stranger is a server whose actor is its client, as pm mcp is without a name.
func stranger(db *store.DB) mcpserver.Options {
	o := options(db)
	o.Actor = plan.Actor{Session: "of the environment"}
	return o
}

// must calls a tool that must not fail.
func must(t *testing.T, s *mcp.ClientSession, tool string, args map[string]any) string {
	t.Helper()
	text, isError := call(t, s, tool, args)
	if isError {
		t.Fatalf("%s %v: %s", tool, args, text)
	}
	return text
}

// refusedWith calls a tool that must fail in that way.
func refusedWith(t *testing.T, s *mcp.ClientSession, code string, tool string, args map[string]any) {
	t.Helper()
	if text, isError := call(t, s, tool, args); !isError || !strings.HasPrefix(text, code+":") {
		t.Errorf("%s %v: got %q, want %s", tool, args, text, code)
	}
}

func verb(name, key string) map[string]any {
	return map[string]any{"verb": name, "keys": []string{key}}
}

// Two clients of one name are two sessions: over lines each connection, over
// HTTP each handshake.
func TestTwoClientsOfOneName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := plant(t, db)
		h := httptest.NewServer(mcpserver.New(stranger(db)))
		t.Cleanup(h.Close)
		for over, client := range map[string]func() *mcp.ClientSession{
			"lines": func() *mcp.ClientSession { return connect(t, stranger(db)) },
			"HTTP":  func() *mcp.ClientSession { return overHTTP(t, h.URL, "2025-11-25") },
		} {
			a, b := client(), client()
			var next tracker.NextTask
			if err := json.Unmarshal([]byte(must(t, a, "next", map[string]any{"claim": true})), &next); err != nil || next.Task == nil || next.ClaimToken != "" {
				t.Fatalf("%s: %+v, %v", over, next, err)
			}
			k := next.Task.Key.String()
			if next.Task.AssignedAgent != "tester" || next.Task.Session == "" || strings.Contains(next.Task.Session, "environment") {
				t.Errorf("%s: it is held by %s", over, next.Task.Holder())
			}
			refusedWith(t, b, "conflict held", "task_status", verb("submit", k))
			refusedWith(t, b, "conflict held", "note", map[string]any{"key": k, "body": "half done", "release": true})
			if text := must(t, b, "list", map[string]any{"mine": true}); text != "other sessions of yours hold 1 more" {
				t.Errorf("%s: mine is %q", over, text)
			}
			if text := must(t, a, "list", map[string]any{"mine": true}); !strings.HasPrefix(text, k+" in_progress") || strings.Contains(text, "\n") {
				t.Errorf("%s: mine is %q", over, text)
			}
			take := verb("claim", k)
			take["take_over"] = true
			if text := must(t, b, "task_status", take); !strings.Contains(text, k+" taken over from ") {
				t.Errorf("%s: taking over is answered with %q", over, text)
			}
			refusedWith(t, a, "conflict lease_lost", "task_status", verb("submit", k))
			must(t, b, "task_status", verb("release", k))
		}
		if log, err := p.Log(t.Context(), tracker.Log{Key: "T-E01-F01-001"}); err != nil || log.Items[0].Session == "" {
			t.Errorf("the history has %+v, %v", log.Items, err)
		}
	})
}

// overHTTP returns a client of a server that is reached over HTTP.
func overHTTP(t *testing.T, url, revision string) *mcp.ClientSession {
	t.Helper()
	return hearHTTP(t, url, revision, nil)
}

// Where the protocol has no sessions a claim answers a token, which later
// calls on the task carry.
func TestClaimTokens(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		plant(t, db)
		h := httptest.NewServer(mcpserver.New(stranger(db)))
		t.Cleanup(h.Close)
		a := overHTTP(t, h.URL, "2026-07-28")
		b := overHTTP(t, h.URL, "2026-07-28")
		var next tracker.NextTask
		if err := json.Unmarshal([]byte(must(t, a, "next", map[string]any{"claim": true})), &next); err != nil || !plan.IsSecret(next.ClaimToken) {
			t.Fatalf("next answers %+v, %v", next, err)
		}
		k := next.Task.Key.String()
		with := func(args map[string]any, token string) map[string]any {
			args["claim_token"] = token
			return args
		}
		for _, s := range []*mcp.ClientSession{a, b} {
			refusedWith(t, s, "conflict held", "task_status", verb("submit", k))
			refusedWith(t, s, "conflict held", "task_status", with(verb("submit", k), plan.NewSecret()))
			refusedWith(t, s, "invalid bad_claim_token", "task_status", with(verb("submit", k), next.Task.Session))
		}
		must(t, a, "note", with(map[string]any{"key": k, "body": "found it"}, next.ClaimToken))
		if text := must(t, a, "list", with(map[string]any{"mine": true}, next.ClaimToken)); !strings.HasPrefix(text, k) {
			t.Errorf("mine is %q", text)
		}
		must(t, a, "task_status", with(verb("release", k), next.ClaimToken))
		text := must(t, b, "task_status", verb("claim", k))
		token := text[strings.Index(text, "claim_token=")+len("claim_token="):]
		token, _, _ = strings.Cut(token, ":")
		if !plan.IsSecret(token) || token == next.ClaimToken {
			t.Errorf("claim answers %q", text)
		}
		refusedWith(t, a, "conflict lease_lost", "task_status", with(verb("submit", k), next.ClaimToken))
		must(t, b, "task_status", with(verb("submit", k), token))
	})
}

// A client that leaves while it waits for a task gets none: what became ready
// later used to be held by nobody alive.
func TestAWaitEndsWithItsClient(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := plant(t, db)
		ctx := plan.WithActor(t.Context(), plan.Actor{Name: "ann"})
		if _, err := p.Block(ctx, tracker.ChangeStatus{Keys: []string{"T-E01-F01-001"}, Reason: "later"}); err != nil {
			t.Fatal(err)
		}
		wait := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"next","arguments":{"claim":true,"wait":"1h"}}}` + "\n"
		answers := converse(t, options(db), hello+wait)
		if len(answers["1"]) != 1 || !strings.Contains(answers["1"][0], "client_gone") {
			t.Errorf("the wait is answered with %v", answers["1"])
		}
		s := mcpserver.New(options(db))
		for _, revision := range []string{"2025-11-25", "2025-03-26", "2026-07-28"} {
			hungUp := make(chan struct{})
			request, hangUp := context.WithCancel(t.Context())
			r := httptest.NewRequestWithContext(request, "POST", "/mcp", io.NopCloser(strings.NewReader(wait)))
			if revision == "2026-07-28" {
				meta := `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}},`
				r.Body = io.NopCloser(strings.NewReader(strings.Replace(wait, `"name":"next"`, meta+`"name":"next"`, 1)))
			}
			for name, value := range map[string]string{"Content-Type": "application/json", "Accept": "*/*", "Mcp-Protocol-Version": revision, "Mcp-Method": "tools/call", "Mcp-Name": "next"} {
				r.Header.Set(name, value)
			}
			w := httptest.NewRecorder()
			go func() { s.ServeHTTP(w, r); close(hungUp) }()
			hangUp()
			<-hungUp
			if !strings.Contains(w.Body.String(), "client_gone") {
				t.Errorf("%s: the wait is answered with %s", revision, w.Body)
			}
		}
		if _, err := p.Unblock(ctx, tracker.ChangeStatus{Keys: []string{"T-E01-F01-001"}}); err != nil {
			t.Fatal(err)
		}
		if item, err := p.ShowTask(ctx, tracker.ShowTask{Key: "T-E01-F01-001"}); err != nil || item.Status != plan.Todo {
			t.Errorf("it is %s, %v", item.Status, err)
		}
	})
}

// While a session lives its leases are renewed; after its end they are not.
func TestLeasesLiveWithTheSession(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := plant(t, db)
		ctx := plan.WithActor(t.Context(), plan.Actor{Name: "ann"})
		until := func() time.Time {
			task, err := p.ShowTask(ctx, tracker.ShowTask{Key: "T-E01-F01-001"})
			if err != nil || task.LeaseUntil == nil {
				t.Fatalf("it is %+v, %v", task, err)
			}
			return *task.LeaseUntil
		}
		server := mcpserver.New(stranger(db))
		h := httptest.NewServer(server)
		t.Cleanup(h.Close)
		s := overHTTP(t, h.URL, "2025-11-25")
		must(t, s, "next", map[string]any{"claim": true, "lease": "1s"})
		for first := until(); !until().After(first); { // by itself
		}
		s.Close()
		server.Close()
		for { // it runs out
			next, err := p.Next(ctx, tracker.Next{Claim: true})
			if err != nil {
				t.Fatal(err)
			}
			if next.Task != nil {
				if next.TakenOver == nil || !strings.HasPrefix(next.TakenOver.From, "tester (session ") {
					t.Errorf("it was taken over from %+v", next.TakenOver)
				}
				return
			}
		}
	})
}
