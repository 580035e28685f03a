package tracker_test

import (
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// A task completed together with the last task of a feature that it waits for
// waits for nothing, and the answer says so.
func TestCompletedWithWhatItsFeatureWaitsFor(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		epic := r.epic("Payments")
		first := r.tasks(r.feature(epic, "Cards"), 1)[0]
		later := r.tasks(r.feature(epic, "Bills"), 1)[0]
		ok[tracker.Changed](t)(r.depend(later, first.FeatureKey()))
		done := ok[tracker.Changed](t)(r.verb("ann", plan.Complete, tracker.ChangeStatus{Keys: []string{later.String(), first.String()}, Force: true, Reason: "both"}))
		for _, task := range done.Items {
			if task.OpenDependencies != 0 || r.show(task.Key).OpenDependencies != 0 {
				t.Errorf("%s has %d open dependencies in the answer, and %d in the plan", task.Key, task.OpenDependencies, r.show(task.Key).OpenDependencies)
			}
		}
	})
}
