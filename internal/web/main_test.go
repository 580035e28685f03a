package web_test

import (
	"context"
	"net"
	"net/http"
	"os"
	"sync"
	"testing"

	"pm/internal/httpapi"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
	"pm/internal/web"
	"pm/internal/web/webtest"

	"github.com/chromedp/chromedp"
)

func TestMain(m *testing.M) {
	code := storetest.Main(m)
	webtest.Stop()
	os.Exit(code)
}

// A site is a server of pm with a plan.
type site struct {
	*tracker.Tracker
	url  string
	stop func()

	tokens httpapi.Tokens // none: nobody is asked
}

// newSite serves a new plan.
func newSite(t *testing.T) *site {
	t.Helper()
	database, err := store.Open(t.Context(), storetest.SQLite(t), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{Tracker: tracker.New(database)}
	s.serve(t, "127.0.0.1:0")
	t.Cleanup(func() { s.stop(); database.Close() })
	return s
}

// serve begins to answer at an address.
func (s *site) serve(t *testing.T, address string) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	s.url = "http://" + l.Addr().String()
	server := httpapi.New(httpapi.Options{Tracker: s.Tracker, Actor: plan.Actor{Name: "lead"}, Tokens: s.tokens,
		Web: web.New(web.Options{Tracker: s.Tracker, Project: "Online shop", Version: "test"}).Routes()})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { server.Serve(ctx, l); close(ended) }()
	s.stop = sync.OnceFunc(func() { cancel(); <-ended })
}

func (s *site) get(t *testing.T, path string) *http.Response {
	t.Helper()
	r, err := http.Get(s.url + path)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// as is a context in which an agent acts.
func as(t *testing.T, agent string) context.Context {
	return plan.WithActor(t.Context(), plan.Actor{Name: agent, Surface: "cli"})
}

// do runs an operation, which must succeed.
func (s *site) do(t *testing.T, agent, name, args string) any {
	t.Helper()
	op, ok := ops.Find(name)
	if !ok {
		t.Fatalf("no operation %q", name)
	}
	in := op.NewInput()
	given, err := ops.ParseArguments([]byte(args))
	if err == nil {
		err = ops.Decode(in, given)
	}
	if err != nil {
		t.Fatalf("%s %s: %v", name, args, err)
	}
	out, err := op.Call(as(t, agent), s.Tracker, in)
	if err != nil {
		t.Fatalf("%s %s: %v", name, args, err)
	}
	return out
}

// open opens a page of the site in a new tab.
func (s *site) open(t testing.TB, path string, width, height int) *webtest.Tab {
	t.Helper()
	return webtest.Open(t, s.url+path, width, height)
}

// openAs opens a page for rita, who has signed in with a role.
func (s *site) openAs(t *testing.T, role, path string) *webtest.Tab {
	t.Helper()
	const secret = "0123456789abcdef"
	tokens, err := httpapi.ParseTokens("rita " + secret + " " + role)
	if err != nil {
		t.Fatal(err)
	}
	other := &site{Tracker: s.Tracker, tokens: tokens}
	other.serve(t, "127.0.0.1:0")
	t.Cleanup(func() { other.stop() })
	b := webtest.OpenApart(t, other.url+path, 1280, 800)
	b.Wait(`!!document.querySelector("form input")`)
	webtest.Eval[bool](b, `fetch("/sign-in", {method: "POST", body: JSON.stringify({token: "`+secret+`"})}).then((r) => r.ok)`)
	b.Do(chromedp.Navigate(other.url + path))
	return b
}

// in is an expression that finds a task in a column.
func in(column, key string) string {
	return `!!document.querySelector('[data-column="` + column + `"] [data-key="` + key + `"]:not(.saving)')`
}

// task returns a task as it is stored.
func (s *site) task(t *testing.T, key string) plan.Task {
	t.Helper()
	task, err := s.ShowTask(t.Context(), tracker.ShowTask{Key: key})
	if err != nil {
		t.Fatal(err)
	}
	return task
}
