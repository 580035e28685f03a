package tracker_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/tracker"
)

func TestKeysAreNeverReused(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		k := r.tasks(f, 2)
		gone := ok[tracker.Deleted](t)(r.delete(k[1], false))
		if got := r.task(f, "x"); got.String() != "T-E01-F01-003" {
			t.Errorf("after a delete the next key is %s", got)
		}
		ok[tracker.Restored](t)(r.restore(gone))
		if got := r.task(f, "x"); got.String() != "T-E01-F01-004" {
			t.Errorf("after a restore the next key is %s", got)
		}
		whole := ok[tracker.Deleted](t)(r.delete(f, false))
		if got := r.feature(f.EpicKey(), "x"); got.String() != "E01-F02" {
			t.Errorf("after a delete the next feature is %s", got)
		}
		ok[tracker.Restored](t)(r.restore(whole))
		if got := r.task(f, "x"); got.String() != "T-E01-F01-005" {
			t.Errorf("in a restored feature the next key is %s", got)
		}
		all := ok[tracker.Deleted](t)(r.delete(f.EpicKey(), false))
		if got := r.epic("x"); got.String() != "E02" {
			t.Errorf("after a delete the next epic is %s", got)
		}
		ok[tracker.Restored](t)(r.restore(all))
		if a, b := r.epic("x"), r.feature(f.EpicKey(), "x"); a.String() != "E03" || b.String() != "E01-F03" {
			t.Errorf("after a restore the next keys are %s and %s", a, b)
		}
		_, err := r.CreateTasks(as("ann"), tracker.CreateTasks{Tasks: []tracker.CreateTask{
			{Feature: f.String(), Title: "x"}, {Feature: "E09-F01", Title: "x"}}})
		refused(t, err, "not_found", "E09-F01")
		if got := r.task(f, "x"); got.String() != "T-E01-F01-006" { // a number that nobody has seen may be given
			t.Errorf("after a refused create the next key is %s", got)
		}
	})
}

func TestKeysAreNeverReusedAfterAnImport(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		r.tasks(f, 3)
		ok[tracker.Deleted](t)(r.delete(f.Child(3), false))
		r.feature(f.EpicKey(), "deleted")
		ok[tracker.Deleted](t)(r.delete(plan.MustKey("E01-F02"), false))
		r.epic("deleted")
		ok[tracker.Deleted](t)(r.delete(plan.MustKey("E02"), false))
		exported := r.export()
		each(t, func(t *testing.T, to *rig) {
			ok[tracker.Imported](t)(to.load(exported))
			if a, b, c := to.task(f, "x"), to.feature(f.EpicKey(), "x"), to.epic("x"); a.Task != 4 || b.Feature != 3 || c.Epic != 3 {
				t.Errorf("the next keys are %s, %s and %s", a, b, c)
			}
		})
	})
}

func TestDeletedItemsComeBackAsTheyWere(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		inside, outside := r.tasks(f, 3), r.task(r.plan(), "outside")
		ok[tracker.Changed](t)(r.depend(inside[0], outside))
		ok[tracker.Changed](t)(r.depend(inside[1], inside[0]))
		ok[plan.Note](t)(r.AddNote(as("bob"), tracker.AddNote{Key: inside[0].String(), Body: "look", Kind: "handoff"}))
		r.do("ann", plan.Complete, inside[2])
		for _, k := range []plan.Key{inside[0], inside[2], f, f.EpicKey()} {
			before := r.export()
			r.deleteAndRestore(k)
			after := r.export()
			if a, b := linesUnder(before, k)[1:], linesUnder(after, k)[1:]; !slices.Equal(a, b) {
				t.Errorf("below %s there was\n%s\nand is\n%s", k, a, b)
			}
			// Its own line has two records more, and what follows from them.
			if a, b := unrecorded(t, linesUnder(before, k)[0]), unrecorded(t, linesUnder(after, k)[0]); a != b {
				t.Errorf("%s was\n%s\nand is\n%s", k, a, b)
			}
		}
		if got := r.show(inside[1]); !slices.Equal(got.DependsOn, inside[:1]) || got.OpenDependencies != 1 {
			t.Errorf("%s depends on %v, %d open", inside[1], got.DependsOn, got.OpenDependencies)
		}
		if got := r.show(inside[0]); !slices.Equal(got.DependsOn, []plan.Key{outside}) || got.OpenDependencies != 1 {
			t.Errorf("%s depends on %v, %d open", inside[0], got.DependsOn, got.OpenDependencies)
		}
	})
}

