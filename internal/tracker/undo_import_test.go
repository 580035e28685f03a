package tracker_test

import (
	"bytes"
	"testing"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// An import of items with their histories leaves no records of its own, and yet it
// is one operation: an undo takes away what it brought, and nothing else.
func TestUndoOfAnImport(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		from := newRig(t, storetest.SQLite(t), store.Options{})
		from.epic("one")
		from.epic("two")
		feature := from.feature(plan.Key{Epic: 2}, "f")
		tasks := from.tasks(feature, 3)
		from.do("bob", "complete", tasks[0])
		from.delete(plan.Key{Epic: 1}, true)
		ok[tracker.Trash](t)(from.EmptyTrash(as("ann"), tracker.EmptyTrash{}))
		file := from.export()

		own := r.tasks(r.plan(), 2)
		r.note(own[0], "mine")
		ok[tracker.Imported](t)(r.load(file))
		last := ok[tracker.Operations](t)(r.ListOperations(as("ann"), tracker.ListOperations{})).Items[0]
		if last.Command != "import E02" || last.Items != 5 {
			t.Fatalf("the import is recorded as %+v", last)
		}
		out := ok[tracker.Undone](t)(r.Undo(as("ann"), tracker.Undo{}))
		if out.Undone[0].ID != last.ID {
			t.Fatalf("undone is %+v", out.Undone)
		}
		if n := len(ok[tracker.Page[plan.Task]](t)(r.ListTasks(as("ann"), tracker.ListTasks{})).Items); n != 2 {
			t.Errorf("%d tasks are left", n)
		}
		r.sound("after the undo")
		ok[tracker.Undone](t)(r.Redo(as("ann"), tracker.Redo{}))
		if got := ok[tracker.Page[plan.Task]](t)(r.ListTasks(as("ann"), tracker.ListTasks{})).Items; len(got) != 5 {
			t.Errorf("%d tasks came back", len(got))
		}
		r.sound("after the redo")
	})
}

func TestUndoOfAnImportThatWasChangedSince(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		from := newRig(t, storetest.SQLite(t), store.Options{})
		tasks := from.tasks(from.plan(), 3)
		file := from.export()
		ok[tracker.Imported](t)(r.load(file))
		if !bytes.Equal(file, r.export()) {
			t.Error("the export of an import is another than that which was imported")
		}
		ok[tracker.Changed](t)(r.UpdateTask(as("bob"), tracker.UpdateTask{Keys: []string{tasks[1].String()}, Title: ptr("other")}))
		_, err := r.Undo(as("ann"), tracker.Undo{})
		refused(t, err, "undo_conflict", "title", "T-E01-F01-002")
		ok[tracker.Undone](t)(r.Undo(as("ann"), tracker.Undo{SkipConflicts: true}))
		if got := ok[tracker.Page[plan.Task]](t)(r.ListTasks(as("ann"), tracker.ListTasks{})).Items; len(got) != 1 || got[0].Key != tasks[1] {
			t.Errorf("%v stayed", got)
		}
		r.sound("after the undo")
	})
}

// What an import brought in and was moved since stays, and the undo says so.
func TestUndoOfAnImportThatWasMovedSince(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		from := newRig(t, storetest.SQLite(t), store.Options{})
		epic := from.plan().EpicKey()
		ok[tracker.Imported](t)(r.load(from.export()))
		from.tasks(from.feature(epic, "later"), 2)
		ok[tracker.Imported](t)(r.load(from.export()))
		imported := ok[tracker.Operations](t)(r.ListOperations(as("ann"), tracker.ListOperations{})).Items[0]
		if imported.Command != "import E01-F02" {
			t.Fatalf("the import is recorded as %+v", imported)
		}
		ok[tracker.Items](t)(r.Move(as("bob"), tracker.Move{Keys: []string{"E01-F02"}, To: r.epic("other").String()}))
		_, err := r.Undo(as("ann"), tracker.Undo{ID: imported.ID})
		refused(t, err, "undo_conflict", "key", "E02-F01")
		out := ok[tracker.Undone](t)(r.Undo(as("ann"), tracker.Undo{ID: imported.ID, SkipConflicts: true}))
		if len(out.Conflicts) != 1 || out.Conflicts[0].Agent != "bob" {
			t.Errorf("what stayed is %+v", out.Conflicts)
		}
		r.sound("after the undo")
	})
}
