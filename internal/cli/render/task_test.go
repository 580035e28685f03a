package render

import (
	"strings"
	"testing"
	"time"

	"pm/internal/plan"
	"pm/internal/tracker"
)

func TestTaskList(t *testing.T) {
	page := tracker.Page[plan.Task]{Items: []plan.Task{held(), waiting(), blocked(), underReview()}}
	expect(t, text(t, terminal(80), page), `
KEY            STATUS            PRI  TYPE     TITLE                  AGENT
T-E01-F01-001  in_progress         2  backend  Validate card numbers  a1
T-E01-F01-002  todo (waits 2)     10           Show the receipt
T-E01-F01-003  blocked             5           Refunds                a2
T-E01-F01-004  ready_for_review    5           Currencies             a3
`)
	expect(t, text(t, terminal(40), page), `
KEY            TITLE
T-E01-F01-001  ◐ Validate card numbers
T-E01-F01-002  ○ Show the receipt
T-E01-F01-003  ✗ Refunds
T-E01-F01-004  ◕ Currencies
`)
	expect(t, text(t, pipe(), page), `
T-E01-F01-001\tin_progress\t2\tbackend\ta1\tValidate card numbers
T-E01-F01-002\ttodo\t10\t\t\tShow the receipt\twaits 2
T-E01-F01-003\tblocked\t5\t\ta2\tRefunds
T-E01-F01-004\tready_for_review\t5\t\ta3\tCurrencies
`)
}

func TestTaskListLeavesOutEmptyColumns(t *testing.T) {
	expect(t, text(t, terminal(80), tracker.Page[plan.Task]{Items: []plan.Task{waiting()}}), `
KEY            STATUS          PRI  TITLE
T-E01-F01-002  todo (waits 2)   10  Show the receipt
`)
}

func TestTaskCard(t *testing.T) {
	one := held()
	one.Description += strings.Repeat("words ", 20) + "\n\n    go test ./...\n"
	expect(t, text(t, terminal(80), one), `
T-E01-F01-001  Validate card numbers
status      in_progress
priority    2
type        backend
agent       held by a1, lease ends in 30m (fence 1)
depends on  T-E01-F01-002, T-E01-F01-003
file        cards/validate.go
created     3d ago, 2026-10-30 13:35
updated     1m ago, 2026-11-02 13:34
version     4

  Use the Luhn check.

  - digits only
  - 12 to 19 of them
  words words words words words words words words words words words words words
  words words words words words words words

      go test ./...
`)
	if got := text(t, terminal(80), tracker.Item{Task: &one}); got != text(t, terminal(80), one) {
		t.Errorf("the item is\n%s", got)
	}
}

func TestTaskCardOnANarrowTerminal(t *testing.T) {
	one := blocked()
	one.UpdatedAt = ago(90 * 24 * time.Hour)
	expect(t, text(t, terminal(20), one), `
T-E01-F01-003
  Refunds
blocked: waits for
  the bank's answer
status
  blocked
priority
  5
agent
  a2
updated
  2026-08-04 13:35
version
  2
`)
}

func TestTaskCardOfATaskThatWaits(t *testing.T) {
	one := waiting()
	one.DependsOn = []plan.Key{key("T-E01-F01-001"), key("T-E01-F01-003"), key("T-E02-F01-001")}
	got := text(t, terminal(80), one)
	for _, want := range []string{"depends on  T-E01-F01-001, T-E01-F01-003, T-E02-F01-001\n", "waits for   2 of these\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestHolder(t *testing.T) {
	p := newPrinter(terminal(80))
	late, person, session, done := held(), held(), held(), held()
	late.LeaseUntil = in(-3 * time.Minute)
	person.LeaseUntil, person.Fence = nil, 0
	session.Session = "s1"
	done.Status, done.LeaseUntil, done.Fence = plan.Completed, nil, 0
	for _, test := range []struct {
		task plan.Task
		want string
	}{
		{late, "held by a1, lease expired 3m ago (fence 1)"},
		{person, "held by a1"},
		{session, "held by a1 (session s1), lease ends in 30m (fence 1)"},
		{done, "a1"},
		{waiting(), ""},
	} {
		if got := p.holder(test.task); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

func TestTaskInAPipe(t *testing.T) {
	expect(t, text(t, pipe(), held()), `
key\tT-E01-F01-001
feature_key\tE01-F01
epic_key\tE01
title\tValidate card numbers
status\tin_progress
agent_type\tbackend
priority\t2
assigned_agent\ta1
file_path\tcards/validate.go
depends_on\tT-E01-F01-002,T-E01-F01-003
open_dependencies\t0
lease_until\t2026-11-02T13:05:00Z
fence\t1
version\t4
created_at\t2026-10-30T12:35:00Z
updated_at\t2026-11-02T12:34:00Z
description\tUse the Luhn check.\n\n- digits only\n- 12 to 19 of them\n
`)
}

func TestChanged(t *testing.T) {
	items := []plan.Task{held(), waiting()}
	items[0].Title = "Validate cards"
	expect(t, text(t, terminal(80), tracker.Changed{Items: items}), `
T-E01-F01-001  in_progress     Validate cards    held until 14:05 (30m), fence 1
T-E01-F01-002  todo (waits 2)  Show the receipt
`)
	expect(t, text(t, pipe(), tracker.Tasks{Items: items}), `
T-E01-F01-001\tin_progress\tValidate cards\t2026-11-02T13:05:00Z\t1
T-E01-F01-002\ttodo\tShow the receipt\t\t
`)
}

func TestClaim(t *testing.T) {
	p := newPrinter(terminal(80))
	for _, test := range []struct {
		until time.Duration
		want  string
	}{
		{30 * time.Minute, "held until 14:05 (30m), fence 1"},
		{24 * time.Hour, "held until 2026-11-03 13:35 (1d), fence 1"},
		{-time.Minute, "held until 13:34, fence 1"},
	} {
		task := held()
		task.LeaseUntil = in(test.until)
		if got := p.claim(task); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

func TestNext(t *testing.T) {
	one := held()
	one.Description = strings.Repeat("a line\n", 9)
	expect(t, text(t, terminal(80), tracker.NextTask{Task: &one}), `
T-E01-F01-001  Validate card numbers
priority    2
type        backend
file        cards/validate.go
agent       held by a1, lease ends in 30m (fence 1)

  a line
  a line
  a line
  a line
  a line
  a line
  … pm show T-E01-F01-001
`)
	expect(t, text(t, pipe(), tracker.NextTask{Task: &one}),
		`T-E01-F01-001\tin_progress\tValidate card numbers\t2026-11-02T13:05:00Z\t1`+"\n")
	if got := footer(t, terminal(80), tracker.NextTask{Task: &one}); got != "" {
		t.Errorf("the footer is %q", got)
	}
}

func TestNoNextTaskIsSaidInTheFooterOnly(t *testing.T) {
	why := plan.Unready{Held: 3, Waiting: 2, Blocked: 1}
	for _, o := range []Options{terminal(80), pipe()} {
		if got := text(t, o, tracker.NextTask{Why: &why}); got != "" {
			t.Errorf("the answer is %q", got)
		}
		expect(t, footer(t, o, tracker.NextTask{Why: &why}), "no task available: 3 held, 2 waiting, 1 blocked, 0 in review\n")
	}
	why.Inactive = 5
	expect(t, footer(t, pipe(), tracker.NextTask{Why: &why}),
		"no task available: 3 held, 2 waiting, 1 blocked, 0 in review, 5 in inactive or waiting epics and features\n")
}