// unrecorded returns the line of an item without what every record changes.
func unrecorded(t testing.TB, line string) string {
	var fields map[string]any
	if err := json.Unmarshal([]byte(line), &fields); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"version", "updated_at", "history", "history_hash"} {
		delete(fields, name)
	}
	return fmt.Sprint(fields)
}

func (r *rig) deleteAndRestore(k plan.Key) {
	r.t.Helper()
	gone := ok[tracker.Deleted](r.t)(r.delete(k, true))
	_, err := r.Show(as("ann"), tracker.Show{Key: k.String()})
	if code(err) != "not_found" {
		r.t.Errorf("%s is there after its deletion: %v", k, err)
	}
	ok[tracker.Restored](r.t)(r.restore(gone))
}

// linesUnder returns the lines of an export that are of k or of what lies under it.
func linesUnder(export []byte, k plan.Key) (out []string) {
	for line := range strings.Lines(string(export)) {
		var head struct{ Key plan.Key }
		if json.Unmarshal([]byte(line), &head) == nil && k.Contains(head.Key) && !head.Key.IsZero() {
			out = append(out, line)
		}
	}
	return out
}

func TestDeletionCountsAndAsksBeforeItCutsDependencies(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		k := r.tasks(f, 2)
		waits := r.task(r.plan(), "waits", k[0], k[1])
		want := tracker.Gone{Epics: 1, Features: 1, Tasks: 2, Notes: 1}
		ok[plan.Note](t)(r.AddNote(as("ann"), tracker.AddNote{Key: k[0].String(), Body: "x"}))
		before := string(r.export())
		dry := ok[tracker.Deleted](t)(r.Delete(as("ann"), tracker.Delete{Key: "E01", DryRun: true}))
		if dry.Deleted != want || dry.NextCommands != nil || dry.Title != "Epic" || !slices.Equal(dry.Dependants, []plan.Key{waits}) {
			t.Errorf("the dry run says %+v", dry)
		}
		for _, what := range []plan.Key{k[0], f, f.EpicKey()} {
			_, err := r.delete(what, false)
			refused(t, err, "has_dependants", waits.String(), what.String())
		}
		if string(r.export()) != before {
			t.Error("refusals and a dry run changed something")
		}
		if gone := ok[tracker.Deleted](t)(r.delete(f.EpicKey(), true)); gone.Deleted != want {
			t.Errorf("the deletion says %+v", gone.Deleted)
		}
		task, h := r.show(waits), r.log(waits)
		if task.OpenDependencies != 0 || task.DependsOn != nil || task.Version != 3 || h[0].Notes != "E01 was deleted" {
			t.Errorf("%s has %d open, version %d, %q", waits, task.OpenDependencies, task.Version, h[0].Notes)
		}
		_, err := r.delete(f.EpicKey(), true)
		refused(t, err, "not_found", "E01")
		_, err = r.delete(plan.Key{}, true)
		refused(t, err, "bad_key")
	})
}

func TestTheHistoryTellsOfDeletionAndReturn(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		for _, k := range []plan.Key{r.task(f, "the task"), f, f.EpicKey()} {
			r.deleteAndRestore(k)
			h := slices.DeleteFunc(r.log(k), func(h plan.History) bool { return h.Key != k })
			if len(h) != 3 || h[1].NewStatus != "" || h[0].OldStatus != "" || h[0].NewStatus != h[1].OldStatus {
				t.Errorf("%s: %+v", k, h)
			}
		}
		if d := ok[tracker.Diagnosis](t)(r.Doctor(as("ann"), tracker.Doctor{})); d.Flaws != 0 {
			t.Errorf("%+v", d)
		}
	})
}

