package tracker

import (
	"pm/internal/plan"
	"pm/internal/store"
)

// SentBack is why a task that is not done has to be worked on again: at most
// one of the two is set.
type SentBack struct {
	Rejected string `json:"rejected,omitempty" jsonschema:"why the last review sent it back"`
	Reopened string `json:"reopened,omitempty" jsonschema:"why it was reopened"`
}

// sentBack returns why the task was rejected, unless a review has approved it
// since, or why it was reopened, unless it is done again.
func sentBack(tx *store.Tx, task plan.Task) (s SentBack, err error) {
	if task.Version <= claimedFresh || task.Done() {
		return s, nil
	}
	h, err := tx.LastTurn(task.Key)
	reason := cut(h.Notes, handoffText, "pm log "+task.Key.String())
	switch plan.TaskStatus(h.OldStatus) {
	case plan.ReadyForReview:
		if h.NewStatus == string(plan.InProgress) {
			s.Rejected = reason
		}
	case plan.Completed, plan.Archived:
		s.Reopened = reason
	}
	return s, err
}
