package store_test

import (
	"testing"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
)

// PostgreSQL plans how to find a task by how many it believes there are. That
// is what it counted last, before a deletion's transaction or after it: a bulk
// has it count again, so that the tasks it adds are found by their ids.
func TestBulkIsCounted(t *testing.T) {
	d, err := store.Open(t.Context(), storetest.Postgres(t), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	const tasks = 2500
	believed, err := store.Write(t.Context(), d, func(tx *store.Tx) (int, error) {
		e := plan.Epic{Key: plan.MustKey("E01"), Title: "epic", Status: plan.PlanActive, Priority: plan.Medium}
		f := plan.Feature{Key: plan.MustKey("E01-F01"), Title: "feature", Status: plan.PlanActive}
		if err := tx.InsertEpic(&e, plan.History{}); err != nil {
			return 0, err
		}
		if err := tx.InsertFeature(&f, plan.History{}); err != nil {
			return 0, err
		}
		bulk := tx.NewBulk()
		for n := 1; n <= tasks; n++ {
			task := plan.Task{Key: f.Key.Child(n), Title: "task", Status: plan.Todo, Priority: 5, CreatedAt: time.Now()}
			if err := bulk.Insert(&task, plan.History{}); err != nil {
				return 0, err
			}
		}
		if err := bulk.Flush(); err != nil {
			return 0, err
		}
		return tx.Count(db.Named("believed", "select cast(reltuples as bigint) from pg_class where oid = 'tasks'::regclass"))
	})
	if err != nil || believed < 1000 || believed > tasks {
		t.Errorf("it believes that there are %d of %d: %v", believed, tasks, err)
	}
}
