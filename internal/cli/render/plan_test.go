package render

import (
	"strings"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

func TestEpicList(t *testing.T) {
	page := tracker.Page[plan.Epic]{Items: []plan.Epic{cards(), {Key: key("E12"), Title: "Ledger", Status: plan.PlanCompleted, ProgressPct: 100, TasksTotal: 1200, TasksCompleted: 1200}}}
	expect(t, text(t, terminal(80), page), `
KEY  STATUS     PROGRESS                      TITLE
E01  active     ████░░░░░░  40%  4/10         Payments
E12  completed  ██████████ 100%  1,200/1,200  Ledger
`)
	expect(t, text(t, terminal(40), page), `
KEY  PROGRESS           TITLE
E01   40%  4/10         Payments
E12  100%  1,200/1,200  Ledger
`)
	expect(t, text(t, pipe(), page), `
E01\tactive\t40\t4\t10\tPayments
E12\tcompleted\t100\t1200\t1200\tLedger
`)
}

func TestBarsAreASCIIWhereTheLocaleIs(t *testing.T) {
	o := terminal(80)
	o.Out.Unicode = false
	expect(t, text(t, o, tracker.Page[plan.Feature]{Items: []plan.Feature{invoices()}}), `
KEY      STATUS  PROGRESS              TITLE
E01-F02  draft   ----------   0%  0/2  Invoices
`)
}

func TestEpicAndFeature(t *testing.T) {
	expect(t, text(t, terminal(80), cards()), `
E01  Payments
status      active
progress    ████████░░░░░░░░░░░░ 40%, 4 of 10 tasks
priority    high
created     3d ago, 2026-10-30 13:35
updated     1h ago, 2026-11-02 12:35
version     3

  Take money.
`)
	expect(t, text(t, terminal(40), invoices()), `
E01-F02  Invoices
epic        E01
status      draft
progress    0%, 0 of 2 tasks
created     3d ago, 2026-10-30 13:35
updated     3d ago, 2026-10-30 13:35
version     1
`)
	epic, feature := cards(), invoices()
	for _, o := range []Options{terminal(80), pipe()} {
		if text(t, o, tracker.Item{Epic: &epic}) != text(t, o, epic) || text(t, o, tracker.Item{Feature: &feature}) != text(t, o, feature) {
			t.Error("an item is shown in another way than what it is")
		}
	}
	if got := text(t, pipe(), cards()); !strings.HasSuffix(got, "updated_at\t2026-11-02T11:35:00Z\ndescription\tTake money.\n") {
		t.Error(got)
	}
}

// Estimates have the unit of the project on a terminal; in a pipe they are numbers.
func TestEstimatesHaveTheirUnit(t *testing.T) {
	epic, task := cards(), held()
	epic.EstimateDone, epic.EstimateTotal, task.Estimate = 150, 800, 250
	o := terminal(80)
	o.Unit = func() string { return "points" }
	for want, got := range map[string]string{
		"\nestimate    1.5 of 8 points done\n": text(t, o, epic), "\nestimate    2.5 points\n": text(t, o, task),
		"\nestimate    2.5\n": text(t, terminal(80), task), "\nestimate\t2.5\n": text(t, pipe(), task)} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
}

func TestPercent(t *testing.T) {
	for _, test := range []struct {
		pct  plan.Percent
		want string
	}{
		{0, "0%"}, {0.01, "<1%"}, {0.99, "<1%"}, {1, "1%"}, {33.33, "33%"}, {66.67, "67%"}, {98.9, "99%"},
		{99, "99%"}, {99.01, ">99%"}, {99.999, ">99%"}, {100, "100%"}, {-1, "0%"}, {101, "100%"},
	} {
		if got := percent(test.pct); got != test.want {
			t.Errorf("percent(%v) = %q, want %q", test.pct, got, test.want)
		}
	}
}
