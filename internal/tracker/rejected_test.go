package tracker_test

import (
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// is:rejected finds what is open and was rejected at least twice, from a review or
// to an earlier stage, now and as it was; handing a task on with a reason, or taking
// that back, rejects nothing.
func TestRejectedTwice(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		keys := r.tasks(r.feature(r.epic("Payments"), "Cards"), 3)
		to := func(agent string, v plan.Verb, k plan.Key, reason string) string {
			t.Helper()
			ok[tracker.Changed](t)(r.verb(agent, v, tracker.ChangeStatus{Keys: []string{k.String()}, Reason: reason}))
			return ok[tracker.Operations](t)(r.ListOperations(as(agent), tracker.ListOperations{})).Items[0].ID
		}
		expect := func(asOf string, want int) {
			t.Helper()
			found := ok[tracker.Page[plan.Task]](t)(r.ListTasks(as("ann"), tracker.ListTasks{Query: "is:rejected", AsOf: asOf})).Items
			counted := ok[tracker.Counted](t)(r.CountTasks(as("ann"), tracker.CountTasks{Query: "is:rejected", AsOf: asOf})).Count
			others := ok[tracker.Counted](t)(r.CountTasks(as("ann"), tracker.CountTasks{Query: "-is:rejected", AsOf: asOf})).Count
			if len(found) != want || counted != want || others != len(keys)-want {
				t.Errorf("as of %q %d are listed and %d counted, and %d others; want %d", asOf, len(found), counted, others, want)
			}
		}
		reject := func(k plan.Key) string {
			t.Helper()
			to("bob", plan.Submit, k, "see the tests")
			return to("ann", plan.Reject, k, "no tests")
		}
		to("bob", plan.Claim, keys[0], "")
		to("bob", plan.Submit, keys[0], "done")
		ok[tracker.Undone](t)(r.Undo(as("bob"), tracker.Undo{}))
		to("bob", plan.Claim, keys[1], "")
		once := reject(keys[1])
		expect("", 0)
		twice := reject(keys[1])
		expect("", 1)
		expect(once, 0)
		to("bob", plan.Complete, keys[1], "")
		expect("", 0)
		expect(twice, 1)

		r.line(plan.Stage{Name: "build"}, plan.Stage{Name: "test"})
		stage := "build"
		ok[tracker.Changed](t)(r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: []string{keys[2].String()}, Stage: &stage}))
		for range 2 {
			expect("", 0)
			to("bob", plan.Claim, keys[2], "")
			to("bob", plan.Submit, keys[2], "passes")
			to("ann", plan.Claim, keys[2], "")
			ok[tracker.Changed](t)(r.RejectTo(as("ann"), tracker.Reject{Keys: []string{keys[2].String()}, To: "build", Reason: "it does not"}))
		}
		expect("", 1)

		// What was undone rejected nothing, until it is redone.
		ok[tracker.Undone](t)(r.Undo(as("ann"), tracker.Undo{}))
		undone := r.newest()
		expect("", 0)
		ok[tracker.Undone](t)(r.Redo(as("ann"), tracker.Redo{}))
		expect("", 1)
		expect(undone, 0)
	})
}

// The name of a stage is no pattern: passing a task on from test to abc is not
// sending it back from test to a_c.
func TestRejectedFromStagesOfAlikeNames(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		key := r.tasks(r.plan(), 1)[0].String()
		r.line(plan.Stage{Name: "a_c"}, plan.Stage{Name: "test"}, plan.Stage{Name: "abc"})
		stage := "test"
		ok[tracker.Changed](t)(r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: []string{key}, Stage: &stage}))
		for n := range 3 {
			if found := len(ok[tracker.Page[plan.Task]](t)(r.ListTasks(as("ann"), tracker.ListTasks{Query: "is:rejected"})).Items); found != n/2 {
				t.Errorf("after %d rejections, %d tasks are listed", n, found)
			}
			for _, v := range []plan.Verb{plan.Claim, plan.Submit, plan.Claim} {
				ok[tracker.Changed](t)(r.verb("bob", v, tracker.ChangeStatus{Keys: []string{key}, Reason: "passes"}))
			}
			ok[tracker.Changed](t)(r.RejectTo(as("bob"), tracker.Reject{Keys: []string{key}, To: "test", Reason: "it does not"}))
		}
	})
}
