package tracker_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// TestUndoOfManyTasks takes back commands on many tasks, each in a few
// statements for many of them. How long that took it logs.
func TestUndoOfManyTasks(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		var statements atomic.Int64
		r := newRig(t, address, store.Options{NormalDurability: true, Observe: func(db.Statement) { statements.Add(1) }})
		ctx, many := as("ann"), 200
		if full {
			many = 1000
		}
		_, err := r.CreateEpic(as("lead"), tracker.CreateEpic{Title: "e"})
		if err == nil {
			_, err = r.CreateFeature(as("lead"), tracker.CreateFeature{Epic: "E01", Title: "f"})
		}
		var batch tracker.CreateTasks
		var keys []string
		for i := range many {
			batch.Tasks = append(batch.Tasks, tracker.CreateTask{Feature: "E01-F01", Title: fmt.Sprintf("task %d", i)})
			keys = append(keys, fmt.Sprintf("T-E01-F01-%03d", i+1))
		}
		if err == nil {
			_, err = r.CreateTasks(ctx, batch)
		}
		if err != nil {
			t.Fatal(err)
		}
		timed := func(what string, most int64, run func() error) {
			t.Helper()
			statements.Store(0)
			began := time.Now()
			if err := run(); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			t.Logf("%s: %v, %d statements", what, time.Since(began).Round(time.Millisecond), statements.Load())
			if n := statements.Load(); most > 0 && n > most {
				t.Errorf("%s took %d statements, more than %d", what, n, most)
			}
		}
		undo := func() error { _, err := r.Undo(ctx, tracker.Undo{}); return err }
		redo := func() error { _, err := r.Redo(ctx, tracker.Redo{}); return err }
		timed("update", 0, func() error {
			_, err := r.UpdateTask(ctx, tracker.UpdateTask{Keys: keys, Priority: ptr(1), Kind: ptr("bug")})
			return err
		})
		timed("undo of an update", 200, undo)
		timed("redo of an update", 200, redo)
		timed("undo again", int64(many+100), undo) // with what came after it of each task
		timed("complete", 0, func() error { _, err := r.Complete(ctx, tracker.Complete{Keys: keys}); return err })
		timed("undo of complete", int64(many+100), undo) // and those who depend on each
		timed("label", 0, func() error { _, err := r.AddLabels(ctx, tracker.Label{Keys: keys, Labels: []string{"x"}}); return err })
		timed("undo of label", 0, undo)
		timed("undo of create", int64(4*many+100), undo)
		trash := ok[tracker.Trash](t)(r.ListTrash(ctx, tracker.ListTrash{}))
		if len(trash.Items) != many {
			t.Errorf("%d items in the trash", len(trash.Items))
		}
		timed("redo of create", 0, redo)
		if n := ok[plan.Task](t)(r.Task(ctx, keys[many-1])).Version; n == 0 {
			t.Error("the last task did not come back")
		}
		r.sound("after all")
	})
}

// Task returns a task.
func (r *rig) Task(ctx any, key string) (plan.Task, error) {
	item, err := r.Show(as("ann"), tracker.Show{Key: key})
	if err != nil || item.Task == nil {
		return plan.Task{}, err
	}
	return *item.Task, nil
}
