package export

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pm/internal/plan"
)

// TestEmptyBoxes: an empty box is work that can be begun, or says why it is not.
func TestEmptyBoxes(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var b bytes.Buffer
	o := outline{w: &b, page: Page{Now: now}}
	for _, task := range []plan.Task{{Title: "a", Status: plan.Todo}, {Title: "b", Status: plan.Blocked}, {Title: "c", Status: plan.Todo, Defer: "2026-03-02"},
		{Title: "d", Status: plan.Todo, Defer: "2026-03-01"}, {Title: "e", Status: plan.Completed, Defer: "2026-03-02"}} {
		if err := o.task(task); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for line := range strings.Lines(b.String()) {
		if strings.HasPrefix(line, "- [") {
			got = append(got, strings.TrimSpace(line))
		}
	}
	if want := "- [ ] a|- [ ] b (blocked)|- [ ] c (deferred until 2026-03-02)|- [ ] d|- [x] e"; strings.Join(got, "|") != want {
		t.Errorf("%s", strings.Join(got, "|"))
	}
}

// TestDeferredUntilADay: a day begins where the plan is exported, not in Greenwich.
func TestDeferredUntilADay(t *testing.T) {
	now := time.Date(2026, 3, 2, 0, 30, 0, 0, time.FixedZone("", 2*60*60))
	o := outline{page: Page{Now: now}}
	for day, want := range map[plan.Date]string{"2026-03-02": "", "2026-03-03": " (deferred until 2026-03-03)"} {
		if got := o.notNow(plan.Task{Status: plan.Todo, Defer: day}); got != want {
			t.Errorf("%s: %q, not %q", day, got, want)
		}
	}
}

// TestDeferredAbove: a task waits for its feature and its epic, whichever is later.
func TestDeferredAbove(t *testing.T) {
	var b bytes.Buffer
	o := outline{w: &b, page: Page{Now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}}
	for _, err := range []error{
		o.epic(plan.Epic{Title: "E", Defer: "2026-04-01"}), o.feature(plan.Feature{Title: "F", Defer: "2026-03-15"}),
		o.task(plan.Task{Title: "a", Status: plan.Todo}), o.task(plan.Task{Title: "b", Status: plan.Todo, Defer: "2026-05-01"}), o.task(plan.Task{Title: "c", Status: plan.InProgress}),
		o.epic(plan.Epic{Title: "G"}), o.feature(plan.Feature{Title: "H"}), o.task(plan.Task{Title: "d", Status: plan.Todo}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"- [ ] a (deferred until 2026-04-01)\n", "- [ ] b (deferred until 2026-05-01)\n", "- [~] c\n", "- [ ] d\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing from\n%s", want, b.String())
		}
	}
}
