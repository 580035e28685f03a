package render

import (
	"pm/internal/cli/term"
	"pm/internal/plan"
)

func taskStyle(s plan.TaskStatus) term.Style {
	switch s {
	case plan.InProgress:
		return term.Yellow
	case plan.Blocked:
		return term.Red
	case plan.ReadyForReview:
		return term.Magenta
	case plan.Completed:
		return term.Green
	case plan.Archived:
		return term.Dim
	}
	return 0
}

func planStyle(s plan.PlanStatus) term.Style {
	switch s {
	case plan.PlanCompleted:
		return term.Green
	case plan.PlanDraft, plan.PlanArchived:
		return term.Dim
	}
	return 0
}

// mark returns a sign for a status, which reads without colour, too. None means
// another status on the boards.
func (p *printer) mark(s plan.TaskStatus) string {
	signs := [2]string{"[ ]", "○"}
	switch s {
	case plan.InProgress:
		signs = [2]string{"[>]", "◐"}
	case plan.Blocked:
		signs = [2]string{"[!]", "✗"}
	case plan.ReadyForReview:
		signs = [2]string{"[?]", "◕"}
	case plan.Completed:
		signs = [2]string{"[x]", "✓"}
	case plan.Archived:
		signs = [2]string{"[-]", "–"}
	}
	if p.out.Unicode {
		return signs[1]
	}
	return signs[0]
}
