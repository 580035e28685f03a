// Package webtest opens pages of pm in a Chromium, for tests.
package webtest

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// How long one step may take, and how long something is waited for.
const (
	slowest = 60 * time.Second
	patient = 15 * time.Second
)

// browser is the one Chromium of all tests of a process.
var browser struct {
	once sync.Once
	ctx  context.Context
	stop func()
	err  error
}

// Stop ends the browser, for a TestMain.
func Stop() {
	if browser.stop != nil {
		browser.stop()
	}
}

func executable() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
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

// A Tab is a page of the browser. What goes wrong in it fails the test.
type Tab struct {
	testing.TB
	Context context.Context
	Close   context.CancelFunc // closes it before the test's end

	mu  sync.Mutex
	bad []string // what the page complained of
}

// Open opens an address in a new tab of a size in pixels. Without a browser the
// test is skipped, or fails if PM_TEST_REQUIRE holds the word chromium.
func Open(t testing.TB, url string, width, height int) *Tab {
	t.Helper()
	return open(t, url, width, height)
}

// OpenApart is Open in a browser of its own: it shares no cookies, no storage
// and no stream of changes with the others.
func OpenApart(t testing.TB, url string, width, height int) *Tab {
	t.Helper()
	return open(t, url, width, height, chromedp.WithNewBrowserContext())
}

func open(t testing.TB, url string, width, height int, o ...chromedp.ContextOption) *Tab {
	t.Helper()
	browser.once.Do(startBrowser)
	if browser.err != nil || browser.ctx == nil {
		if slices.Contains(strings.Split(os.Getenv("PM_TEST_REQUIRE"), ","), "chromium") {
			t.Fatalf("no Chromium: %v", browser.err)
		}
		t.Skipf("no Chromium here, in which the page is tested: apt-get install chromium (%v)", browser.err)
	}
	ctx, cancel := chromedp.NewContext(browser.ctx, o...)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // the tab lives as long as the context of this first run
		t.Fatal(err)
	}
	b := &Tab{TB: t, Context: ctx, Close: cancel}
	b.Do(chromedp.EmulateViewport(int64(width), int64(height)))
	b.listen()
	b.Do(chromedp.Navigate(url))
	return b
}

// For is the tab for a part of its test.
func (b *Tab) For(t testing.TB) *Tab { return &Tab{TB: t, Context: b.Context, Close: b.Close} }

// listen keeps what goes wrong in the page, which fails the test at its end.
func (b *Tab) listen() {
	err := chromedp.Listen(b.Context, func(e any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		if e, is := e.(*runtime.EventExceptionThrown); is {
			b.bad = append(b.bad, e.ExceptionDetails.Text+" "+describe(e.ExceptionDetails.Exception))
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, text := range b.bad {
			b.Errorf("the page threw: %s", text)
		}
	})
}

func describe(o *runtime.RemoteObject) string {
	if o == nil {
		return ""
	}
	return o.Description
}

// Do runs steps, each of which must succeed.
func (b *Tab) Do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context, slowest)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.Fatalf("%v\nthe page: %s", err, b.Text())
	}
}

// Text is the beginning of what the page says, for a test that fails.
func (b *Tab) Text() string {
	ctx, cancel := context.WithTimeout(b.Context, 2*time.Second)
	defer cancel()
	s, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText.slice(0, 1500)`))
	return s
}

// Wait waits until an expression holds in the page. One that reads what is not there
// yet does not hold.
func (b *Tab) Wait(expression string) {
	b.Helper()
	poll := "(() => { try { return (" + expression + ") } catch (e) { if (e instanceof TypeError) return false; throw e } })()"
	ctx, cancel := context.WithTimeout(b.Context, slowest)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.Poll[bool](poll, chromedp.WithPollingTimeout(patient)))
	if err != nil && strings.Contains(err.Error(), "Cannot find context") { // the page was just being replaced by another
		_, err = chromedp.Run(ctx, chromedp.Poll[bool](poll, chromedp.WithPollingTimeout(patient)))
	}
	if err != nil {
		b.Fatalf("waiting for %s: %v\nthe page: %s", expression, err, b.Text())
	}
}

// Eval returns the value of an expression, or that of its promise.
func Eval[T any](b *Tab, expression string) T {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context, slowest)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%s: %v", expression, err)
	}
	return v
}

// Press presses keys, one after the other.
func (b *Tab) Press(keys ...string) {
	b.Helper()
	for _, k := range keys {
		b.Do(chromedp.KeyEvent(k))
	}
}

// Drag drags the middle of one element to the middle of another.
func (b *Tab) Drag(from, to string) {
	b.Helper()
	b.Lift(from, to)
	b.Drop(to)
}

// Lift drags the middle of one element to the middle of another, and holds it there.
func (b *Tab) Lift(from, to string) {
	b.Helper()
	x0, y0 := b.middle(from)
	x1, y1 := b.middle(to)
	b.Do(chromedp.MouseEvent(input.DispatchMouseEventTypeMousePressed, x0, y0, chromedp.ButtonLeft, chromedp.ClickCount(1)),
		chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x0+20, y0+5, chromedp.ButtonLeft),
		chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x1, y1, chromedp.ButtonLeft))
}

// Drop lets go what is dragged, over the middle of an element.
func (b *Tab) Drop(over string) {
	b.Helper()
	x, y := b.middle(over)
	b.Do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseReleased, x, y, chromedp.ButtonLeft, chromedp.ClickCount(1)))
}

func (b *Tab) middle(selector string) (x, y float64) {
	b.Helper()
	at := Eval[[]float64](b, `(() => { const r = document.querySelector('`+selector+`').getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()`)
	return at[0], at[1]
}
