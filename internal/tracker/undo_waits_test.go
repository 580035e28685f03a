package tracker_test

import (
	"testing"

	"pm/internal/tracker"
)

// Who depends on a task waits again when its completion is undone, and no longer
// when that is done again.
func TestUndoOfCompleteAndThoseThatDepend(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		tasks := r.tasks(r.plan(), 2)
		r.depend(tasks[1], tasks[0])
		waits := func(when string, want int) {
			t.Helper()
			if n := r.show(tasks[1]).OpenDependencies; n != want {
				t.Errorf("%s it waits for %d tasks, not %d", when, n, want)
			}
			r.sound(when)
		}
		ok[tracker.Changed](t)(r.Complete(as("ann"), tracker.Complete{Keys: []string{tasks[0].String()}}))
		waits("completed", 0)
		ok[tracker.Undone](t)(r.Undo(as("ann"), tracker.Undo{}))
		waits("undone", 1)
		ok[tracker.Undone](t)(r.Redo(as("ann"), tracker.Redo{}))
		waits("redone", 0)
	})
}

// A task that is deferred and waits for a whole epic counts as waiting, for doctor
// as for everybody else.
func TestDeferredAndWaitingForAnEpicCountsOnce(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		task := r.task(r.plan(), "t")
		other := r.epic("other")
		ok[tracker.Changed](t)(r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: []string{task.String()}, Defer: ptr("2999-01-01")}))
		r.depend(task, other)
		r.sound("deferred and waiting")
	})
}
