package web_test

import (
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pm/internal/httpapi"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
	"pm/internal/web"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

func TestMain(m *testing.M) {
	code := storetest.Main(m)
	if browser.stop != nil {
		browser.stop()
	}
	os.Exit(code)
}

// A site is a server of pm with a plan.
type site struct {
	*tracker.Tracker
	url  string
	stop func()
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
	server := httpapi.New(httpapi.Options{Tracker: s.Tracker, Actor: plan.Actor{Name: "lead"},
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

// browser is the one Chromium of all tests.
var browser struct {
	once sync.Once
	ctx  context.Context
	stop func()
	err  error
}

func executable() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// A tab is a page of the browser.
type tab struct {
	t   testing.TB
	ctx context.Context
	url string
	mu  sync.Mutex
	bad []string // what the page complained of
}

// open opens a page of the site in a new tab. Without a browser the test is
// skipped, or fails if PM_TEST_REQUIRE holds the word chromium.
func (s *site) open(t testing.TB, path string, width, height int) *tab {
	t.Helper()
	browser.once.Do(startBrowser)
	if browser.err != nil || browser.ctx == nil {
		if slices.Contains(strings.Split(os.Getenv("PM_TEST_REQUIRE"), ","), "chromium") {
			t.Fatalf("no Chromium: %v", browser.err)
		}
		t.Skipf("no Chromium here, in which the page is tested: apt-get install chromium (%v)", browser.err)
	}
	ctx, cancel := chromedp.NewContext(browser.ctx)
	ctx, late := context.WithTimeout(ctx, 60*time.Second)
	t.Cleanup(func() { late(); cancel() })
	b := &tab{t: t, ctx: ctx, url: s.url}
	b.do(chromedp.EmulateViewport(int64(width), int64(height)))
	b.listen()
	b.do(chromedp.Navigate(s.url + path))
	return b
}

func startBrowser() {
	path := executable()
	if path == "" {
		return
	}
	alloc, stop := chromedp.NewExecAllocator(context.Background(), chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("font-render-hinting", "none"), chromedp.Flag("force-color-profile", "srgb"), chromedp.Flag("hide-scrollbars", true))
	ctx, cancel := chromedp.NewContext(alloc)
	browser.stop = func() { cancel(); stop() }
	if browser.err = chromedp.Do(ctx); browser.err == nil {
		browser.ctx = ctx
	}
}

// listen keeps what goes wrong in the page, which fails the test at its end.
func (b *tab) listen() {
	err := chromedp.Listen(b.ctx, func(e any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch e := e.(type) {
		case *runtime.EventExceptionThrown:
			b.bad = append(b.bad, e.ExceptionDetails.Text+" "+describe(e.ExceptionDetails.Exception))
		}
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, text := range b.bad {
			b.t.Errorf("the page threw: %s", text)
		}
	})
}

func describe(o *runtime.RemoteObject) string {
	if o == nil {
		return ""
	}
	return o.Description
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatalf("%v\nthe page: %s", err, b.text())
	}
}

// text is what the page says, for a test that fails.
func (b *tab) text() string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.ctx), 2*time.Second)
	defer cancel()
	s, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText.slice(0, 1500)`))
	return s
}

// wait waits until an expression holds in the page.
func (b *tab) wait(expression string) {
	b.t.Helper()
	_, err := chromedp.Run(b.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(15*time.Second)))
	if err != nil && strings.Contains(err.Error(), "Cannot find context") { // the page was just being replaced by another
		_, err = chromedp.Run(b.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(15*time.Second)))
	}
	if err != nil {
		b.t.Fatalf("waiting for %s: %v\nthe page: %s", expression, err, b.text())
	}
}

// eval returns the value of an expression.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// press presses keys, one after the other.
func (b *tab) press(keys ...string) {
	b.t.Helper()
	for _, k := range keys {
		b.do(chromedp.KeyEvent(k))
	}
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
