package tracker_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// together runs f in n goroutines that begin at once.
func together(n int, f func(i int)) {
	var w sync.WaitGroup
	begin := make(chan struct{})
	for i := range n {
		w.Go(func() {
			<-begin
			f(i)
		})
	}
	close(begin)
	w.Wait()
}

func TestKeysGivenAtOnceAreContiguous(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		keys := make([]plan.Key, 16)
		together(len(keys), func(i int) {
			task, err := r.CreateTask(as("ann"), tracker.CreateTask{Feature: f.String(), Title: "x"})
			if err != nil {
				t.Error(err)
			}
			keys[i] = task.Key
		})
		slices.SortFunc(keys, func(a, b plan.Key) int { return a.Task - b.Task })
		for i, k := range keys {
			if k != f.Child(i+1) {
				t.Fatalf("the keys are %v", keys)
			}
		}
		if got := ok[plan.Feature](t)(r.ShowFeature(as("ann"), tracker.ShowFeature{Key: f.String()})); got.TasksTotal != len(keys) {
			t.Errorf("the feature counts %d tasks", got.TasksTotal)
		}
	})
}

func TestEveryNextGetsAnotherTask(t *testing.T) {
	const n = 16
	each(t, func(t *testing.T, r *rig) {
		r.tasks(r.plan(), n)
		var got sync.Map
		together(n, func(i int) {
			out, err := r.Next(as("ann"), tracker.Next{Claim: true}) // all under one name
			if err != nil || out.Task == nil {
				t.Errorf("next gives %+v, %v, with a task there for everyone", out, err)
				return
			}
			if other, twice := got.LoadOrStore(out.Task.Key, i); twice {
				t.Errorf("%s went to %v and %d", out.Task.Key, other, i)
			}
		})
		if out := ok[tracker.NextTask](t)(r.Next(as("ann"), tracker.Next{Claim: true})); out.Task != nil || out.Why.Held != n {
			t.Errorf("afterwards next gives %+v, %+v", out.Task, out.Why)
		}
	})
}

func TestAClaimHasOneWinner(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		for round, name := range []string{"one name", "other names", "an expired lease"} {
			k := r.task(f, name)
			if name == "an expired lease" {
				r.do("zoe", plan.Claim, k)
				r.expire(k)
			}
			codes := make([]string, 8)
			together(len(codes), func(i int) {
				who := "ann"
				if round == 1 {
					who = fmt.Sprint("agent ", i)
				}
				_, err := r.Claim(as(who), claimOf(k))
				codes[i] = code(err)
			})
			slices.Sort(codes)
			lost := map[int]string{0: "already_yours", 1: "held", 2: "already_yours"}[round]
			if codes[0] != "" || codes[1] != lost || codes[7] != lost {
				t.Errorf("%s: the claims end in %q", name, codes)
			}
			if task := r.show(k); task.Version != int64(len(r.log(k))) {
				t.Errorf("%s: version %d, %d records", name, task.Version, len(r.log(k)))
			}
		}
	})
}

func TestTwoEdgesCannotCloseACycleTogether(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		for range 10 {
			k := r.tasks(f, 2)
			codes := make([]string, 2)
			together(2, func(i int) {
				_, err := r.depend(k[i], k[1-i])
				codes[i] = code(err)
			})
			if slices.Sort(codes); codes[0] != "" || codes[1] != "cycle" {
				t.Fatalf("the two end in %q", codes)
			}
		}
	})
}

// Counts and readiness are kept by difference: they must survive everything
// happening at once.
func TestDerivedNumbersSurviveConcurrency(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		g := r.feature(f.EpicKey(), "other")
		k := r.tasks(f, 8)
		waits := r.tasks(g, 2)
		for _, w := range waits {
			ok[tracker.Changed](t)(r.depend(w, k...))
		}
		together(12, func(i int) {
			var err error
			switch {
			case i < 4:
				_, err = r.Complete(as("ann"), tracker.Complete{Keys: names(k[2*i : 2*i+2])})
			case i < 8:
				_, err = r.CreateTask(as("ann"), tracker.CreateTask{Feature: g.String(), Title: "x", DependsOn: names(k[i : i+1])})
			case i == 8:
				_, err = r.RemoveDependencies(as("ann"), tracker.Depend{Task: waits[0].String(), DependsOn: names(k[:1])})
			case i == 9:
				_, err = r.UpdateFeature(as("ann"), tracker.UpdateFeature{Key: g.String(), Status: ptr("draft")})
			case i == 10:
				_, err = r.UpdateEpic(as("ann"), tracker.UpdateEpic{Key: "E01", Priority: ptr("low")})
			default:
				_, err = r.Archive(as("ann"), tracker.Archive{Keys: names(waits[1:])})
			}
			if err != nil {
				t.Errorf("%d: %v", i, err)
			}
		})
		e := ok[plan.Epic](t)(r.ShowEpic(as("ann"), tracker.ShowEpic{Key: "E01"}))
		a := ok[plan.Feature](t)(r.ShowFeature(as("ann"), tracker.ShowFeature{Key: f.String()}))
		b := ok[plan.Feature](t)(r.ShowFeature(as("ann"), tracker.ShowFeature{Key: g.String()}))
		if e.TasksTotal != 13 || e.TasksCompleted != 8 || a.ProgressPct != 100 || b.TasksTotal != 5 {
			t.Errorf("counted: epic %d of %d, features %v %% and %d", e.TasksCompleted, e.TasksTotal, a.ProgressPct, b.TasksTotal)
		}
		for _, task := range ok[tracker.Page[plan.Task]](t)(r.ListTasks(as("ann"), tracker.ListTasks{Feature: g.String()})).Items {
			if task.OpenDependencies != 0 || task.Offered {
				t.Errorf("%s has %d open dependencies, offered %t", task.Key, task.OpenDependencies, task.Offered)
			}
		}
	})
}
