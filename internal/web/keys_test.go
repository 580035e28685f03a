package web_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"

	"pm/internal/web/webtest"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A task goes over the board by keys, with the focus on it, and the history
// says who did it and where.
func TestMoveByKeys(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/board", 1280, 800)
	b.Wait(in("todo", "T-E01-F01-003"))
	b.Press("j", "j")
	b.Wait(`document.activeElement.dataset.key === "T-E01-F01-003"`)
	b.Do(chromedp.KeyEvent(kb.ArrowRight, chromedp.KeyModifiers(chromedp.ModifierShift)))
	b.Wait(in("in_progress", "T-E01-F01-003"))
	b.Wait(`document.activeElement.dataset.key === "T-E01-F01-003"`)
	b.Wait(`document.querySelector("[role=status]").innerText === "T-E01-F01-003: In progress"`)
	task := s.task(t, "T-E01-F01-003")
	if task.Status != "in_progress" || task.AssignedAgent != "lead" {
		t.Errorf("it is %s, held by %q", task.Status, task.AssignedAgent)
	}
	b.Press("p")
	b.Wait(`document.querySelector("dialog[open]")?.ariaLabel === "Priority of T-E01-F01-003"`)
	b.Press("1", "\r")
	b.Wait(`!document.querySelector("dialog") && document.querySelector('[data-key="T-E01-F01-003"] .pri').title === "priority 1"`)
	b.Press(" ")
	b.Wait(`document.querySelector("aside.peek h2")?.innerText === "Never log a card number"`)
	b.Press(kb.Escape)
	b.Wait(`!document.querySelector("aside.peek")`)
	b.Do(chromedp.KeyEvent("k", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	b.Wait(`document.querySelector("dialog[open]")?.ariaLabel === "Commands"`)
	b.Press(kb.Escape)
	b.Press("?")
	b.Wait(`!!document.querySelector("aside.help")`)
}

// z takes back what was changed last, and Z brings it back.
func TestUndoByKeys(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/board", 1280, 800)
	b.Wait(in("todo", "T-E01-F01-003"))
	b.Drag(`[data-key="T-E01-F01-003"]`, `[data-column="completed"]`)
	b.Wait(in("completed", "T-E01-F01-003"))
	b.Press("z")
	b.Wait(in("todo", "T-E01-F01-003"))
	b.Press("Z")
	b.Wait(in("completed", "T-E01-F01-003"))
}

// Where the project has stages they are the columns, and a task goes on by being submitted.
func TestStages(t *testing.T) {
	s := newSite(t)
	s.do(t, "lead", "stage create", `{"name":"build","limit":2}`)
	s.do(t, "lead", "stage create", `{"name":"test"}`)
	s.do(t, "lead", "epic create", `{"title":"Payments"}`)
	s.do(t, "lead", "feature create", `{"epic":"E01","title":"Card payments"}`)
	s.do(t, "lead", "task create", `{"feature":"E01-F01","title":"Refuse expired cards"}`)
	s.do(t, "lead", "task start", `{"keys":["T-E01-F01-001"]}`)
	b := s.open(t, "/board", 1280, 800)
	b.Wait(in("build", "T-E01-F01-001"))
	b.Wait(`document.querySelector('[data-column="build"] .limit').innerText === "1 of 2 at work"`)
	b.Drag(`[data-key="T-E01-F01-001"]`, `[data-column="test"]`)
	b.Wait(in("test", "T-E01-F01-001"))
	// What is dragged goes by keys and by the menu too.
	s.do(t, "lead", "task create-many", `{"tasks":[{"feature":"E01-F01","title":"By a key","priority":1},{"feature":"E01-F01","title":"By the menu","priority":2}]}`)
	s.do(t, "lead", "task start", `{"keys":["T-E01-F01-002","T-E01-F01-003"]}`)
	b.Wait(`document.querySelector('[data-column="build"] .limit').innerText === "2 of 2 at work"`)
	for _, one := range []struct{ key, press string }{{"T-E01-F01-002", ""}, {"T-E01-F01-003", "s"}} {
		webtest.Eval[chromedp.Void](b, `document.querySelector('[data-key="`+one.key+`"]').focus()`)
		if one.press == "" {
			b.Do(chromedp.KeyEvent(kb.ArrowRight, chromedp.KeyModifiers(chromedp.ModifierShift)))
		} else {
			b.Press(one.press)
			b.Wait(`!!document.querySelector("dialog[open] .choice")`)
			b.Press("t", "e", "s", "t", kb.Enter)
		}
		b.Wait(in("test", one.key))
	}
	b.Do(chromedp.KeyEvent(kb.ArrowLeft, chromedp.KeyModifiers(chromedp.ModifierShift)))
	b.Wait(`document.activeElement.ariaLabel === "Reason"`)
	b.Do(chromedp.KeyEvent("not yet"))
	b.Press(kb.Enter)
	b.Wait(in("build", "T-E01-F01-003"))
	b.Do(chromedp.Navigate(s.url + "/board?columns=status"))
	b.Wait(in("todo", "T-E01-F01-001"))
}

// Several tasks are picked and changed at once.
func TestChangeMany(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/list", 1280, 800)
	b.Wait(`document.querySelectorAll('[data-view="list"] [data-key]').length === 6`)
	b.Press("j", "x", "j", "x")
	b.Wait(`document.querySelector(".bulk b")?.innerText === "2 selected"`)
	b.Press("l")
	b.Wait(`!!document.querySelector("dialog[open]")`)
	b.Press("u", "i", "\r")
	b.Wait(`[...document.querySelectorAll(".row .tag")].filter((e) => e.innerText === "ui").length === 2`)
}

// What is refused goes back to where it was, with pm's own sentence and hint.
func TestRefusedMoveGoesBack(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/board", 1280, 800)
	b.Wait(in("todo", "T-E01-F01-001"))
	b.Drag(`[data-key="T-E01-F01-001"]`, `[data-column="completed"]`)
	b.Wait(`document.querySelector(".toast")?.innerText.includes("T-E01-F01-002")`)
	b.Wait(in("todo", "T-E01-F01-001"))
	b.Drag(`[data-key="T-E01-F01-003"]`, `[data-column="in_progress"]`)
	b.Wait(in("in_progress", "T-E01-F01-003"))
	if task := s.task(t, "T-E01-F01-001"); task.Status != "todo" {
		t.Errorf("it is %s", task.Status)
	}
}

// A reason is asked for where the status table wants one, and Escape gives up.
func TestReason(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/board", 1280, 800)
	b.Wait(in("todo", "T-E01-F01-003"))
	b.Drag(`[data-key="T-E01-F01-003"]`, `[data-column="blocked"]`)
	b.Wait(`!!document.querySelector("dialog[open] textarea")`)
	b.Press(kb.Escape)
	b.Wait(`!document.querySelector("dialog")`)
	b.Drag(`[data-key="T-E01-F01-003"]`, `[data-column="blocked"]`)
	b.Wait(`document.activeElement?.tagName === "TEXTAREA"`)
	b.Do(chromedp.KeyEvent("no access"))
	b.Press("\r")
	b.Wait(in("blocked", "T-E01-F01-003"))
	if task := s.task(t, "T-E01-F01-003"); task.BlockedReason != "no access" {
		t.Errorf("the reason is %q", task.BlockedReason)
	}
}

// Without the server the page says so and changes nothing, and it misses
// nothing once the server is back.
func TestOffline(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/board", 1280, 800)
	b.Wait(in("todo", "T-E01-F01-003"))
	b.Wait(`document.querySelector("nav .live").innerText === "live, saved"`)
	address := strings.TrimPrefix(s.url, "http://")
	s.stop()
	b.Wait(`!!document.querySelector(".banner") && document.querySelector("nav .live").innerText === "offline"`)
	b.Drag(`[data-key="T-E01-F01-003"]`, `[data-column="in_progress"]`)
	b.Wait(`document.querySelector(".toast")?.innerText.includes("offline")`)
	b.Wait(in("todo", "T-E01-F01-003"))
	s.do(t, "ada", "task complete", `{"keys":["T-E01-F01-003"]}`)
	s.serve(t, address)
	b.Wait(`!document.querySelector(".banner")`)
	b.Wait(in("completed", "T-E01-F01-003"))
}

// Twelve tabs show the same: one stream of changes is enough for all, where a
// browser opens six connections to a server.
func TestTwelveTabs(t *testing.T) {
	s := plant(t)
	var tabs []*webtest.Tab
	for i := range 12 {
		tabs = append(tabs, s.open(t, []string{"/board", "/list"}[i%2], 1280, 800))
		tabs[i].Wait(`document.querySelectorAll("[data-key]").length === 6`)
	}
	s.do(t, "ada", "task claim", `{"keys":["T-E01-F01-003"]}`)
	for i, b := range tabs {
		b.Wait([]string{in("in_progress", "T-E01-F01-003"), `document.querySelector('[data-key="T-E01-F01-003"]')?.innerText.includes("min")`}[i%2])
	}
}

// hostile are texts that would run if any of them became more than text.
var hostile = []string{`<script>window.pwned=1</script>`, `<img src=x onerror=window.pwned=1>`, `"><svg onload=window.pwned=1>`, `javascript:window.pwned=1`,
	`[x](javascript:window.pwned=1)`, `![x](x" onerror="window.pwned=1)`, `</textarea><script>window.pwned=1</script>`, `{{constructor.constructor('window.pwned=1')()}}`,
	`<a href="javascript:window.pwned=1">x</a>`, `'-window.pwned=1-'`, `<iframe srcdoc="<script>parent.pwned=1</script>">`, "`<b onclick=window.pwned=1>`", `<math><mtext></form><form><mglyph><style></math><img src onerror=window.pwned=1>`}

// quoted is a text as JSON.
func quoted(text string) string { b, _ := json.Marshal(text); return string(b) }

// Texts are texts, in every field and every view.
func TestHostileTexts(t *testing.T) {
	s := newSite(t)
	s.do(t, "lead", "epic create", `{"title":`+quoted(hostile[0])+`,"description":`+quoted(hostile[1])+`}`)
	s.do(t, "lead", "feature create", `{"epic":"E01","title":`+quoted(hostile[2])+`}`)
	for _, h := range hostile {
		s.do(t, "lead", "task create", `{"feature":"E01-F01","title":`+quoted(h)+`,"description":`+quoted(strings.Join(hostile, "\n\n"))+`,"checks":[`+quoted(h)+`]}`)
	}
	s.do(t, "lead", "task block", `{"keys":["T-E01-F01-002"],"reason":`+quoted(hostile[1])+`}`)
	for _, h := range hostile {
		s.do(t, "lead", "note add", `{"key":"T-E01-F01-001","body":`+quoted(h)+`}`)
	}
	s.do(t, "ada", "question ask", `{"key":"T-E01-F01-001","body":`+quoted(hostile[1])+`,"choices":[`+quoted(hostile[0])+`]}`)
	s.do(t, "lead", "item delete", `{"key":"T-E01-F01-013"}`)
	s.do(t, "lead", "epic update", `{"key":"E01","description":`+quoted(hostile[1])+`}`)
	b := s.open(t, "/board", 1280, 800)
	for _, path := range []string{"/board", "/list", "/tree", "/task/T-E01-F01-001", "/inbox", "/activity", "/ops", "/ops/last", "/trash", "/trash/T-E01-F01-013", "/board?as_of=last"} {
		b.Do(chromedp.Navigate(s.url + path))
		b.Wait(`!!document.querySelector("[data-key], .log, .changes, [data-view]") && document.body.innerText.includes("pwned")`)
		if n := webtest.Eval[int](b, `document.querySelectorAll("script:not([src]), #app script, #app img, #app iframe, #app [onerror], #app [onload], #app a[href^='javascript']").length + (window.pwned ? 100 : 0)`); n != 0 {
			t.Errorf("%s: %d nodes that no text should make", path, n)
		}
	}
}

// Every view can be used by those who cannot see it or cannot see it well.
func TestAccessible(t *testing.T) {
	f, err := os.Open("testdata/axe.min.js.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	axe, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	s := shop(t)
	past := s.claimed(t)
	b := s.open(t, "/board", 1280, 800)
	check := func(name string) {
		for _, scheme := range []string{"light", "dark"} {
			b.Do(dark(scheme))
			found := webtest.Eval[[]string](b, `axe.run(document, {resultTypes: ["violations"]}).then((r) => r.violations.map((v) => v.id + ": " + v.help + " " + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + " " + n.failureSummary).join(" | ")))`)
			for _, text := range found {
				t.Errorf("%s, %s: %s", name, scheme, text)
			}
		}
	}
	for _, v := range views {
		b.Do(chromedp.Navigate(s.url + strings.ReplaceAll(v.path, "PAST", past)))
		b.Wait(`!!document.querySelector('` + v.there + `')`)
		webtest.Eval[chromedp.Void](b, string(axe)+`;undefined`)
		check(v.name)
		if v.name == "board" {
			b.Press("j", " ", "?")
			b.Wait(`!!document.querySelector("aside.peek .log") && !!document.querySelector("aside.help")`)
			check("a task beside the board, and the keys")
			b.Press(kb.Escape)
			b.Do(chromedp.KeyEvent("k", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
			b.Wait(`!!document.querySelector("dialog[open]")`)
			check("the commands")
		}
		if press, is := map[string][]string{"ops": {"j", "u"}, "trash": {"E"}}[v.name]; is {
			b.Press(press...)
			b.Wait(`!!document.querySelector("dialog[open] .answers") && !document.querySelector("dialog[open]").innerText.includes("reading")`)
			check("a question over " + v.name)
		}
	}
}

// A row with the focus does not hold the list where it is: who turns the wheel
// scrolls on, and keys lead back to it.
func TestScrollPastTheFocus(t *testing.T) {
	s := newSite(t)
	s.do(t, "lead", "epic create", `{"title":"Payments"}`)
	s.do(t, "lead", "feature create", `{"epic":"E01","title":"Cards"}`)
	for range 60 {
		s.do(t, "lead", "task create", `{"feature":"E01-F01","title":"Work"}`)
	}
	b := s.open(t, "/list", 1280, 500)
	b.Wait(`document.querySelectorAll('[data-view="list"] [data-key]').length > 10`)
	b.Press("j", "j")
	b.Wait(`document.activeElement.dataset.key === "T-E01-F01-002"`)
	top := webtest.Eval[float64](b, `(async () => {
		const box = document.querySelector('[data-view="list"]');
		for (let i = 0; i < 12; i++) {
			box.scrollTop += 36;
			for (let n = 0; n < 3; n++) await new Promise(requestAnimationFrame);
		}
		return box.scrollTop;
	})()`)
	if top != 12*36 {
		t.Errorf("it scrolled to %v, not to %d", top, 12*36)
	}
	s.do(t, "lead", "task update", `{"keys":["T-E01-F01-060"],"priority":1}`)
	s.do(t, "lead", "task update", `{"keys":["T-E01-F01-014"],"title":"Seen"}`)
	b.Wait(`document.querySelector('[data-key="T-E01-F01-014"]')?.innerText.includes("Seen") && document.querySelector('[data-view="list"]').scrollTop === 12 * 36`)
	b.Press("j")
	b.Wait(`document.activeElement.dataset.key === "T-E01-F01-003" && document.querySelector('[data-view="list"]').scrollTop <= 4 * 36`)
}

// The g of one view is forgotten after a while, and not the g that comes after it.
func TestOneGIsForgottenOnly(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/print/list", 1280, 800)
	b.Do(before(`{
		window.late = [];
		const set = window.setTimeout, clear = window.clearTimeout;
		window.setTimeout = (f, ms, ...more) => { if (ms !== 1500) return set(f, ms, ...more); window.late.push(f); return -window.late.length; };
		window.clearTimeout = (id) => { if (id < 0) window.late[-id - 1] = () => {}; else clear(id); };
	}`), chromedp.Navigate(s.url+"/board"))
	b.Wait(in("todo", "T-E01-F01-001"))
	b.Press("g", "l")
	b.Wait(`location.pathname === "/list"`)
	b.Press("g")
	webtest.Eval[chromedp.Void](b, `window.late[0]()`)
	b.Press("t")
	b.Wait(`location.pathname === "/tree"`)
	b.Press("g")
	webtest.Eval[chromedp.Void](b, `window.late[2]()`)
	b.Press("l")
	b.Press("g", "b")
	b.Wait(`location.pathname === "/board"`)
}
