package web_test

import (
	"strings"
	"testing"

	"pm/internal/tracker"
	"pm/internal/web/webtest"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A title that is cut off is whole in its tooltip; one that is not has none.
func TestWhatIsCutOffHasATooltip(t *testing.T) {
	s := odd(t)
	b := s.open(t, "/board", 1280, 800)
	b.Wait(in("todo", "T-E01-F01-001"))
	title := func(key string) string {
		return webtest.Eval[string](b, `(() => { const e = document.querySelector('[data-key="`+key+`"] p'); e.dispatchEvent(new PointerEvent("pointerover", { bubbles: true })); return e.title; })()`)
	}
	if got := title("T-E01-F01-001"); !strings.HasPrefix(got, "A title that does not end") || len(got) < 250 {
		t.Errorf("the tooltip is %q", got)
	}
	if got := title("T-E01-F01-005"); got != "" {
		t.Errorf("a short title has the tooltip %q", got)
	}
}

// Above the name of the first group there is no more blank on a phone than on a
// screen, and what a key moves to is whole.
func TestFirstGroupIsAtTheTop(t *testing.T) {
	s := plant(t)
	for _, width := range []int{1280, 360} {
		b := s.open(t, "/list", width, 300)
		b.Wait(`!!document.querySelector('[data-view="list"] [data-key]')`)
		const list = `document.querySelector('[data-view="list"]')`
		if blank := webtest.Eval[float64](b, list+`.querySelector(".head span").getBoundingClientRect().top - `+list+`.getBoundingClientRect().top`); blank < 4 || blank > 16 {
			t.Errorf("at %d there are %v pixels above the first group", width, blank)
		}
		const inSight = `(() => { const r = document.activeElement.getBoundingClientRect(), l = ` + list + `.getBoundingClientRect(); return !!document.activeElement.dataset.key && r.top >= l.top - 1 && r.bottom <= l.bottom + 1; })()`
		for _, k := range []string{"j", "j", "j", "j", "j", "j", "k", "k", "k", "k", "k"} {
			b.Press(k)
			b.Wait(inSight)
		}
	}
}

// A person who reads an error of the page is told commands, not routes.
func TestHintsOfThePageAreCommands(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/task/T-E09-F01-001", 1280, 800)
	b.Wait(`document.querySelector(".empty p")?.innerText.includes("pm tree")`)
}

// What is typed into the filter where nothing can be filtered leads to the list.
func TestFilterWhereNothingIsFiltered(t *testing.T) {
	s := plant(t)
	for _, path := range []string{"/ops", "/activity", "/trash", "/task/T-E01-F01-001"} {
		b := s.open(t, path, 1280, 800)
		b.Wait(`document.querySelector(".live")?.innerText === "live, saved"`)
		b.Press("/", "d", "i", "g", "i", "t", "s")
		b.Wait(`location.pathname === "/list" && location.search === "?q=digits" && document.querySelector("#filter").value === "digits" && document.querySelectorAll("[data-key]").length === 1`)
		webtest.Eval[chromedp.Void](b, `history.back()`)
		b.Wait(`location.pathname === "` + path + `"`)
	}
}

// A note that is being written outlives a look at another task, and goes to the
// task that it was written for.
func TestDraftsAreKept(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/board", 1280, 800)
	b.Wait(in("todo", "T-E01-F01-003"))
	peek := func(key string) {
		webtest.Eval[chromedp.Void](b, `document.querySelector('[data-key="`+key+`"]').click()`)
		b.Wait(`document.querySelector("aside.peek")?.ariaLabel === "` + key + `" && !!document.querySelector("aside.peek textarea")`)
	}
	peek("T-E01-F01-003")
	webtest.Eval[chromedp.Void](b, `document.querySelector("aside.peek textarea").focus()`)
	b.Do(chromedp.KeyEvent("half a note"))
	peek("T-E01-F01-001")
	b.Wait(`document.querySelector("aside.peek textarea").value === ""`)
	peek("T-E01-F01-003")
	b.Wait(`document.querySelector("aside.peek textarea").value === "half a note"`)
}

// A description that somebody else has changed meanwhile is not overwritten, and
// what was written is still there.
func TestDescriptionChangedMeanwhile(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/task/T-E01-F01-003", 1280, 800)
	b.Wait(`!!document.querySelector(".task .edit.faint:not(dd *)")`)
	webtest.Eval[chromedp.Void](b, `[...document.querySelectorAll(".task > .edit, .task .text button")].at(-1).click()`)
	b.Wait(`document.activeElement?.ariaLabel === "Description"`)
	b.Do(chromedp.KeyEvent("mine"))
	theirs := "theirs"
	if _, err := s.UpdateTask(as(t, "ada"), tracker.UpdateTask{Keys: []string{"T-E01-F01-003"}, Description: &theirs}); err != nil {
		t.Fatal(err)
	}
	b.Wait(`[...document.querySelectorAll(".log .field")].some((e) => e.innerText.includes("theirs"))`)
	webtest.Eval[chromedp.Void](b, `[...document.querySelectorAll(".text button")].find((e) => e.innerText === "Save").click()`)
	b.Wait(`document.querySelector(".toast.bad")?.innerText.includes("it was changed while you edited it")`)
	b.Wait(`document.querySelector("textarea[aria-label=Description]").value === "mine"`)
	if task := s.task(t, "T-E01-F01-003"); task.Description != theirs {
		t.Errorf("the description is %q", task.Description)
	}
}

// A card that is held at the edge of the board has the columns scroll by.
func TestDragToAColumnOutOfSight(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/board", 800, 700)
	b.Wait(in("todo", "T-E01-F01-003"))
	at := webtest.Eval[[]float64](b, `(() => { const r = document.querySelector('[data-key="T-E01-F01-003"]').getBoundingClientRect(); return [r.x + 40, r.y + 40]; })()`)
	mouse := func(what input.DispatchMouseEventType, x, y float64) {
		b.Do(chromedp.MouseEvent(what, x, y, chromedp.ButtonLeft, chromedp.ClickCount(1)))
	}
	mouse(input.DispatchMouseEventTypeMousePressed, at[0], at[1])
	mouse(input.DispatchMouseEventTypeMouseMoved, at[0]+40, at[1])
	mouse(input.DispatchMouseEventTypeMouseMoved, 780, 300)
	b.Wait(`document.querySelector('[data-column="completed"]').classList.contains("target")`)
	mouse(input.DispatchMouseEventTypeMouseReleased, 780, 300)
	b.Wait(in("completed", "T-E01-F01-003"))
	b.Press(kb.Escape)
}
