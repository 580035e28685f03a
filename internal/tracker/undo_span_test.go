package tracker_test

import (
	"context"
	"testing"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// eachSpan runs a test on a new rig of each engine, with a plan of one task, as
// ann: operation is set by each call of hers.
func eachSpan(t *testing.T, f func(t *testing.T, r *rig, ctx context.Context, task string, operation *string)) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		r := newRig(t, address, store.Options{NormalDurability: true})
		operation := ""
		f(t, r, tracker.WithOperation(as("ann"), &operation), r.task(r.plan(), "Pay").String(), &operation)
		r.sound("after all")
	})
}

// TestRedoOfAMoveThereAndBack: several moves that were undone at once are redone,
// also if they began and ended under the same parent.
func TestRedoOfAMoveThereAndBack(t *testing.T) {
	eachSpan(t, func(t *testing.T, r *rig, ctx context.Context, task string, operation *string) {
		ok[tracker.SavedFeature](t)(r.CreateFeature(as("lead"), tracker.CreateFeature{Epic: "E01", Title: "other"}))
		ok[plan.Epic](t)(r.CreateEpic(as("lead"), tracker.CreateEpic{Title: "other"}))
		for _, c := range []struct{ key, there, to, back, last string }{
			{task, "E01-F02", "T-E01-F02-001", "E01-F01", "T-E01-F01-002"},
			{"E01-F01", "E02", "E02-F01", "E01", "E01-F03"},
		} {
			ok[tracker.Items](t)(r.Move(ctx, tracker.Move{Keys: []string{c.key}, To: c.there}))
			first := *operation
			ok[tracker.Items](t)(r.Move(ctx, tracker.Move{Keys: []string{c.to}, To: c.back}))
			ok[tracker.Undone](t)(r.Undo(ctx, tracker.Undo{To: first}))
			ok[tracker.Item](t)(r.Show(ctx, tracker.Show{Key: c.key}))
			ok[tracker.Undone](t)(r.Redo(ctx, tracker.Redo{}))
			ok[tracker.Item](t)(r.Show(ctx, tracker.Show{Key: c.last}))
			ok[tracker.Undone](t)(r.Undo(ctx, tracker.Undo{})) // the second move only
			ok[tracker.Item](t)(r.Show(ctx, tracker.Show{Key: c.to}))
			ok[tracker.Undone](t)(r.Redo(ctx, tracker.Redo{}))
		}
	})
}

// TestUndoOfADeletionAndItsUndo: an epic that one undo deletes and restores counts
// as before.
func TestUndoOfADeletionAndItsUndo(t *testing.T) {
	eachSpan(t, func(t *testing.T, r *rig, ctx context.Context, task string, operation *string) {
		title := "Pay by card"
		ok[tracker.Changed](t)(r.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{task}, Title: &title}))
		first := *operation
		ok[tracker.Deleted](t)(r.Delete(ctx, tracker.Delete{Key: "E01", Force: true}))
		ok[tracker.Undone](t)(r.Undo(ctx, tracker.Undo{To: *operation}))
		ok[tracker.Undone](t)(r.Undo(ctx, tracker.Undo{To: first}))
		if got := ok[plan.Task](t)(r.Task(ctx, task)).Title; got != "Pay" {
			t.Errorf("the title is %q", got)
		}
	})
}

// TestUndoOfADeletionWithinAnother: a task and its epic that one operation put into
// the trash, each by itself, come back together.
func TestUndoOfADeletionWithinAnother(t *testing.T) {
	eachSpan(t, func(t *testing.T, r *rig, ctx context.Context, task string, operation *string) {
		ok[tracker.Deleted](t)(r.Delete(ctx, tracker.Delete{Key: task, Force: true}))
		first := *operation
		ok[tracker.Deleted](t)(r.Delete(ctx, tracker.Delete{Key: "E01", Force: true}))
		ok[tracker.Undone](t)(r.Undo(ctx, tracker.Undo{To: first}))
		ok[tracker.Undone](t)(r.Redo(ctx, tracker.Redo{}))
		if n := len(ok[tracker.Trash](t)(r.ListTrash(ctx, tracker.ListTrash{})).Items); n != 2 {
			t.Errorf("%d entries are in the trash, want the task's and the epic's", n)
		}
		ok[tracker.Undone](t)(r.Undo(ctx, tracker.Undo{ID: *operation}))
		ok[tracker.Item](t)(r.Show(ctx, tracker.Show{Key: task}))
	})
}

