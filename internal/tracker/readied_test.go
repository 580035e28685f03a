package tracker_test

import (
	"fmt"
	"slices"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// Whoever completes a task is told what can be claimed now because of it.
func TestCompleteSaysWhatBecameReady(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		k := r.tasks(f, 2)
		both, one := r.task(f, "waits for both", k...), r.task(f, "waits for one", k[0])
		later := ok[plan.Task](t)(r.CreateTask(as("ann"), tracker.CreateTask{Feature: f.String(), Title: "deferred", DependsOn: names(k[:1]), Defer: "2099-01-01"})).Key
		blocked := r.task(f, "blocked", k[0])
		r.do("ann", plan.Block, blocked)
		end := func(v plan.Verb, keys ...plan.Key) tracker.Changed {
			return ok[tracker.Changed](t)(r.verb("ann", v, tracker.ChangeStatus{Keys: names(keys), Reason: "because"}))
		}
		ready := func(out tracker.Changed, want ...plan.Key) {
			t.Helper()
			if !slices.Equal(out.Ready, want) || out.MoreReady != 0 {
				t.Errorf("%v and %d more are ready, want %v", out.Ready, out.MoreReady, want)
			}
		}
		ready(end(plan.Complete, k[0]), one)
		ready(end(plan.Complete, later)) // nothing waits for it
		r.do("ann", plan.Claim, k[1])
		ready(end(plan.Submit, k[1]))
		ready(end(plan.Approve, k[1]), both)
		ready(end(plan.Reopen, k[1]))
		ready(end(plan.Archive, k[1]), both)
		ready(end(plan.Reopen, k[1]))
		ready(end(plan.Complete, k[1], both)) // what is completed with it is not ready

		many := r.task(f, "many wait for it")
		var waiting []plan.Key
		for n := range 23 {
			waiting = append(waiting, r.task(f, fmt.Sprint(n), many))
		}
		out := end(plan.Complete, many)
		if !slices.Equal(out.Ready, waiting[:20]) || out.MoreReady != 3 {
			t.Errorf("%v and %d more are ready", out.Ready, out.MoreReady)
		}
	})
}

// What waited for a whole feature or epic is ready with the last task of it.
func TestCompletingTheLastTaskOfAFeatureSaysWhatBecameReady(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		e := r.epic("Payments")
		first, second, third := r.feature(e, "first"), r.feature(e, "second"), r.feature(e, "third")
		k := r.tasks(first, 2)
		waiting := r.tasks(second, 2)
		waiting = append(waiting, r.task(third, "waits for the feature"))
		ok[tracker.Changed](t)(r.depend(waiting[1], waiting[0]))
		for _, item := range []plan.Key{second, waiting[2]} {
			ok[tracker.Items](t)(r.AddDependencies(as("ann"), tracker.Depend{Task: item.String(), DependsOn: names([]plan.Key{first})}))
		}
		for i, want := range [][]plan.Key{nil, {waiting[0], waiting[2]}} {
			out := ok[tracker.Changed](t)(r.verb("ann", plan.Complete, change(k[i], 0)))
			if !slices.Equal(out.Ready, want) {
				t.Errorf("%s: %v are ready, want %v", k[i], out.Ready, want)
			}
		}
	})
}
