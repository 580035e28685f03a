package web_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pm/internal/web/webtest"

	"github.com/chromedp/chromedp"
)

// Who cannot see a list hears which of how many its rows are, also where there are
// heads between them and not all rows are in the document.
func TestRowsHaveTheirPlaces(t *testing.T) {
	s := plant(t)
	s.do(t, "lead", "feature create", `{"epic":"E01","title":"Receipts"}`)
	b := s.open(t, "/list", 1280, 800)
	b.Wait(`document.querySelectorAll('[data-view="list"] [data-key]').length === 6`)
	const places = `[...document.querySelectorAll("[aria-posinset]")].map((e) => e.dataset.key + " " + e.ariaPosInSet + "/" + e.ariaSetSize)`
	var at []string
	for _, row := range webtest.Eval[[]string](b, places) {
		_, place, _ := strings.Cut(row, " ")
		at = append(at, place)
	}
	if want := []string{"1/6", "2/6", "3/6", "4/6", "5/6", "6/6"}; !slices.Equal(at, want) {
		t.Errorf("the rows of the list are %v", at)
	}
	b.Do(chromedp.Navigate(s.url + "/tree"))
	b.Wait(`document.querySelectorAll('[data-view="tree"] [data-key]').length === 9`)
	rows := webtest.Eval[[]string](b, places)
	for _, want := range []string{"E01 1/1", "E01-F01 1/2", "T-E01-F01-001 1/6", "T-E01-F01-006 6/6", "E01-F02 2/2"} {
		if !slices.Contains(rows, want) {
			t.Errorf("no row of the tree is %s: %v", want, rows)
		}
	}
}

// Groups of the inbox and of the agents show their first rows, and lead to the rest.
func TestLongGroupsLeadToTheRest(t *testing.T) {
	s := plant(t)
	var many, keys []string
	for i := range 35 {
		many = append(many, fmt.Sprintf(`{"feature":"E01-F01","title":"More %d"}`, i))
		keys = append(keys, fmt.Sprintf(`"T-E01-F01-%03d"`, 7+i))
	}
	s.do(t, "lead", "task create-many", `{"tasks":[`+strings.Join(many, ",")+`]}`)
	s.do(t, "lead", "task block", `{"keys":[`+strings.Join(keys, ",")+`],"reason":"no access"}`)
	b := s.open(t, "/inbox", 1280, 800)
	b.Wait(`document.querySelector(".more a")?.innerText === "6 more"`)
	b.Do(chromedp.Click(chromedp.CSS(".more a")))
	b.Wait(`location.pathname === "/list" && document.querySelector('[data-view="list"] [role=list]')?.ariaLabel === "36 tasks"`)
}

// The inbox lists what was rejected twice, as soon as it was, beside what else is
// said of it, and the keys pass by each task once.
func TestRejectedTwice(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/inbox", 1280, 800)
	s.do(t, "lead", "task reject", `{"keys":["T-E01-F01-004"],"reason":"no tests"}`)
	b.Wait(`!!document.querySelector('[data-view="inbox"] [data-key="T-E01-F01-005"]') && !document.querySelector('[aria-label="Waiting for review"]')`)
	s.do(t, "ada", "task submit", `{"keys":["T-E01-F01-004"]}`)
	b.Wait(`document.querySelectorAll('[data-key="T-E01-F01-004"]').length === 1`)
	s.do(t, "lead", "task reject", `{"keys":["T-E01-F01-004"],"reason":"no tests"}`)
	b.Wait(`document.querySelector('[aria-label="Rejected twice or more"] [data-key="T-E01-F01-004"]')?.innerText.includes("ada")`)
	s.do(t, "ada", "task submit", `{"keys":["T-E01-F01-004"]}`)
	b.Wait(`document.querySelectorAll('[data-key="T-E01-F01-004"]').length === 2`)
	b.Press("j", "j", "j")
	b.Wait(`document.activeElement.dataset.key === "T-E01-F01-005"`)
	s.do(t, "lead", "task approve", `{"keys":["T-E01-F01-004"]}`)
	b.Wait(`!document.querySelector('[aria-label="Rejected twice or more"]')`)
}

