package tracker_test

import (
	"fmt"
	"sync"
	"testing"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// TestUndoBesideWriters has 16 writers, in full 64, change what one takes back and
// brings back meanwhile: nothing of theirs is lost, and what stands in the way is
// named.
func TestUndoBesideWriters(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		r := newRig(t, address, store.Options{NormalDurability: true})
		_, err := r.CreateEpic(as("lead"), tracker.CreateEpic{Title: "e"})
		if err == nil {
			_, err = r.CreateFeature(as("lead"), tracker.CreateFeature{Epic: "E01", Title: "f"})
		}
		var keys []string
		writers := 16
		if full {
			writers = 64
		}
		for i := range writers {
			if err == nil {
				_, err = r.CreateTask(as("lead"), tracker.CreateTask{Feature: "E01-F01", Title: "t"})
			}
			keys = append(keys, fmt.Sprintf("T-E01-F01-%03d", i+1))
		}
		if err == nil {
			_, err = r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: keys, Priority: ptr(1)})
		}
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for i, k := range keys {
			wg.Go(func() {
				for n := range 6 {
					in := tracker.UpdateTask{Keys: []string{k}, Title: ptr(fmt.Sprintf("title %d", n))}
					if i == 0 && n == 3 {
						in.Priority = ptr(9)
					}
					if _, err := r.UpdateTask(as(fmt.Sprintf("w%d", i)), in); err != nil {
						t.Errorf("%s: %v", k, err)
					}
				}
			})
		}
		wg.Go(func() {
			for range 4 {
				_, err := r.Undo(as("ann"), tracker.Undo{})
				if err == nil {
					_, err = r.Redo(as("ann"), tracker.Redo{})
				}
				// A redo that meets the new priority is refused: then nothing is left to undo.
				if err != nil && plan.Describe(err).Code != "undo_conflict" && plan.Describe(err).Code != "nothing_to_undo" {
					t.Error(err)
				}
			}
		})
		wg.Wait()
		for _, k := range keys {
			if task := ok[plan.Task](t)(r.Task(nil, k)); task.Title != "title 5" {
				t.Errorf("%s is called %q", k, task.Title)
			}
		}
		if _, err := r.Undo(as("ann"), tracker.Undo{SkipConflicts: true}); err != nil && plan.Describe(err).Code != "nothing_to_undo" {
			t.Error(err)
		}
		if first := ok[plan.Task](t)(r.Task(nil, keys[0])); first.Priority != 9 {
			t.Errorf("the priority of %s is %d", keys[0], first.Priority)
		}
		r.sound("after all")
	})
}
