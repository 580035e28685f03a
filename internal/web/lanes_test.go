package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"pm/internal/web/webtest"
)

// The board in lanes is used by keys and by dragging, within a lane.
func TestLanes(t *testing.T) {
	s := plant(t)
	s.do(t, "lead", "epic create", `{"title":"Receipts"}`)
	s.do(t, "lead", "feature create", `{"epic":"E02","title":"By mail"}`)
	s.do(t, "lead", "task create-many", `{"tasks":[{"feature":"E02-F01","title":"Mail it","labels":["mail"]},{"feature":"E02-F01","title":"Number it","labels":["mail","paper"]}]}`)
	b := s.open(t, "/board", 1280, 800)
	b.Wait(in("todo", "T-E02-F01-001"))
	b.Press("v")
	b.Wait(`document.querySelector("dialog[open]")?.ariaLabel === "Lanes of the board"`)
	b.Press("e", "p", "i", "\r")
	b.Wait(`location.search === "?lanes=epic" && document.querySelectorAll("[data-lane]").length === 2`)
	lane := func(name, column, key string) string {
		return `!!document.querySelector('[data-lane="` + name + `"] [data-column="` + column + `"] [data-key="` + key + `"]:not(.saving)')`
	}
	b.Wait(lane("E01", "todo", "T-E01-F01-003") + ` && ` + lane("E02", "todo", "T-E02-F01-002"))
	b.Wait(`document.querySelector('[data-lane="E02"] h2').innerText.replace(/\s+/g, " ").trim() === "› E02 Receipts 2" && document.querySelector(".heads").innerText.includes("Todo\n4")`)

	b.Drag(`[data-key="T-E02-F01-001"]`, `[data-lane="E01"] [data-column="completed"]`) // another lane takes nothing
	b.Drag(`[data-key="T-E02-F01-001"]`, `[data-lane="E02"] [data-column="in_progress"]`)
	b.Wait(lane("E02", "in_progress", "T-E02-F01-001"))
	if task := s.task(t, "T-E02-F01-001"); task.Status != "in_progress" {
		t.Errorf("it is %s", task.Status)
	}

	focused := func(key string) { t.Helper(); b.Wait(`document.activeElement.dataset.key === "` + key + `"`) }
	b.Press(kb.Escape, kb.Home)
	focused("T-E01-F01-002")
	b.Press("h")
	focused("T-E01-F01-001")
	b.Press("j", "j")
	focused("T-E02-F01-002")
	b.Press("l")
	focused("T-E02-F01-001")
	b.Press("k")
	focused("T-E01-F01-002")
	b.Press("e")
	b.Wait(`document.activeElement.dataset.head === "lane:E01" && document.activeElement.ariaExpanded === "false" && !document.querySelector('[data-lane="E01"] [data-key]')`)
	b.Press("j")
	focused("T-E02-F01-002")
	b.Press("k", kb.Enter)
	b.Wait(`document.activeElement.dataset.key === "T-E01-F01-001"`)

	b.Do(chromedp.Navigate(s.url + "/board?lanes=label"))
	b.Wait(`[...document.querySelectorAll("[data-lane]")].map((l) => l.ariaLabel).join() === "mail,no label"`)
	b.Do(chromedp.Navigate(s.url + "/board?lanes=agent"))
	b.Wait(lane("ada", "in_progress", "T-E01-F01-002"))
}

// Ten thousand cards in lanes are no more nodes than a screen shows.
func TestLanesAreWindowed(t *testing.T) {
	s := newSite(t)
	for e := range 5 {
		s.do(t, "lead", "epic create", fmt.Sprintf(`{"title":"Epic %d"}`, e+1))
		s.do(t, "lead", "feature create", fmt.Sprintf(`{"epic":"E%02d","title":"Feature"}`, e+1))
		for range 4 {
			one := fmt.Sprintf(`{"feature":"E%02d-F01","title":"Work that is to be done","labels":["ui","api"]}`, e+1)
			s.do(t, "lead", "task create-many", `{"tasks":[`+strings.Repeat(one+",", 499)+one+`]}`)
		}
	}
	b := s.open(t, "/board?lanes=epic", 1280, 800)
	b.Wait(in("todo", "T-E01-F01-001"))
	few := func(where string) {
		t.Helper()
		if n := webtest.Eval[int](b, `document.querySelectorAll("*").length`); n > 2000 {
			t.Errorf("%s: %d nodes", where, n)
		}
	}
	few("at the top")
	b.Press(kb.Home, kb.End)
	b.Wait(`document.activeElement.dataset.key === "T-E05-F01-2000"`)
	few("at the end")
	b.Press("e", "k")
	b.Wait(`document.activeElement.dataset.key === "T-E04-F01-2000"`)
	few("beside a folded lane")
}
