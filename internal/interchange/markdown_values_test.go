package interchange

import (
	"testing"

	"pm/internal/plan"
)

func TestStatusWords(t *testing.T) {
	for s, want := range map[string]plan.TaskStatus{
		"todo": plan.Todo, "To Do": plan.Todo, "created": plan.Todo, "NEW": plan.Todo, "Not Started": plan.Todo,
		"Ready for implementation": plan.Todo, "ready_for_development": plan.Todo,
		"in-progress": plan.InProgress, "In Progress (80%)": plan.InProgress, "🚧 WIP": plan.InProgress, "active": plan.InProgress,
		"✅ **COMPLETED**": plan.Completed, "Completed (commit 3849a39)": plan.Completed, "done, all of it": plan.Completed,
		"closed": plan.Completed, "APPROVED - all tests pass": plan.Completed,
		"blocked": plan.Blocked, "Ready for Review": plan.ReadyForReview, "ready_for_code_review": plan.ReadyForReview,
		"in review": plan.ReadyForReview, "Canceled": plan.Archived, "won't fix": plan.Archived, "superseded by E05": plan.Archived,
		"Partial implementation (3 tasks)": "", "not complete": "", "": "", "✅": "", "incomplete": "", "donee": "",
	} {
		if got, ok := parseTaskStatus(s); got != want || ok != (want != "") {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestPlanStatusWords(t *testing.T) {
	for s, want := range map[string]plan.PlanStatus{
		"Draft": plan.PlanDraft, "DEFERRED - not yet": plan.PlanDraft, "active": plan.PlanActive, "In Progress": plan.PlanActive,
		"ready for review": plan.PlanActive, "✅ Complete": plan.PlanCompleted, "archived": plan.PlanArchived,
		"blocked": "", "Architecture Complete": "",
	} {
		if got, ok := parsePlanStatus(s); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestEveryPhraseIsFound(t *testing.T) {
	for phrase, want := range taskWords {
		if got, ok := parseTaskStatus(phrase); !ok || got != want {
			t.Errorf("%q: %q, want %q", phrase, got, want)
		}
	}
}

func TestPriorities(t *testing.T) {
	for s, want := range map[string]int{
		"1": 1, "10": 10, " 7 (soon)": 7, "P0 (Critical)": 1, "p1": 3, "P2": 5, "P3": 7, "P4": 9,
		"critical": 1, "High": 3, "medium": 5, "Low - later": 8,
		"0": 0, "11": 0, "-3": 0, "P5": 0, "Must Have": 0, "": 0, "99999999999999999999": 0,
	} {
		got, ok := parsePriority(s)
		if ok != (want > 0) || ok && got != want {
			t.Errorf("%q: %d %t, want %d", s, got, ok, want)
		}
	}
	for s, want := range map[string]plan.Grade{"High": plan.High, "P0": plan.High, "medium": plan.Medium, "5": plan.Medium, "low": plan.Low, "huge": ""} {
		if got, _ := parseGrade(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestDates(t *testing.T) {
	for s, want := range map[string]string{
		"2025-12-14":                "2025-12-14T00:00:00Z",
		"2025-12-14 09:30":          "2025-12-14T09:30:00Z",
		"2025-12-14T09:30:00+02:00": "2025-12-14T07:30:00Z",
		"2025-12-14 09:30:05":       "2025-12-14T09:30:05Z",
		"14.12.2025":                "", "2025-13-01": "", "soon": "", "": "",
	} {
		got, ok := parseDate(s)
		if ok != (want != "") || ok && got.Format("2006-01-02T15:04:05Z07:00") != want {
			t.Errorf("%q: %s %t, want %s", s, got, ok, want)
		}
	}
}
