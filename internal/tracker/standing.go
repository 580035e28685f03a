package tracker

import (
	"pm/internal/plan"
	"pm/internal/store"
)

// Standing is what to know first of a task that is not done, beside its status.
type Standing struct {
	Rejected   string `json:"rejected,omitempty" jsonschema:"why the last review rejected it"`
	Reopened   string `json:"reopened,omitempty" jsonschema:"why it was reopened"`
	NotOffered string `json:"not_offered,omitempty" jsonschema:"why a todo task is not offered as work: its epic or feature is not active, or is waiting"`
}

// standing returns why the task was rejected, unless a review has approved it
// since, or why it was reopened, unless it is done again; and why next does
// not give it.
func standing(tx *store.Tx, task plan.Task) (s Standing, err error) {
	if task.Status == plan.Todo && !task.Offered {
		if s.NotOffered, _, err = whyNotOffered(tx, task.Key); err != nil {
			return s, err
		}
	}
	if task.Version <= claimedFresh || task.Done() {
		return s, nil
	}
	if task.Stage != "" {
		staged, err := stagedStanding(tx, task)
		staged.NotOffered = s.NotOffered
		return staged, err
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
