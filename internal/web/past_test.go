package web_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"pm/internal/plan"
	"pm/internal/web/webtest"
)

// A past moment is chosen by keys, the slider and its address; every view shows
// it, nothing of it can be changed, and Escape goes back to now.
func TestPastMoment(t *testing.T) {
	s := plant(t)
	past := s.claimed(t)
	s.do(t, "lead", "task update", `{"keys":["T-E01-F01-003"],"title":"Another title","description":"Another text"}`)
	b := s.open(t, "/board?as_of="+past, 1280, 800)
	b.Wait(in("todo", "T-E01-F01-004"))
	b.Wait(in("todo", "T-E01-F01-006") + ` && ` + in("in_progress", "T-E01-F01-002"))
	b.Wait(`document.querySelector(".past.then b").innerText.startsWith("As of") && document.querySelector(".past").innerText.includes("task claim T-E01-F01-002")`)
	b.Wait(`document.querySelector('[data-key="T-E01-F01-003"]').innerText.includes("Never log a card number")`)
	b.Drag(`[data-key="T-E01-F01-004"]`, `[data-column="completed"]`)
	b.Wait(toast("cannot change the past"))
	b.Press("j", "s")
	b.Wait(`document.querySelectorAll(".toast.bad").length === 2 && !document.querySelector("dialog")`)
	s.do(t, "ada", "task complete", `{"keys":["T-E01-F01-003"]}`) // of now
	b.Press("]")                                                  // ada claimed another one
	b.Wait(in("in_progress", "T-E01-F01-004") + ` && ` + in("todo", "T-E01-F01-003"))
	b.Press("[")
	b.Wait(in("todo", "T-E01-F01-004"))
	for _, v := range []look{{"list", "l", `document.querySelector('[data-view="list"]').innerText.includes("Never log a card number")`}, {"tree", "t", `!!document.querySelector('[data-view="tree"] [data-key="E01"]')`},
		{"activity", "h", `document.querySelector('[data-view="activity"]').innerText.includes("ada") && !document.querySelector('[data-view="activity"]').innerText.includes("no access")`},
		{"insights", "n", `document.querySelector('[data-view="insights"] .tiles')?.innerText.includes("0 finished") && document.querySelector('[data-view="insights"] .picture').innerText.includes("0 of 6 done")`},
		{"graph", "g", `document.querySelectorAll('[data-view="graph"] .picture [data-key]').length === 2`}} {
		b.Press("g", v.path)
		b.Wait(`!!document.querySelector('[data-view="` + v.name + `"]') && location.search === "?as_of=` + past + `"`)
		b.Wait(v.there)
	}
	b.Do(chromedp.Navigate(s.url + "/task/T-E01-F01-003?as_of=" + past))
	b.Wait(`document.querySelector('[data-view="task"] h2')?.innerText === "Never log a card number" && !document.querySelector('[data-view="task"]').innerText.includes("Another")`)
	b.Wait(`document.querySelector('[aria-label="New note"]').disabled && document.querySelector("h2 .edit").ariaDisabled === "true"`)
	b.Press(kb.Escape)
	b.Wait(`location.search === "" && !document.querySelector(".past") && document.querySelector('[data-view="task"] h2')?.innerText === "Another title"`)
}

