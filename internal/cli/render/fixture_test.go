package render

import (
	"strings"
	"testing"
	"time"

	"pm/internal/cli/term"
	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// now is the time of every test; its zone is one hour ahead of UTC.
var now = time.Date(2026, 11, 2, 12, 35, 0, 0, time.UTC)

func ago(d time.Duration) time.Time { return now.Add(-d) }

func in(d time.Duration) *time.Time {
	t := now.Add(d)
	return &t
}

func terminal(width int) Options {
	return Options{Out: term.Output{Terminal: true, Width: width, Unicode: true}, Now: now, Local: time.FixedZone("", 3600)}
}

func pipe() Options { return Options{Now: now, Local: time.FixedZone("", 3600)} }

func text(t *testing.T, o Options, answer any) string {
	t.Helper()
	var b strings.Builder
	if err := Text(&b, o, answer); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func footer(t *testing.T, o Options, answer any) string {
	t.Helper()
	var b strings.Builder
	if err := Footer(&b, o, answer); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// expect compares text with what a test says, where \t stands for a tab and
// the first line end is for the eye.
func expect(t *testing.T, got, want string) {
	t.Helper()
	want = strings.ReplaceAll(strings.TrimPrefix(want, "\n"), `\t`, "\t")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func key(s string) plan.Key { return plan.MustKey(s) }

func cards() plan.Epic {
	return plan.Epic{Key: key("E01"), Title: "Payments", Description: "Take money.", Status: plan.PlanActive, Priority: plan.High,
		ProgressPct: 40, TasksTotal: 10, TasksCompleted: 4, Version: 3, CreatedAt: ago(72 * time.Hour), UpdatedAt: ago(time.Hour)}
}

func invoices() plan.Feature {
	return plan.Feature{Key: key("E01-F02"), EpicKey: key("E01"), Title: "Invoices", Status: plan.PlanDraft,
		TasksTotal: 2, Version: 1, CreatedAt: ago(72 * time.Hour), UpdatedAt: ago(72 * time.Hour)}
}

func held() plan.Task {
	return plan.Task{Key: key("T-E01-F01-001"), FeatureKey: key("E01-F01"), EpicKey: key("E01"), Title: "Validate card numbers",
		Description: "Use the Luhn check.\n\n- digits only\n- 12 to 19 of them\n", Status: plan.InProgress, AgentType: "backend", Priority: 2,
		AssignedAgent: "a1", FilePath: "cards/validate.go", DependsOn: []plan.Key{key("T-E01-F01-002"), key("T-E01-F01-003")},
		LeaseUntil: in(30 * time.Minute), Fence: 1, Version: 4, CreatedAt: ago(72 * time.Hour), UpdatedAt: ago(time.Minute)}
}

func waiting() plan.Task {
	return plan.Task{Key: key("T-E01-F01-002"), FeatureKey: key("E01-F01"), EpicKey: key("E01"), Title: "Show the receipt",
		Status: plan.Todo, Priority: 10, OpenDependencies: 2, Version: 1, CreatedAt: ago(72 * time.Hour), UpdatedAt: ago(72 * time.Hour)}
}

func blocked() plan.Task {
	return plan.Task{Key: key("T-E01-F01-003"), FeatureKey: key("E01-F01"), EpicKey: key("E01"), Title: "Refunds",
		Status: plan.Blocked, Priority: 5, BlockedReason: "waits for the bank's answer", AssignedAgent: "a2", Version: 2}
}

func underReview() plan.Task {
	return plan.Task{Key: key("T-E01-F01-004"), FeatureKey: key("E01-F01"), EpicKey: key("E01"), Title: "Currencies",
		Status: plan.ReadyForReview, Priority: 5, AssignedAgent: "a3", Version: 2}
}

func records() []plan.History {
	return []plan.History{
		{Key: key("T-E01-F01-001"), OldStatus: "todo", NewStatus: "in_progress", Agent: "a1", Surface: "cli", Timestamp: ago(3 * time.Minute)},
		{Key: key("T-E01-F01-001"), OldStatus: "todo", NewStatus: "todo", Agent: "ana", Surface: "http", Timestamp: ago(time.Hour),
			Change: plan.Change{"title": {"a", "b"}, "priority": {5.0, 2.0}}},
		{Key: key("T-E01-F01-003"), OldStatus: "blocked", NewStatus: "blocked", Agent: "a2", Surface: "mcp", Timestamp: ago(2 * time.Hour),
			Change: plan.Change{"note": {nil, map[string]any{"n": 1.0, "kind": "comment", "body": "the bank\nhas answered"}}}},
		{Key: key("T-E01-F01-009"), OldStatus: "todo", Agent: "ana", Surface: "cli", Notes: "deleted: Old", Timestamp: ago(48 * time.Hour)},
		{Key: key("E01"), NewStatus: "active", Agent: "ana", Surface: "cli", Timestamp: ago(72 * time.Hour)},
	}
}

func notes() []plan.Note {
	return []plan.Note{
		{Key: key("T-E01-F01-001"), Agent: "a0", Kind: plan.Handoff, Body: "the parser is done,\nthe check is not", CreatedAt: ago(2 * time.Hour)},
		{Key: key("T-E01-F01-001"), Agent: "ana", Kind: plan.Decision, Body: "no Diners", CreatedAt: ago(3 * time.Hour)},
	}
}

func links() []tracker.Linked {
	return []tracker.Linked{
		{Key: key("T-E01-F01-002"), Title: "Show the receipt", Status: plan.AnyStatus(plan.Todo)},
		{Key: key("T-E01-F01-003"), Title: "Refunds", Status: plan.AnyStatus(plan.Blocked)},
		{Key: key("T-E02-F01-001"), Title: "Ledger", Status: plan.AnyStatus(plan.Completed)},
	}
}

func whole() tracker.Context {
	return tracker.Context{Task: held(), Around: tracker.Around{Epic: "Payments", Feature: "Card payments", Standing: tracker.Standing{Rejected: "no test for expired cards"},
		DependsOn: links()[1:], Dependants: links()[:1], Notes: notes(), Siblings: links()[:1]}}
}

func nested() tracker.Tree {
	f := plan.Feature{Key: key("E01-F01"), EpicKey: key("E01"), Title: "Card payments", Status: plan.PlanActive, ProgressPct: 50, TasksTotal: 8, TasksCompleted: 4}
	return tracker.Tree{Epics: []tracker.EpicTree{
		{Epic: cards(), Features: []tracker.FeatureTree{{Feature: f, Tasks: []plan.Task{held(), waiting()}}, {Feature: invoices(), Tasks: []plan.Task{blocked()}}}},
		{Epic: plan.Epic{Key: key("E02"), Title: "Ledger", Status: plan.PlanArchived}},
	}}
}

func dashboard() tracker.Status {
	late := held()
	late.Key, late.LeaseUntil = key("T-E01-F01-005"), in(-time.Minute)
	return tracker.Status{TasksTotal: 10, TasksCompleted: 4, ProgressPct: 40,
		Counts: plan.Counts{Todo: 2, Ready: 1, Waiting: 1, InProgress: 2, Blocked: 1, ReadyForReview: 1, Completed: 4},
		Epics:  []plan.Epic{cards()}, Held: []plan.Task{held(), late}, Blocked: []plan.Task{blocked()}, InReview: []plan.Task{underReview()}, Last: records()}
}

func gone() tracker.Deleted {
	return tracker.Deleted{Key: key("E01-F02"), Title: "Invoices", Deleted: tracker.Gone{Features: 1, Tasks: 10, Notes: 3},
		Dependants: []plan.Key{key("T-E02-F01-001")}, NextCommands: []string{"pm restore E01-F02"}}
}

func report() tracker.Imported {
	return tracker.Imported{Created: tracker.Sum{Epics: 1, Features: 2, Tasks: 1200}, Changed: tracker.Sum{Tasks: 3}, Unchanged: tracker.Sum{Epics: 1}, Files: 9,
		Findings: []interchange.Finding{
			{Path: "E01/epic.md", Severity: interchange.Info, Message: "no priority: medium"},
			{Path: "E01/tasks/T-1.md", Line: 4, Severity: interchange.Failed, Message: `key "T-1" is not one`},
			{Path: "E01/tasks/T-2.md", Line: 2, Severity: interchange.Warning, Message: "status is unknown: todo"},
		}}
}
