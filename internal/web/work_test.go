package web_test

import (
	"testing"

	"pm/internal/web/webtest"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// focusedOn is an expression that finds the focus on an item, which is in sight.
func focusedOn(key string) string {
	return `(() => { const e = document.activeElement, r = e.getBoundingClientRect(); return e.dataset.key === "` + key + `" && r.top >= 0 && r.bottom <= innerHeight; })()`
}

// Whoever works by keys has the focus where they are in every view, and after
// what they looked at is gone on what has come in its place.
func TestFocusGoesAlong(t *testing.T) {
	s := shop(t)
	for range 40 {
		s.do(t, "lead", "task create", `{"feature":"E03-F01","title":"More"}`)
	}
	b := s.open(t, "/inbox", 1280, 500)
	b.Wait(`document.querySelectorAll('[data-view="inbox"] [data-key]').length === 5`)
	b.Press("j")
	b.Wait(focusedOn("T-E01-F01-004"))
	webtest.Eval[chromedp.Void](b, `document.activeElement.querySelector("button").click()`)
	b.Wait(`!document.querySelector('[data-key="T-E01-F01-004"]')`)
	b.Press("j")
	b.Wait(focusedOn("T-E02-F01-003"))
	b.Press("g", "o")
	b.Wait(`document.querySelectorAll('[data-view="ops"] [data-key]').length > 40`)
	for range 30 {
		b.Press("j")
	}
	b.Wait(`(() => { const e = document.activeElement, r = e.getBoundingClientRect(); return e === document.querySelectorAll('[data-view="ops"] [data-key]')[29] && r.bottom <= innerHeight; })()`)
	b.Press("g", "g")
	b.Wait(`!!document.querySelector(".pm-node[tabindex]")`)
	b.Press("j")
	b.Wait(`document.activeElement.matches(".pm-node")`)
	at := webtest.Eval[string](b, `document.activeElement.dataset.key`)
	b.Press(kb.Enter)
	b.Wait(`location.pathname === "/task/` + at + `"`)
	b.Press("g", "b")
	b.Wait(in("todo", "T-E01-F01-001"))
	b.Press("c")
	b.Wait(`document.activeElement.ariaLabel === "Title"`)
	b.Do(chromedp.KeyEvent("Try this"))
	b.Press(kb.Enter)
	b.Wait(`!document.querySelector("dialog") && document.activeElement.innerText?.includes("Try this")`)
}

// Half a word is no mistake: what is wrong with a query is said once nothing more
// is typed, or Enter is pressed.
func TestHalfAQueryIsNoMistake(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/board", 1280, 800)
	b.Wait(in("todo", "T-E01-F01-001"))
	webtest.Eval[chromedp.Void](b, `(() => { window.said = 0; new MutationObserver(() => { if (document.querySelector("#mistake").innerText) window.said++; }).observe(document.querySelector("header"), { childList: true, subtree: true, characterData: true }); })()`)
	webtest.Eval[chromedp.Void](b, `(async () => {
		const box = document.querySelector("#filter"), set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
		for (const text of ["status:", "status:t", "status:tod", "status:todo"]) { set.call(box, text); box.dispatchEvent(new Event("input", { bubbles: true })); await new Promise(requestAnimationFrame); }
	})()`)
	b.Wait(`document.querySelectorAll("[data-key]").length === 2`)
	if n := webtest.Eval[int](b, `window.said`); n != 0 {
		t.Errorf("it said %d times that something is wrong", n)
	}
	b.Do(chromedp.SendKeys(chromedp.CSS("#filter"), "x"))
	b.Press(kb.Enter)
	b.Wait(`document.querySelector("#mistake").innerText.includes("did you mean")`)
}

// While a slider of past moments has the focus the keys of the page go on, and
// nothing that cannot be saved is begun.
func TestKeysBesideASlider(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/board", 1280, 800)
	b.Wait(in("todo", "T-E01-F01-001"))
	b.Press("t")
	b.Wait(`document.activeElement.id === "moment" && document.activeElement.max > 5`)
	b.Press("[")
	b.Wait(`location.search.startsWith("?as_of=")`)
	b.Press("c")
	b.Wait(toast("cannot change the past"))
	b.Press(kb.Escape)
	b.Wait(`location.search === "" && !document.querySelector(".past")`)
	s.stop()
	b.Wait(`!!document.querySelector(".banner")`)
	b.Press("j", "p")
	b.Wait(toast("offline"))
	if webtest.Eval[bool](b, `!!document.querySelector("dialog[open]")`) {
		t.Error("a priority can be chosen that cannot be saved")
	}
}

// A task that was created stands where its priority puts it, in sight and with the
// focus, however far down that is.
func TestNewTaskIsInSight(t *testing.T) {
	s := plant(t)
	for range 40 {
		s.do(t, "lead", "task create", `{"feature":"E01-F01","title":"More"}`)
	}
	b := s.open(t, "/board", 1280, 500)
	b.Wait(in("todo", "T-E01-F01-001"))
	b.Press("c")
	b.Wait(`document.activeElement.ariaLabel === "Title"`)
	b.Do(chromedp.KeyEvent("Far below"))
	b.Press(kb.Enter)
	b.Wait(`(() => { const e = document.activeElement, r = e.getBoundingClientRect(); return !document.querySelector("dialog") && e.matches(".card") && e.innerText.includes("Far below") && r.top >= 0 && r.bottom <= innerHeight; })()`)
}