func TestRestoreTiesWhatWaitedAgain(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		k := r.tasks(f, 4)
		for _, waits := range k[1:] {
			ok[tracker.Changed](t)(r.depend(waits, k[0]))
		}
		ok[tracker.Changed](t)(r.depend(k[0], r.task(f, "before it")))
		gone := ok[tracker.Deleted](t)(r.delete(k[0], true))
		ok[tracker.Deleted](t)(r.delete(k[1], false))      // is not there when its dependency comes back
		ok[tracker.Changed](t)(r.depend(f.Child(5), k[2])) // would close a cycle
		ok[tracker.Restored](t)(r.restore(gone))
		if a, b := r.show(k[2]), r.show(k[3]); a.DependsOn != nil || a.OpenDependencies != 0 || !slices.Equal(b.DependsOn, k[:1]) || b.OpenDependencies != 1 {
			t.Errorf("they depend on %v (%d open) and %v (%d open)", a.DependsOn, a.OpenDependencies, b.DependsOn, b.OpenDependencies)
		}
		before := string(r.export())
		_, err := r.restore(gone)
		refused(t, err, "conflict", "was not deleted")
		if string(r.export()) != before {
			t.Error("a second restore changed something")
		}
	})
}

func TestRestoreNeedsTheParent(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		k := r.task(f, "x")
		gone := ok[tracker.Deleted](t)(r.delete(k, false))
		ok[tracker.Deleted](t)(r.delete(f, false))
		_, err := r.restore(gone)
		refused(t, err, "parent_deleted", f.String())
	})
}

// A deletion of many takes their rows table by table, without the foreign keys
// on SQLite. Nothing of them is left, and nothing else is gone.
func TestDeletionLeavesNothingBehind(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		whole := func() plan.Key {
			f := r.plan()
			tasks := r.tasks(f, 3)
			ok[tracker.Changed](t)(r.depend(tasks[1], tasks[0]))
			for _, on := range []plan.Key{tasks[0], f, f.EpicKey()} {
				ok[plan.Note](t)(r.AddNote(as("bob"), tracker.AddNote{Key: on.String(), Body: "look"}))
			}
			return f
		}
		stay, epic, feature := whole(), whole().EpicKey(), whole()
		ok[tracker.Deleted](t)(r.delete(whole(), false))
		r.everyReferenceIsUsed()
		before := linesUnder(r.export(), stay.EpicKey())
		for _, k := range []plan.Key{epic, feature} {
			gone := ok[tracker.Deleted](t)(r.delete(k, false))
			if notes := map[plan.Level]int{plan.LevelEpic: 3, plan.LevelFeature: 2}[k.Level()]; gone.Deleted.Tasks != 3 || gone.Deleted.Notes != notes {
				t.Errorf("%s: %+v", k, gone)
			}
			if d := ok[tracker.Diagnosis](t)(r.Doctor(as("ann"), tracker.Doctor{})); d.Flaws != 0 {
				t.Errorf("after the deletion of %s: %+v", k, d)
			}
		}
		if after := linesUnder(r.export(), stay.EpicKey()); !slices.Equal(before, after) {
			t.Errorf("%s was\n%s\nand is\n%s", stay.EpicKey(), before, after)
		}
	})
}

// everyReferenceIsUsed fails if there is a foreign key that no row makes use
// of: what was deleted would not show whether a deletion knows of it.
func (r *rig) everyReferenceIsUsed() {
	r.t.Helper()
	text := `select m.name, f."from" from sqlite_schema m, pragma_foreign_key_list(m.name) f where m.type = 'table'`
	if db.IsPostgres(r.address) {
		text = `select table_name, column_name from information_schema.key_column_usage k join information_schema.referential_constraints
			using (constraint_schema, constraint_name) where k.table_schema = current_schema()`
	}
	rows := ok[*sql.Rows](r.t)(r.raw.Query(text))
	references := map[string]string{}
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			r.t.Fatal(err)
		}
		references[table+"."+column] = "select count(" + column + ") from " + table
	}
	if err := rows.Err(); err != nil || len(references) < 5 {
		r.t.Fatalf("%d foreign keys: %v", len(references), err)
	}
	for name, count := range references {
		var n int
		if err := r.raw.QueryRow(count).Scan(&n); err != nil || n == 0 {
			r.t.Errorf("%d rows use %s: %v", n, name, err)
		}
	}
}
