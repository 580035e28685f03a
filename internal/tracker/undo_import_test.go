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

// What an import declared and said of the project goes with the items that it
// brought, unless somebody else uses it by then.
func TestUndoOfAnImportOfAProject(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		from := newRig(t, storetest.SQLite(t), store.Options{})
		ok[plan.CustomField](t)(from.CreateField(as("ann"), tracker.CreateField{Name: "size", Type: "text"}))
		ok[plan.CustomField](t)(from.CreateField(as("ann"), tracker.CreateField{Name: "risk", Type: "text"}))
		from.line(plan.Stage{Name: "build"}, plan.Stage{Name: "test"})
		from.setting(plan.RequireReview, "true")
		from.remember("we deploy on Fridays")
		key := from.tasks(from.plan(), 2)[0]
		ok[tracker.Changed](t)(from.UpdateTask(as("ann"), tracker.UpdateTask{Keys: []string{key.String()}, Fields: plan.Fields{"size": plan.TextValue("s")}}))
		file := from.export()
		declared := func() (n int) {
			n = len(ok[tracker.FieldsAnswer](t)(r.ListFields(as("ann"), tracker.ListFields{})).Items) + len(ok[tracker.Notes](t)(r.ListNotes(as("ann"), tracker.ListNotes{Key: "plan"})).Items)
			p := ok[tracker.Project](t)(r.ShowProject(as("ann"), tracker.ShowProject{}))
			for _, s := range p.Settings {
				if s.Set {
					n++
				}
			}
			return n + len(p.Stages)
		}
		ok[tracker.Imported](t)(r.load(file))
		o := r.newest()
		if got := declared(); got != 6 {
			t.Fatalf("the import declared %d", got)
		}
		if undone := ok[tracker.Undone](t)(r.Undo(as("ann"), tracker.Undo{})); undone.Undone[0].ID != o || declared() != 0 || len(undone.Warnings) > 0 {
			t.Errorf("the undo left %d, and says %+v", declared(), undone.Warnings)
		}
		r.sound("after the undo")
		ok[tracker.Undone](t)(r.Redo(as("ann"), tracker.Redo{}))
		if got := declared(); got != 6 {
			t.Errorf("the redo brought back %d of 6", got)
		}
		r.sound("after the redo")

		// What others use stays.
		mine := r.task(r.plan(), "mine")
		ok[tracker.Changed](t)(r.UpdateTask(as("bob"), tracker.UpdateTask{Keys: []string{mine.String()}, Fields: plan.Fields{"risk": plan.TextValue("high")}}))
		_, err := r.Undo(as("ann"), tracker.Undo{ID: o})
		if e := plan.Describe(err); e.Code != "undo_conflict" || len(e.Conflicts) != 2 || e.Conflicts[0].Field != "field.risk" || e.Conflicts[1].Field != "stage.build" {
			t.Errorf("undoing it although a field and a stage are used: %v, %+v", err, e.Conflicts)
		}
		ok[tracker.Undone](t)(r.Undo(as("ann"), tracker.Undo{ID: o, SkipConflicts: true}))
		if got := declared(); got != 2 {
			t.Errorf("%d are left, not the field and the stage", got)
		}
		r.sound("after the rest was undone")
	})
}
