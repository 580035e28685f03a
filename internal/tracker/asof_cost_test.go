package tracker_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// TestCostOfThePast reads a status as it was some thousand changes ago, of a plan
// that has many more tasks than were changed. It logs how long that took, and holds
// how many statements it takes: they follow the changes, not the plan.
func TestCostOfThePast(t *testing.T) {
	t.Parallel()
	storetest.EachAddress(t, func(t *testing.T, address string) {
		features, changes, rounds := 4, 100, 1
		if full {
			features, changes, rounds = 200, 5000, 15
		}
		var seen []db.Statement
		r := newRig(t, address, store.Options{NormalDurability: true, Observe: func(s db.Statement) { seen = append(seen, s) }})
		keys := r.manyTasks(features)
		at := r.newest()
		want := r.statusAt("")
		for i := range changes {
			r.changeOne(keys[(i/4*37)%len(keys)], i)
		}
		seen = nil
		if got := r.statusAt(at); got != want {
			t.Fatalf("the status of then\n%s\nwas\n%s", got, want)
		}
		if most := 90 + changes/100; len(seen) > most {
			t.Errorf("%d statements, more than %d", len(seen), most)
		}
		var took []time.Duration
		for range rounds {
			began := time.Now()
			r.statusAt(at)
			took = append(took, time.Since(began).Round(time.Millisecond))
		}
		slices.Sort(took)
		t.Logf("%d tasks, status %d changes ago: %v (median), %v to %v, %d statements", len(keys), changes, took[len(took)/2], took[0], took[len(took)-1], len(seen)/(rounds+1))
		t.Log(slowest(seen[len(seen)-len(seen)/(rounds+1):]))
	})
}

// manyTasks creates features of 100 tasks each.
func (r *rig) manyTasks(features int) (keys []plan.Key) {
	r.t.Helper()
	for i := range features {
		if i%50 == 0 {
			r.epic("e")
		}
		f := r.feature(plan.Key{Epic: i/50 + 1}, "f")
		var batch tracker.CreateTasks
		for n := range 100 {
			batch.Tasks = append(batch.Tasks, tracker.CreateTask{Feature: f.String(), Title: fmt.Sprintf("task %d of many", n), Description: "what is to be done, in a sentence or two that is no longer than that"})
			keys = append(keys, plan.Key{Epic: f.Epic, Feature: f.Feature, Task: n + 1})
		}
		ok[tracker.Tasks](r.t)(r.CreateTasks(as("ann"), batch))
	}
	return keys
}

// changeOne changes a task in the way that comes next: four of them finish it.
func (r *rig) changeOne(k plan.Key, i int) {
	r.t.Helper()
	switch i % 4 {
	case 0:
		r.do("ann", "claim", k)
	case 1:
		ok[tracker.Changed](r.t)(r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: []string{k.String()}, Priority: ptr(1 + i%9), Title: ptr(fmt.Sprintf("title %d", i))}))
	case 2:
		r.note(k, "so it is done")
	case 3:
		r.do("ann", "complete", k)
	}
}

func (r *rig) statusAt(asOf string) string {
	r.t.Helper()
	b, err := json.Marshal(ok[tracker.Status](r.t)(r.Status(as("ann"), tracker.ShowStatus{AsOf: asOf})))
	if err != nil {
		r.t.Fatal(err)
	}
	return string(b)
}

// slowest lists where the time of statements went, by name.
func slowest(seen []db.Statement) string {
	took, n := map[string]time.Duration{}, map[string]int{}
	for _, s := range seen {
		took[s.Name] += s.Took
		n[s.Name]++
	}
	var lines []string
	for name, d := range took {
		lines = append(lines, fmt.Sprintf("%9.1f ms %5d × %s", float64(d.Microseconds())/1000, n[name], name))
	}
	slices.Sort(lines)
	slices.Reverse(lines)
	return "\n" + strings.Join(lines[:min(len(lines), 25)], "\n")
}
