package web_test

import (
	"testing"

	"pm/internal/web/webtest"

	"github.com/chromedp/chromedp"
)

// plant makes a small plan, in which each status occurs.
func plant(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	s.do(t, "lead", "epic create", `{"title":"Payments"}`)
	s.do(t, "lead", "feature create", `{"epic":"E01","title":"Card payments"}`)
	for _, title := range []string{"Refuse expired cards", "Check the digits", "Never log a card number", "Show the reason", "Refunds", "Collect the rules"} {
		s.do(t, "lead", "task create", `{"feature":"E01-F01","title":"`+title+`"}`)
	}
	s.do(t, "lead", "dep add", `{"task":"T-E01-F01-001","depends_on":["T-E01-F01-002"]}`)
	s.do(t, "ada", "task claim", `{"keys":["T-E01-F01-002"]}`)
	s.do(t, "ada", "task claim", `{"keys":["T-E01-F01-004"]}`)
	s.do(t, "ada", "task submit", `{"keys":["T-E01-F01-004"]}`)
	s.do(t, "lead", "task block", `{"keys":["T-E01-F01-005"],"reason":"no access"}`)
	s.do(t, "lead", "task complete", `{"keys":["T-E01-F01-006"]}`)
	return s
}

// The board shows the plan as it is, and follows what happens to it.
func TestBoardIsLive(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/", 1280, 800)
	for key, column := range map[string]string{"T-E01-F01-001": "todo", "T-E01-F01-002": "in_progress", "T-E01-F01-004": "ready_for_review",
		"T-E01-F01-005": "blocked", "T-E01-F01-006": "completed"} {
		b.Wait(in(column, key))
	}
	if at := webtest.Eval[string](b, `location.pathname`); at != "/board" {
		t.Errorf("/ leads to %s", at)
	}
	b.Wait(`document.querySelector('[data-key="T-E01-F01-001"]')?.innerText.includes("waits for 1")`)
	s.do(t, "ada", "task complete", `{"keys":["T-E01-F01-002"]}`)
	b.Wait(in("completed", "T-E01-F01-002"))
	b.Wait(`document.querySelector('[data-key="T-E01-F01-001"]')?.innerText.includes("waits") === false`)
	s.do(t, "ada", "task create", `{"feature":"E01-F01","title":"Another"}`)
	b.Wait(in("todo", "T-E01-F01-007"))
	s.do(t, "lead", "item delete", `{"key":"T-E01-F01-007"}`)
	b.Wait(`!document.querySelector('[data-key="T-E01-F01-007"]')`)
}

// The query is evaluated by the server; what is wrong with it is said beside it.
func TestFilter(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/board?q=is:open", 1280, 800)
	b.Wait(in("todo", "T-E01-F01-001"))
	b.Wait(`!document.querySelector('[data-key="T-E01-F01-006"]')`)
	b.Press("/")
	b.Wait(`document.activeElement.id === "filter"`)
	b.Press("\x1b") // clears it
	b.Wait(`location.search === "" && document.activeElement.id === "filter"`)
	b.Do(chromedp.SendKeys(chromedp.CSS("#filter"), "reason status:ready-for-review"))
	b.Wait(in("ready_for_review", "T-E01-F01-004"))
	b.Wait(`document.querySelectorAll('[data-key]').length === 1 && new URL(location).searchParams.get("q") === "reason status:ready-for-review"`)
	b.Do(chromedp.SendKeys(chromedp.CSS("#filter"), " status:nonsense"))
	b.Wait(`document.querySelector("#mistake").innerText.includes("nonsense")`)
}

