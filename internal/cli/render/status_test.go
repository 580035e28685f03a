package render

import (
	"reflect"
	"strings"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

func TestStatus(t *testing.T) {
	expect(t, text(t, terminal(80), dashboard()), `
████████░░░░░░░░░░░░ 40%, 4 of 10 tasks
1 ready, 1 waiting, 2 in progress, 1 blocked, 1 in review, 4 completed
epics
  E01  ████░░░░░░  40%  4/10  Payments
in progress
  T-E01-F01-001  Validate card numbers  a1  30m left
  T-E01-F01-005  Validate card numbers  a1  lease expired
blocked
  T-E01-F01-003  Refunds  waits for the bank's answer
in review
  T-E01-F01-004  Currencies  a3
last changes  pm log
  T-E01-F01-001  todo → in_progress               a1   3m ago
  T-E01-F01-001  priority 5 → 2, title "a" → "b"  ana  1h ago
  T-E01-F01-003  note: comment                    a2   2h ago
  T-E01-F01-009  deleted                          ana  2d ago
  E01            created                          ana  3d ago
`)
}

func TestStatusInAPipe(t *testing.T) {
	s := dashboard()
	s.MoreEpics, s.Last = 2, s.Last[:1]
	expect(t, text(t, pipe(), s), `
progress\t40\t4\t10
counts\ttodo\t2
counts\tready\t1
counts\twaiting\t1
counts\tin_progress\t2
counts\tblocked\t1
counts\tready_for_review\t1
counts\tcompleted\t4
epics\tE01\tactive\t40\t4\t10\tPayments
more_epics\t2
held\tT-E01-F01-001\ta1\t2026-11-02T13:05:00Z\tValidate card numbers
held\tT-E01-F01-005\ta1\t2026-11-02T12:34:00Z\tValidate card numbers
blocked\tT-E01-F01-003\twaits for the bank's answer\tRefunds
in_review\tT-E01-F01-004\ta3\tCurrencies
last_changes\t2026-11-02T12:32:00Z\tT-E01-F01-001\ttodo\tin_progress\ta1\tcli\t\t\t
`)
}

func TestStatusLeavesOutWhatIsEmpty(t *testing.T) {
	s := tracker.Status{Epics: []plan.Epic{{Key: key("E01"), Title: "Payments", Status: plan.PlanActive}}}
	s.Counts.Inactive = 1
	expect(t, text(t, terminal(80), s), `
░░░░░░░░░░░░░░░░░░░░ 0%, 0 of 0 tasks
0 ready, 0 waiting, 0 in progress, 0 blocked, 0 in review, 0 completed, 1 in
  inactive or waiting epics and features
epics
  E01  ░░░░░░░░░░   0%  0/0  Payments
`)
}

func TestStatusFitsOneScreen(t *testing.T) {
	s := dashboard()
	for len(s.Epics) < 12 {
		s.Epics = append(s.Epics, cards())
	}
	for len(s.Held) < 8 {
		s.Held = append(s.Held, held())
		s.Blocked = append(s.Blocked, blocked())
		s.InReview = append(s.InReview, underReview())
	}
	s.MoreEpics, s.Counts.InProgress, s.Counts.Blocked, s.Counts.ReadyForReview = 3, 40, 7, 7
	got := text(t, terminal(80), s)
	if n := strings.Count(got, "\n"); n != leastLines-1 {
		t.Errorf("%d lines:\n%s", n, got)
	}
	for _, want := range []string{"epics (4 of 15)  pm epic list\n", "in progress (3 of 40)  pm list is:held\n", "blocked (3 of 7)  pm list is:blocked\n",
		"in review (3 of 7)  pm list is:review\n", "last changes  pm log\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	high := terminal(80)
	high.Out.Height = 40
	got = text(t, high, s)
	if n := strings.Count(got, "\n"); n != 39 {
		t.Errorf("%d lines of 40:\n%s", n, got)
	}
	high.Out.Height = 10
	if n := strings.Count(text(t, high, s), "\n"); n != leastLines-1 {
		t.Errorf("%d lines of a low terminal", n)
	}
}

func TestAllot(t *testing.T) {
	for _, test := range []struct {
		lines         int
		lengths, want []int
	}{
		{10, []int{2, 3}, []int{2, 3}},
		{4, []int{9, 1, 9}, []int{2, 1, 1}},
		{0, []int{9, 1}, []int{1, 1}},
		{-5, []int{2}, []int{1}},
		{5, nil, []int{}},
	} {
		if got := allot(test.lines, test.lengths); !reflect.DeepEqual(got, test.want) {
			t.Errorf("allot(%d, %v) = %v, want %v", test.lines, test.lengths, got, test.want)
		}
	}
}
