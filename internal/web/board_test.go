package web_test

import (
	"testing"

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
		b.wait(in(column, key))
	}
	if at := eval[string](b, `location.pathname`); at != "/board" {
		t.Errorf("/ leads to %s", at)
	}
	b.wait(`document.querySelector('[data-key="T-E01-F01-001"]')?.innerText.includes("waits for 1")`)
	s.do(t, "ada", "task complete", `{"keys":["T-E01-F01-002"]}`)
	b.wait(in("completed", "T-E01-F01-002"))
	b.wait(`document.querySelector('[data-key="T-E01-F01-001"]')?.innerText.includes("waits") === false`)
	s.do(t, "ada", "task create", `{"feature":"E01-F01","title":"Another"}`)
	b.wait(in("todo", "T-E01-F01-007"))
	s.do(t, "lead", "item delete", `{"key":"T-E01-F01-007"}`)
	b.wait(`!document.querySelector('[data-key="T-E01-F01-007"]')`)
}

// The query is evaluated by the server; what is wrong with it is said beside it.
func TestFilter(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/board?q=is:open", 1280, 800)
	b.wait(in("todo", "T-E01-F01-001"))
	b.wait(`!document.querySelector('[data-key="T-E01-F01-006"]')`)
	b.press("/")
	b.wait(`document.activeElement.id === "filter"`)
	b.press("\x1b") // clears it
	b.wait(`location.search === "" && document.activeElement.id === "filter"`)
	b.do(chromedp.SendKeys(chromedp.CSS("#filter"), "reason status:ready-for-review"))
	b.wait(in("ready_for_review", "T-E01-F01-004"))
	b.wait(`document.querySelectorAll('[data-key]').length === 1 && new URL(location).searchParams.get("q") === "reason status:ready-for-review"`)
	b.do(chromedp.SendKeys(chromedp.CSS("#filter"), " status:nonsense"))
	b.wait(`document.querySelector("#mistake").innerText.includes("nonsense")`)
}

// Each view leads to the same tasks.
func TestViews(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/list", 1280, 800)
	b.wait(`document.querySelectorAll('[data-view="list"] [data-key]').length === 6`)
	b.press("g", "t")
	b.wait(`!!document.querySelector('[data-view="tree"] [data-key="E01-F01"]')`)
	b.press("j", "j")
	b.wait(`document.activeElement.dataset.key === "E01-F01"`)
	b.press("l")
	b.wait(`document.querySelectorAll('[data-view="tree"] [data-key^="T-"]').length === 6`)
	b.press("j")
	b.wait(`document.activeElement.dataset.key === "T-E01-F01-001"`)
	b.press("\r")
	b.wait(`location.pathname === "/task/T-E01-F01-001" && document.querySelector('[data-view="task"] h2')?.innerText === "Refuse expired cards"`)
	s.do(t, "ada", "note add", `{"key":"T-E01-F01-001","body":"look at **cards.go**"}`)
	b.wait(`document.querySelector('[data-view="task"] .note strong')?.innerText === "cards.go"`)
	b.press("g", "i")
	b.wait(`document.querySelectorAll('[data-view="inbox"] [data-key]').length === 2`)
	b.press("g", "a")
	b.wait(`!!document.querySelector('[data-view="agents"] [data-key="T-E01-F01-002"]')`)
	b.press("g", "h")
	b.wait(`document.querySelector('[data-view="activity"]')?.innerText.includes("no access")`)
}