// TestRedoOfAFieldDeletedAfterItsTasks: what has values of a field is in the trash
// again before the field goes.
func TestRedoOfAFieldDeletedAfterItsTasks(t *testing.T) {
	eachSpan(t, func(t *testing.T, r *rig, ctx context.Context, task string, operation *string) {
		ok[plan.CustomField](t)(r.CreateField(as("lead"), tracker.CreateField{Name: "size", Type: "text"}))
		ok[tracker.Changed](t)(r.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{task}, Fields: plan.Fields{"size": plan.TextValue("big")}}))
		first := *operation
		ok[tracker.Deleted](t)(r.Delete(ctx, tracker.Delete{Key: "E01-F01", Force: true}))
		if _, err := r.DeleteField(ctx, tracker.DeleteField{Name: "size"}); err != nil {
			t.Fatal(err)
		}
		ok[tracker.Undone](t)(r.Undo(ctx, tracker.Undo{To: first}))
		ok[tracker.Undone](t)(r.Redo(ctx, tracker.Redo{}))
		if n := len(ok[tracker.FieldsAnswer](t)(r.ListFields(ctx, tracker.ListFields{})).Items); n != 0 {
			t.Errorf("%d fields are left", n)
		}
		ok[tracker.Undone](t)(r.Undo(ctx, tracker.Undo{To: first}))
		if n := len(ok[tracker.FieldsAnswer](t)(r.ListFields(ctx, tracker.ListFields{})).Items); n != 1 {
			t.Errorf("%d fields are back", n)
		}
	})
}

// TestRedoOfAMoveAndADeletion: what was moved and then deleted is where it was put.
func TestRedoOfAMoveAndADeletion(t *testing.T) {
	eachSpan(t, func(t *testing.T, r *rig, ctx context.Context, task string, operation *string) {
		ok[tracker.SavedFeature](t)(r.CreateFeature(as("lead"), tracker.CreateFeature{Epic: "E01", Title: "other"}))
		ok[tracker.Items](t)(r.Move(ctx, tracker.Move{Keys: []string{task}, To: "E01-F02"}))
		first := *operation
		ok[tracker.Deleted](t)(r.Delete(ctx, tracker.Delete{Key: "T-E01-F02-001", Force: true}))
		for range 2 {
			ok[tracker.Undone](t)(r.Undo(ctx, tracker.Undo{To: first}))
			ok[tracker.Item](t)(r.Show(ctx, tracker.Show{Key: task}))
			ok[tracker.Undone](t)(r.Redo(ctx, tracker.Redo{}))
			ok[tracker.TrashEntry](t)(r.ShowTrash(ctx, tracker.ShowTrash{Key: "T-E01-F02-001"}))
		}
	})
}

// TestRedoOfASpanThatEndedWithAnUndo: an undo of changes and undos is an undo, and
// is redone.
func TestRedoOfASpanThatEndedWithAnUndo(t *testing.T) {
	eachSpan(t, func(t *testing.T, r *rig, ctx context.Context, task string, operation *string) {
		title := func() string { return ok[plan.Task](t)(r.Task(ctx, task)).Title }
		first := ""
		for _, s := range []string{"one", "two"} {
			ok[tracker.Changed](t)(r.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{task}, Title: &s}))
			if first == "" {
				first = *operation
			}
		}
		ok[tracker.Undone](t)(r.Undo(ctx, tracker.Undo{}))
		if u := ok[tracker.Undone](t)(r.Undo(ctx, tracker.Undo{To: first})); u.Redo || title() != "Pay" {
			t.Errorf("undone is %+v, the title %q", u, title())
		}
		for _, want := range []string{"one", "two"} {
			if u := ok[tracker.Undone](t)(r.Redo(ctx, tracker.Redo{})); !u.Redo || title() != want {
				t.Errorf("redone is %+v, the title %q, not %q", u, title(), want)
			}
		}
	})
}