// The side counts what the inbox has: questions and tasks, each once.
func TestInboxIsCounted(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/inbox", 1280, 800)
	counted := func() {
		t.Helper()
		b.Wait(`Number(document.querySelector('nav a[href="/inbox"] b')?.innerText ?? 0) === document.querySelectorAll('.asked').length + new Set([...document.querySelectorAll('[data-view="inbox"] [data-key]')].map((e) => e.dataset.key)).size`)
	}
	b.Wait(`!!document.querySelector('[data-view="inbox"] [data-key="T-E01-F01-004"]')`)
	counted()
	s.do(t, "ada", "question ask", `{"key":"T-E01-F01-001","body":"Which form?"}`)
	b.Wait(`!!document.querySelector(".asked")`)
	counted()
	s.do(t, "lead", "task update", `{"keys":["T-E01-F01-004"],"due":"yesterday"}`)
	b.Wait(`document.querySelectorAll('[data-key="T-E01-F01-004"]').length === 2`)
	counted()
	s.do(t, "lead", "question answer", `{"key":"T-E01-F01-001","n":1,"answer":"Both"}`)
	b.Wait(`!document.querySelector(".asked")`)
	counted()
	b.Wait(onceAtATime)
}

// onceAtATime is true if the page did not ask for one thing twice at once.
const onceAtATime = `(() => { const read = performance.getEntriesByType("resource").filter((e) => /\/v1\/(questions|replica\/keys)/.test(e.name));
	return read.length > 1 && !read.some((a) => read.some((b) => a !== b && a.name === b.name && a.startTime <= b.startTime && b.startTime < a.responseEnd)); })()`

// The agents' view tells of claims that were lost, and of what a silent agent did
// last, however much others did since.
func TestClaimsLost(t *testing.T) {
	s := plant(t)
	s.do(t, "bob", "task claim", `{"keys":["T-E01-F01-003"]}`)
	s.do(t, "lead", "task release", `{"keys":["T-E01-F01-003"],"force":true,"reason":"bob is gone"}`)
	s.do(t, "eve", "task claim", `{"keys":["T-E01-F01-003"]}`)
	for i := range 205 {
		s.do(t, "ada", "task update", fmt.Sprintf(`{"keys":["T-E01-F01-005"],"title":"Refunds %d"}`, i))
	}
	b := s.open(t, "/agents", 1280, 800)
	b.Wait(`document.querySelector('[data-key="T-E01-F01-003"] .last')?.innerText.startsWith("T-E01-F01-003: in progress")`)
	s.do(t, "lead", "task release", `{"keys":["T-E01-F01-003"],"force":true,"reason":"eve is gone"}`)
	b.Wait(`document.querySelector('[aria-label="Claims lost"] .row')?.innerText.replace(/\s+/g, " ").includes("eve T-E01-F01-003 Never log a card number released by lead")`)
}

// Whether all is saved is always in sight, however many epics there are.
func TestSavedIsInSight(t *testing.T) {
	s := plant(t)
	for range 25 {
		s.do(t, "lead", "epic create", `{"title":"One of many"}`)
	}
	b := s.open(t, "/board", 1280, 700)
	b.Wait(`document.querySelectorAll("nav h2 ~ a").length > 25`)
	b.Wait(`(() => { const e = document.querySelector("nav:not(.tabs) .live"), r = e.getBoundingClientRect(); return e.contains(document.elementFromPoint(r.x + 12, r.y + r.height / 2)) && r.bottom <= innerHeight; })()`)
}

// A task leads to the graph of what it waits for, and of what waits for it.
func TestATaskLeadsToItsGraph(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/task/T-E01-F01-001", 1280, 800)
	b.Wait(`!!document.querySelector('.actions [href^="/graph"]')`)
	webtest.Eval[chromedp.Void](b, `document.querySelector('.actions [href^="/graph"]').click()`)
	b.Wait(`location.pathname === "/graph" && document.querySelectorAll(".pm-node").length === 2`)
}