// What a query finds is shown at once, though some of it is not among the live
// tasks and still to be read; archived tasks are in lists and on no board.
func TestFoundAtOnce(t *testing.T) {
	s := plant(t)
	s.do(t, "lead", "task archive", `{"keys":["T-E01-F01-001"]}`)
	b := s.open(t, "/board", 1280, 800)
	b.Wait(in("completed", "T-E01-F01-006") + ` && !document.querySelector('[data-key="T-E01-F01-001"]')`)
	webtest.Eval[bool](b, `(() => { const send = window.fetch, free = new Promise((done) => window.free = done); window.asked = 0;
		window.fetch = async (path, how) => { if (String(path).startsWith("/v1/replica?keys=")) { window.asked++; await free; } return send(path, how); }; return true; })()`)
	b.Press("/")
	b.Do(chromedp.SendKeys(chromedp.CSS("#filter"), "-status:todo"))
	b.Wait(`window.asked > 0 && ` + in("completed", "T-E01-F01-006") + ` && !document.querySelector('[data-column="todo"] [data-key]')`)
	webtest.Eval[bool](b, `(window.free(), true)`)
	cards := `document.querySelectorAll("[data-key]").length`
	b.Wait(`document.querySelector("header .num").innerText === ` + cards + ` + " found"`)
	b.Do(chromedp.Navigate(s.url + "/list?q=-status:todo"))
	b.Wait(`!!document.querySelector('[data-key="T-E01-F01-001"]') && document.querySelector("header .num").innerText === ` + cards + ` + " found"`)
}

// A board whose last task is archived says what to do next, as an empty one does.
func TestLastTaskIsArchived(t *testing.T) {
	s := newSite(t)
	s.do(t, "lead", "epic create", `{"title":"Payments"}`)
	s.do(t, "lead", "feature create", `{"epic":"E01","title":"Cards"}`)
	s.do(t, "lead", "task create", `{"feature":"E01-F01","title":"Work"}`)
	b := s.open(t, "/board", 1280, 800)
	b.Wait(in("todo", "T-E01-F01-001"))
	s.do(t, "lead", "task archive", `{"keys":["T-E01-F01-001"]}`)
	b.Wait(`!!document.querySelector('[data-view="board"] .empty')`)
}

// The tasks of a feature in the tree are in the order of the plan.
func TestOrder(t *testing.T) {
	s := plant(t)
	s.do(t, "lead", "task order", `{"key":"T-E01-F01-003","before":"T-E01-F01-001"}`)
	b := s.open(t, "/tree", 1280, 800)
	first := `[...document.querySelectorAll('[data-key^="T-"]')].filter((e) => /00[13]$/.test(e.dataset.key))[0]?.dataset.key === `
	b.Wait(`!!document.querySelector('[data-view="tree"] [data-key="E01-F01"]')`)
	b.Press("j", "j")
	b.Wait(`document.activeElement.dataset.key === "E01-F01"`)
	b.Press("l")
	b.Wait(first + `"T-E01-F01-003"`)
	s.do(t, "lead", "task order", `{"key":"T-E01-F01-003","after":"T-E01-F01-001"}`)
	b.Wait(first + `"T-E01-F01-001"`)
}

// Each view leads to the same tasks.
func TestViews(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/list", 1280, 800)
	b.Wait(`document.querySelectorAll('[data-view="list"] [data-key]').length === 6`)
	b.Press("g", "t")
	b.Wait(`!!document.querySelector('[data-view="tree"] [data-key="E01-F01"]')`)
	b.Press("j", "j")
	b.Wait(`document.activeElement.dataset.key === "E01-F01"`)
	b.Press("l")
	b.Wait(`document.querySelectorAll('[data-view="tree"] [data-key^="T-"]').length === 6`)
	b.Press("j")
	b.Wait(`document.activeElement.dataset.key === "T-E01-F01-001"`)
	b.Press("\r")
	b.Wait(`location.pathname === "/task/T-E01-F01-001" && document.querySelector('[data-view="task"] h2')?.innerText === "Refuse expired cards"`)
	s.do(t, "ada", "note add", `{"key":"T-E01-F01-001","body":"look at **cards.go**"}`)
	b.Wait(`document.querySelector('[data-view="task"] .note strong')?.innerText === "cards.go"`)
	b.Press("g", "i")
	b.Wait(`document.querySelectorAll('[data-view="inbox"] [data-key]').length === 2`)
	b.Press("g", "a")
	b.Wait(`!!document.querySelector('[data-view="agents"] [data-key="T-E01-F01-002"]')`)
	b.Press("g", "h")
	b.Wait(`document.querySelector('[data-view="activity"]')?.innerText.includes("no access")`)
}
