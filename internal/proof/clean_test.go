package proof

import (
	"math"
	"slices"
	"testing"

	"pm/internal/plan"
	"pm/internal/store"
)

// clean checks what must be true of every database at rest: its engine finds
// no damage; every change of a task has its one history row, and the rows of
// each task form an unbroken chain; progress, open dependencies and the counts
// by status are exact.
func (w *world) clean(t testing.TB) {
	t.Helper()
	if w.engine == "sqlite" {
		if got := w.strings(t, "pragma integrity_check"); !slices.Equal(got, []string{"ok"}) {
			t.Errorf("integrity_check says %v", got)
		}
		if got := w.strings(t, "pragma foreign_key_check"); len(got) > 0 {
			t.Errorf("foreign_key_check says %v", got)
		}
	}
	// A renewal is no change: it raises no version and writes no row.
	for _, row := range w.strings(t, `select key, version, (select count(*) from task_history where task_id = tasks.id) from tasks
		where version <> (select count(*) from task_history where task_id = tasks.id)`) {
		t.Errorf("key|version|history rows: %s", row)
	}
	for _, row := range w.strings(t, `select key, open_dependencies from tasks t where open_dependencies <> (
		select count(*) from task_dependencies d join tasks o on o.id = d.depends_on_id
		where d.task_id = t.id and o.status not in ('completed', 'archived'))`) {
		t.Errorf("key|wrong number of open dependencies: %s", row)
	}
	db, err := store.Open(t.Context(), w.address, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_, err = store.Read(t.Context(), db, func(tx *store.Tx) (struct{}, error) {
		return struct{}{}, firstError(cleanChains(t, tx), cleanProgress(t, tx), cleanCounts(t, tx))
	})
	if err != nil {
		t.Error(err)
	}
}

func cleanChains(t testing.TB, tx *store.Tx) error {
	tasks, err := tx.Tasks(store.TaskFilter{Sort: store.ByKey})
	if err != nil {
		return err
	}
	records, err := tx.TaskHistory(0, math.MaxInt64)
	if err != nil {
		return err
	}
	notes, err := tx.Notes(0, math.MaxInt64)
	if err != nil {
		return err
	}
	for _, task := range tasks {
		r := plan.Replay{UID: task.UID}
		for _, h := range records[task.Key] {
			if err := r.Add(h); err != nil {
				t.Fatalf("%s: %v at %+v", task.Key, err, h)
			}
		}
		if differs := r.Task(task, notes[task.Key]); differs != nil {
			t.Errorf("%s does not match its history: %q", task.Key, differs)
		}
	}
	return nil
}

func cleanProgress(t testing.TB, tx *store.Tx) error {
	epics, err := tx.Epics(store.PlanFilter{})
	if err != nil {
		return err
	}
	for _, e := range epics {
		want, err := tx.CountTasks(e.Key)
		if err != nil {
			return err
		}
		if got := (store.Sums{Total: e.TasksTotal, Completed: e.TasksCompleted, Estimate: e.EstimateTotal, EstimateDone: e.EstimateDone}); got != want {
			t.Errorf("%s keeps %+v, its tasks are %+v", e.Key, got, want)
		}
	}
	features, err := tx.Features(store.PlanFilter{})
	if err != nil {
		return err
	}
	for _, f := range features {
		want, err := tx.CountTasks(f.Key)
		if err != nil {
			return err
		}
		got := store.Sums{Total: f.TasksTotal, Completed: f.TasksCompleted, Estimate: f.EstimateTotal, EstimateDone: f.EstimateDone}
		if got != want || math.Abs(float64(f.ProgressPct-plan.Progress(want.Completed, want.Total))) > 1e-9 {
			t.Errorf("%s keeps %+v, %v %%, its tasks are %+v", f.Key, got, f.ProgressPct, want)
		}
	}
	return nil
}

// cleanCounts checks the counts by status that are kept for each epic and for
// the plan.
func cleanCounts(t testing.TB, tx *store.Tx) error {
	flaws, err := tx.CountFlaws()
	for _, f := range flaws {
		t.Errorf("%s: %s", f.Key, f.Text)
	}
	return err
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
