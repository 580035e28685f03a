package web_test

import (
	"testing"

	"pm/internal/tracker"
	"pm/internal/web/webtest"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// badNetwork makes each answer come 400 ms late and, of the next window.lost
// changes, loses the answer once the server has made the change. It keeps the
// streams of events in window.streams.
const badNetwork = `{
  window.lost = 0; window.streams = [];
  const send = window.fetch;
  window.fetch = async (path, how) => {
    const answer = await send(path, how);
    await new Promise((done) => setTimeout(done, 400));
    if (how?.method && how.method !== "GET" && window.lost > 0) { window.lost--; throw new TypeError("network error"); }
    return answer;
  };
  const Stream = window.EventSource;
  window.EventSource = class extends Stream { constructor(url) { super(url); window.streams.push(this); } };
}`

// titled counts the tasks with a title.
func (s *site) titled(t *testing.T, title string) (n int) {
	t.Helper()
	all, err := s.ListTasks(t.Context(), tracker.ListTasks{})
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range all.Items {
		if task.Title == title {
			n++
		}
	}
	return n
}

// On a slow network the page says what is being saved, and a change whose answer
// is lost is made once.
func TestSlowNetwork(t *testing.T) {
	const live = `document.querySelector("nav .live").innerText`
	s := plant(t)
	b := s.open(t, "/print/list", 1280, 800)
	b.Do(before(badNetwork), chromedp.Navigate(s.url+"/board"))
	b.Wait(in("todo", "T-E01-F01-003"))
	b.Wait(live + ` === "live, saved"`)
	b.Press("j", "j")
	b.Wait(focusedOn("T-E01-F01-003"))
	b.Do(chromedp.KeyEvent(kb.ArrowRight, chromedp.KeyModifiers(chromedp.ModifierShift)))
	b.Wait(live + ` === "saving" && !!document.querySelector('[data-column="in_progress"] .saving[data-key="T-E01-F01-003"]')`)
	b.Wait(live + ` === "live, saved" && ` + in("in_progress", "T-E01-F01-003"))
	for _, lost := range []string{"0", "2"} {
		title := "Saved once, " + lost + " answers lost"
		webtest.Eval[int](b, `window.lost = `+lost)
		b.Press("c")
		b.Wait(`document.activeElement.ariaLabel === "Title"`)
		b.Do(chromedp.KeyEvent(title))
		b.Press(kb.Enter, kb.Enter, kb.Enter)
		b.Wait(`!document.querySelector("dialog") && ` + live + ` === "live, saved" && window.lost === 0`)
		b.Wait(`document.body.innerText.includes("` + title + `") && !document.querySelector(".toast.bad")`)
		if n := s.titled(t, title); n != 1 {
			t.Errorf("with %s answers lost the task was created %d times", lost, n)
		}
	}
}

// What happens while the stream of events is down is shown once it is back.
func TestStreamOfEventsEnds(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/print/list", 1280, 800)
	b.Do(before(badNetwork), chromedp.Navigate(s.url+"/board"))
	b.Wait(in("todo", "T-E01-F01-003"))
	b.Wait(`window.streams.at(-1)?.readyState === EventSource.OPEN`)
	for _, step := range []struct{ verb, column string }{{"claim", "in_progress"}, {"submit", "ready_for_review"}, {"approve", "completed"}} {
		was := webtest.Eval[int](b, `(() => { const s = window.streams.at(-1); s.close(); s.dispatchEvent(new Event("error")); return window.streams.length; })()`)
		b.Wait(`document.querySelector("nav .live").innerText === "offline"`)
		s.do(t, "ada", "task "+step.verb, `{"keys":["T-E01-F01-003"]}`)
		b.Wait(in(step.column, "T-E01-F01-003"))
		b.Wait(`document.querySelector("nav .live").innerText === "live, saved"`)
		if now := webtest.Eval[int](b, `window.streams.length`); now != was+1 {
			t.Errorf("%d streams were opened for one that ended", now-was)
		}
	}
}

// Each view is reached by keys, and the focus goes to what is in it, which Enter opens.
func TestEveryViewByKeys(t *testing.T) {
	s := shop(t)
	b := s.open(t, "/board", 1280, 800)
	for _, v := range []struct{ letter, view, opens string }{
		{"b", "board", "/task/T-"}, {"l", "list", "/task/T-"}, {"t", "tree", ""}, {"a", "agents", "/task/T-"}, {"i", "inbox", "/task/T-"},
		{"g", "graph", "/task/T-"}, {"o", "ops", "/ops/"}, {"x", "trash", "/trash/E"},
	} {
		b.Press("g", v.letter)
		b.Wait(`!!document.querySelector('[data-view="` + v.view + `"] [data-key]')`)
		b.Press("j")
		b.Wait(`document.activeElement.closest('[data-view="` + v.view + `"]') && !!document.activeElement.dataset.key`)
		if v.opens != "" {
			b.Press(kb.Enter)
			b.Wait(`location.pathname.startsWith("` + v.opens + `")`)
		}
	}
	for letter, view := range map[string]string{"n": "insights", "h": "activity"} {
		b.Press("g", letter)
		b.Wait(`!!document.querySelector('[data-view="` + view + `"] :is(svg, .log)')`)
	}
	b.Press("t")
	b.Wait(`document.activeElement.id === "moment"`)
	b.Press(kb.Escape)
	b.Wait(`!document.querySelector("#moment")`)
}