// TestRedoOfWhatWasDeletedAndChanged: what an undo of several operations brings
// back, changes and deletes again is so after its redo, too.
func TestRedoOfWhatWasDeletedAndChanged(t *testing.T) {
	eachSpan(t, func(t *testing.T, r *rig, ctx context.Context, task string, operation *string) {
		undo := func(to string) string { ok[tracker.Undone](t)(r.Undo(ctx, tracker.Undo{To: to})); return *operation }
		redo := func() { ok[tracker.Undone](t)(r.Redo(ctx, tracker.Redo{})) }
		rename := func(epic, title string) string {
			ok[tracker.SavedEpic](t)(r.UpdateEpic(ctx, tracker.UpdateEpic{Key: "E01", Title: &epic}))
			first := *operation
			ok[tracker.Changed](t)(r.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{task}, Title: &title}))
			return first
		}
		remove := func() string {
			ok[tracker.Deleted](t)(r.Delete(ctx, tracker.Delete{Key: "E01", Force: true}))
			return *operation
		}
		restored := func(when, epic, title string) {
			t.Helper()
			ok[tracker.Restored](t)(r.Restore(ctx, tracker.Restore{Key: "E01"}))
			if got := ok[tracker.Item](t)(r.Show(ctx, tracker.Show{Key: "E01"})).Epic.Title; got != epic {
				t.Errorf("%s: the epic is %q, not %q", when, got, epic)
			}
			if got := ok[plan.Task](t)(r.Task(ctx, task)).Title; got != title {
				t.Errorf("%s: the task is %q, not %q", when, got, title)
			}
			ok[tracker.Undone](t)(r.Undo(ctx, tracker.Undo{}))
		}
		first := rename("one", "first")
		remove()
		back := undo(first)
		redo()
		restored("redone", "one", "first")
		undo(first)
		rename("two", "second")
		remove()
		again := undo(back)
		restored("undone to the deletion", "one", "first")
		ok[tracker.Undone](t)(r.Undo(ctx, tracker.Undo{ID: again}))
		restored("redone to the second deletion", "two", "second")
	})
}

// TestUndoOfACreationThatWasRedone: what was created item by item, undone at once,
// redone and undone again comes back as a whole.
func TestUndoOfACreationThatWasRedone(t *testing.T) {
	eachSpan(t, func(t *testing.T, r *rig, ctx context.Context, task string, operation *string) {
		ok[tracker.SavedFeature](t)(r.CreateFeature(ctx, tracker.CreateFeature{Epic: "E01", Title: "new"}))
		first := *operation
		ok[plan.Task](t)(r.CreateTask(ctx, tracker.CreateTask{Feature: "E01-F02", Title: "new"}))
		ok[tracker.Undone](t)(r.Undo(ctx, tracker.Undo{To: first}))
		ok[tracker.Undone](t)(r.Redo(ctx, tracker.Redo{}))
		ok[tracker.Undone](t)(r.Undo(ctx, tracker.Undo{To: first}))
		ok[tracker.Undone](t)(r.Redo(ctx, tracker.Redo{}))
		if got := ok[plan.Task](t)(r.Task(ctx, "T-E01-F02-001")).Title; got != "new" {
			t.Errorf("the task is %q", got)
		}
	})
}

// TestUndoOfADeletionThatWasRedone: what was in the trash by itself is there by
// itself after an undo and a redo of more than its deletion.
func TestUndoOfADeletionThatWasRedone(t *testing.T) {
	eachSpan(t, func(t *testing.T, r *rig, ctx context.Context, task string, operation *string) {
		ok[tracker.Deleted](t)(r.Delete(ctx, tracker.Delete{Key: task}))
		first := *operation
		ok[tracker.Deleted](t)(r.Delete(ctx, tracker.Delete{Key: "E01", Force: true}))
		ok[tracker.Undone](t)(r.Undo(ctx, tracker.Undo{To: first}))
		ok[tracker.Undone](t)(r.Redo(ctx, tracker.Redo{}))
		ok[tracker.Undone](t)(r.Undo(ctx, tracker.Undo{})) // the second deletion only
		if all := ok[tracker.Trash](t)(r.ListTrash(ctx, tracker.ListTrash{})).Items; len(all) != 1 || all[0].Key.String() != task {
			t.Errorf("in the trash are %+v", all)
		}
	})
}
