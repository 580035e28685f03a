package tracker_test

import (
	"sync"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// Many complete one task that comes again: it comes again once, and the counts
// hold, also with others that are completed with it.
func TestItComesAgainOnce(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.feature(r.epic("One"), "chores")
		tasks := r.tasks(f, 3)
		weekly := "weekly"
		ok[tracker.Changed](t)(r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: plan.KeyWords(tasks[:2]), Repeat: &weekly}))
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				_, err := r.Complete(as("ann"), tracker.Complete{Keys: plan.KeyWords(tasks)})
				if err != nil && plan.KindOf(err) != plan.Refused && plan.KindOf(err) != plan.Conflict {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		all := 0
		if got := ok[tracker.Page[plan.Task]](t)(r.ListTasks(as("ann"), tracker.ListTasks{Query: "is:open", Limit: &all})).Items; len(got) != 2 {
			t.Errorf("%d tasks are open, not 2", len(got))
		}
		r.sound("after that")
		r.carriesOver("after that")
	})
}