// The slider and the date choose a moment; what is no moment is told.
func TestSlider(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/board", 1280, 800)
	b.Wait(in("completed", "T-E01-F01-006"))
	b.Press("t")
	b.Wait(`document.activeElement.id === "moment" && document.querySelector(".past b").innerText === "Now" && Number(document.activeElement.max) > 10 && document.activeElement.value === document.activeElement.max`)
	b.Press(kb.ArrowLeft)
	b.Wait(`location.search.startsWith("?as_of=")`)
	b.Wait(in("todo", "T-E01-F01-006"))
	b.Press(kb.Home)
	b.Wait(`document.querySelectorAll("[data-column] [data-key]").length === 0`)
	b.Press(kb.End)
	b.Wait(`location.search === "" && ` + in("completed", "T-E01-F01-006"))
	webtest.Eval[chromedp.Void](b, `(() => { const d = document.querySelector('.past [type="datetime-local"]'); d.value = "2020-01-01T10:00"; d.dispatchEvent(new Event("change", { bubbles: true })); })()`)
	b.Wait(`location.search.startsWith("?as_of=2020-01-01T") && document.querySelector(".past b").innerText.includes("2020") && document.querySelectorAll("[data-column] [data-key]").length === 0`)
	b.Press(kb.Escape)
	b.Wait(`location.search === "" && ` + in("completed", "T-E01-F01-006"))
	b.Do(chromedp.Navigate(s.url + "/board?as_of=nonsense"))
	b.Wait(`document.querySelector(".past").innerText.includes("invalid as_of") && document.querySelector(".empty").innerText.includes("monday")`)
	b.Wait(`Number(document.querySelector("#moment").max) > 10`)
	b.Press("[")
	b.Wait(`!document.querySelector(".empty")`)
}

// What a past moment lacks is told beside the slider, and on the page to print.
func TestPastMomentWithoutItsTrash(t *testing.T) {
	s := plant(t)
	past := s.claimed(t)
	s.do(t, "lead", "item delete", `{"key":"T-E01-F01-001"}`)
	b := s.open(t, "/board?as_of="+past, 1280, 800)
	b.Wait(in("todo", "T-E01-F01-004") + ` && !document.querySelector(".past .lacks")`)
	s.do(t, "lead", "trash empty", `{}`)
	b.Do(chromedp.Navigate(s.url + "/list?as_of=" + past))
	b.Wait(`document.querySelector(".past .lacks")?.innerText.startsWith("the trash was emptied on ")`)
	b.Press(kb.Escape)
	b.Wait(`location.search === "" && !document.querySelector(".past")`)
	b.Press("t")
	b.Wait(`!!document.querySelector(".past") && !document.querySelector(".past .lacks")`)
	if text := body(t, s.get(t, "/print/list?as_of="+past)); !strings.Contains(text, "<p>Warning: the trash was emptied on ") {
		t.Error(text)
	}
	if text := body(t, s.get(t, "/print/list")); strings.Contains(text, "Warning") {
		t.Error(text)
	}
}

// Whoever may only look, or may not decide, sees what they cannot do, and why.
func TestRolesInThePage(t *testing.T) {
	s := plant(t)
	s.do(t, "ada", "item delete", `{"key":"T-E01-F01-001"}`)
	role := func(role string) *webtest.Tab {
		b := s.openAs(t, role, "/board")
		b.Wait(in("todo", "T-E01-F01-003"))
		return b
	}
	b := role("read")
	b.Wait(`document.querySelector("nav .me").innerText === "rita, read-only" && document.querySelector("header .go").ariaDisabled === "true"`)
	b.Drag(`[data-key="T-E01-F01-003"]`, `[data-column="completed"]`)
	b.Wait(toast("read-only"))
	b.Press("c", "?")
	b.Wait(`document.querySelector("aside.help").innerText.replace(/\s+/g, " ").includes("New task read-only: your token does not allow changes") && !document.querySelector("dialog")`)

	b = role("work")
	b.Press("g", "x")
	b.Wait(`document.querySelector('[data-view="trash"] [data-key] button')?.ariaDisabled === "true"`)
	webtest.Eval[chromedp.Void](b, `document.querySelector('[data-view="trash"] [data-key] button').click()`)
	b.Wait(toast("only a lead may do this"))
	b.Press("g", "b")
	b.Wait(in("todo", "T-E01-F01-003"))
	b.Drag(`[data-key="T-E01-F01-003"]`, `[data-column="completed"]`)
	b.Wait(in("completed", "T-E01-F01-003"))
	b.Press("z")
	b.Wait(in("todo", "T-E01-F01-003"))
	if task := s.task(t, "T-E01-F01-003"); task.Status != plan.Todo {
		t.Errorf("it is %s", task.Status)
	}
}
