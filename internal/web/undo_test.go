package web_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"pm/internal/plan"
	"pm/internal/tracker"
	"pm/internal/web/webtest"
)

// toast is an expression that finds a message with a text in it.
func toast(text string) string {
	return `[...document.querySelectorAll(".toast")].some((t) => t.innerText.includes("` + text + `"))`
}

// Each change is told, with the button that takes it back: of one task and of
// many, by a drag, a label, a note, a line of a checklist.
func TestEachChangeCanBeUndoneWhereItIsTold(t *testing.T) {
	s := plant(t)
	s.do(t, "lead", "check add", `{"key":"T-E01-F01-003","checks":["it is told"]}`)
	b := s.open(t, "/board", 1280, 800)
	b.Wait(in("todo", "T-E01-F01-003"))
	undo := func(told, undone string) {
		t.Helper()
		b.Wait(toast(told))
		webtest.Eval[chromedp.Void](b, `[...document.querySelectorAll(".toast")].findLast((t) => t.innerText.includes("`+told+`")).querySelector("button").click()`)
		b.Wait(toast("undid " + undone))
		b.Wait(`!` + toast(told))
	}
	b.Drag(`[data-key="T-E01-F01-003"]`, `[data-column="completed"]`)
	undo("T-E01-F01-003: Completed", "task complete T-E01-F01-003, by lead")
	b.Wait(in("todo", "T-E01-F01-003"))

	b.Do(chromedp.Navigate(s.url + "/list"))
	b.Wait(`document.querySelectorAll('[data-view="list"] [data-key]').length === 6`)
	b.Press("j", "x", "j", "x", "l")
	b.Wait(`!!document.querySelector("dialog[open]")`)
	b.Press("u", "i", "\r")
	undo("2 tasks: label ui", "label add")
	b.Wait(`!document.querySelector(".row .tag")`)

	b.Do(chromedp.Navigate(s.url + "/task/T-E01-F01-003"))
	b.Wait(`!!document.querySelector(".check input")`)
	b.Do(chromedp.Click(chromedp.CSS(".check input")))
	undo("ticked line 1", "check tick T-E01-F01-003")
	b.Wait(`document.querySelector(".check input")?.checked === false`)
	b.Do(chromedp.SendKeys(chromedp.CSS(`[aria-label="New note"]`), "look here"), chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	undo("T-E01-F01-003: note added", "note add T-E01-F01-003")
	b.Wait(`!document.querySelector(".note")`)
	if task := s.task(t, "T-E01-F01-003"); task.Status != plan.Todo || len(task.Labels) != 0 || task.Checks[0].Done {
		t.Errorf("it is %+v", task)
	}
}

// The page for operations is used by keys alone: what one changed, what its undo
// would change, what is in the way and whose it is, and the rest.
func TestOperationsByKeys(t *testing.T) {
	s := plant(t)
	s.do(t, "ada", "task update", `{"keys":["T-E01-F01-003"],"title":"Never log one","priority":1}`)
	s.do(t, "bob", "task update", `{"keys":["T-E01-F01-003"],"priority":3}`)
	b := s.open(t, "/board", 1280, 800)
	b.Wait(in("todo", "T-E01-F01-003"))
	b.Press("g", "o")
	b.Wait(`document.querySelectorAll('[data-view="ops"] [data-key]').length > 10`)
	b.Wait(`document.querySelector('[data-view="ops"] [data-key]').innerText.includes("bob")`)
	b.Press("j", "j", kb.Enter)
	b.Wait(`/^.ops.[0-9a-f-]{36}$/.test(location.pathname) && document.querySelector('[data-view="op"] .changes')?.innerText.includes("Never log a card number")`)
	b.Press("u")
	b.Wait(`document.querySelector("dialog .conflicts")?.innerText.includes("T-E01-F01-003 priority: changed again by bob")`)
	b.Wait(`document.querySelector("dialog .changes")?.innerText.includes("Never log a card number")`)
	b.Wait(`document.activeElement.innerText === "Undo the rest"`)
	b.Press(kb.Enter)
	b.Wait(`!document.querySelector("dialog") && ` + toast("undid task update T-E01-F01-003, by ada"))
	if task := s.task(t, "T-E01-F01-003"); task.Title != "Never log a card number" || task.Priority != 3 {
		t.Errorf("it is %q with priority %d", task.Title, task.Priority)
	}
	b.Wait(`[...document.querySelectorAll(".actions button")].some((e) => e.innerText === "Redo")`)
	b.Press("u")
	b.Wait(`document.querySelector("dialog h2")?.innerText.startsWith("Redo") && document.activeElement.innerText === "Redo"`)
	b.Press(kb.Enter)
	b.Wait(toast("redid"))
	if task := s.task(t, "T-E01-F01-003"); task.Title != "Never log one" {
		t.Errorf("redone it is %q", task.Title)
	}
}

// Somebody's change is in the way of one's own undo: it is named, and nothing is
// changed before one says so. The activity leads there, too.
func TestUndoInTheWay(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/board", 1280, 800)
	b.Wait(in("todo", "T-E01-F01-003"))
	b.Press("j", "j", "p")
	b.Wait(`!!document.querySelector("dialog[open]")`)
	b.Press("1", "\r")
	b.Wait(toast("priority 1"))
	s.do(t, "bob", "task update", `{"keys":["T-E01-F01-003"],"priority":9}`)
	b.Wait(`document.querySelector('[data-key="T-E01-F01-003"] .pri').title === "priority 9"`)
	b.Press("z")
	b.Wait(`document.querySelector("dialog .conflicts")?.innerText.includes("by bob") && document.querySelector("dialog .btn.go").ariaDisabled === "true"`)
	b.Press(kb.Escape, "g", "h")
	b.Wait(`document.querySelector('[data-view="activity"] .do button')?.innerText === "Undo"`)
	webtest.Eval[chromedp.Void](b, `document.querySelector('[data-view="activity"] .do button').click()`)
	b.Wait(`document.querySelector("dialog h2")?.innerText === "Undo: task update T-E01-F01-003" && document.querySelector("dialog").innerText.includes("by bob")`)
}

// What is deleted is found, shown and restored by keys, and deleted for good
// only after a question.
func TestTrashByKeys(t *testing.T) {
	s := plant(t)
	s.do(t, "ada", "task create", `{"feature":"E01-F01","title":"Not needed"}`)
	s.do(t, "ada", "item delete", `{"key":"T-E01-F01-007"}`)
	s.do(t, "lead", "feature create", `{"epic":"E01","title":"Vouchers"}`)
	s.do(t, "lead", "task create", `{"feature":"E01-F02","title":"Print a voucher"}`)
	s.do(t, "lead", "item delete", `{"key":"E01-F02"}`)
	b := s.open(t, "/board", 1280, 800)
	b.Wait(in("todo", "T-E01-F01-003"))
	b.Press("g", "x")
	b.Wait(`document.querySelectorAll('[data-view="trash"] [data-key]').length === 2`)
	b.Press("j", kb.Enter)
	b.Wait(`location.pathname === "/trash/E01-F02" && document.querySelector('[data-view="trashed"]').innerText.includes("Print a voucher")`)
	b.Press("r")
	b.Wait(`location.pathname === "/trash" && document.querySelectorAll('[data-view="trash"] [data-key]').length === 1`)
	if task := s.task(t, "T-E01-F02-001"); task.Title != "Print a voucher" {
		t.Errorf("restored it is %q", task.Title)
	}
	b.Press("E")
	b.Wait(`document.querySelector("dialog h2")?.innerText === "Delete 1 item for good?" && document.activeElement.innerText === "Cancel"`)
	b.Press(kb.Enter)
	b.Wait(`!document.querySelector("dialog") && document.querySelectorAll('[data-view="trash"] [data-key]').length === 1`)
	b.Press("E")
	b.Wait(`!!document.querySelector("dialog[open]")`)
	webtest.Eval[chromedp.Void](b, `document.querySelector("dialog .danger").click()`)
	b.Wait(`document.querySelector('[data-view="trash"] .empty')?.innerText.includes("pm delete T-E01-F01-002")`)
}

// Who may undo only the last change of their own is offered no older one, and
// the button on what was undone brings it back.
func TestWorkersUndoTheLastOfTheirOwn(t *testing.T) {
	s := plant(t)
	b := s.openAs(t, "work", "/board")
	b.Wait(in("todo", "T-E01-F01-003"))
	button := func(told, word string) string {
		return `[...document.querySelectorAll(".toast")].findLast((t) => t.innerText.includes("` + told + `")).querySelector("button").innerText.startsWith("` + word + `")`
	}
	press := func(told string) {
		webtest.Eval[chromedp.Void](b, `[...document.querySelectorAll(".toast")].findLast((t) => t.innerText.includes("`+told+`")).querySelector("button").click()`)
	}
	b.Press("j", "j", "p")
	b.Wait(`!!document.querySelector("dialog[open]")`)
	b.Press("2", "\r")
	b.Wait(toast("priority 2"))
	b.Press("p")
	b.Wait(`!!document.querySelector("dialog[open]")`)
	b.Press("3", "\r")
	b.Wait(toast("priority 3") + ` && ` + toast("priority 2"))
	b.Wait(button("priority 3", "Undo") + ` && !` + button("priority 2", "Undo"))
	press("priority 3")
	b.Wait(toast("undid task update") + ` && ` + button("undid task update", "Redo"))
	press("undid task update")
	b.Wait(toast("redid"))
	if task := s.task(t, "T-E01-F01-003"); task.Priority != 3 {
		t.Errorf("it has priority %d", task.Priority)
	}
}

// Earlier operations are all there, also those of the same second.
func TestEarlierOperations(t *testing.T) {
	s := plant(t)
	for range 130 {
		s.do(t, "ada", "note add", `{"key":"T-E01-F01-003","body":"seen"}`)
	}
	all := len(s.do(t, "lead", "ops list", `{"limit":1000}`).(tracker.Operations).Items)
	b := s.open(t, "/ops", 1280, 800)
	b.Wait(`document.querySelectorAll('[data-view="ops"] [data-key]').length === 100`)
	webtest.Eval[chromedp.Void](b, `document.querySelector('[data-view="ops"] .tools button').click()`)
	b.Wait(fmt.Sprintf(`document.querySelectorAll('[data-view="ops"] [data-key]').length === %d`, all))
	s.do(t, "ada", "note add", `{"key":"T-E01-F01-003","body":"once more"}`)
	b.Wait(fmt.Sprintf(`document.querySelectorAll('[data-view="ops"] [data-key]').length === %d`, all+1))
}
