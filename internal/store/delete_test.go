package store_test

import (
	"testing"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
)

// What tasks elsewhere wait for goes with its dependencies, in both directions.
func TestDeletionTakesDependenciesFromElsewhere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		here, there, last := plan.MustKey("T-E01-F01-001"), plan.MustKey("T-E02-F01-001"), plan.MustKey("T-E01-F01-002")
		m := model{needs: map[plan.Key][]plan.Key{there: {here}, last: {there}}}
		for _, k := range []plan.Key{here, there, last} {
			m.tasks = append(m.tasks, plan.Task{Key: k, Title: "t", Status: plan.Todo, Priority: 5, CreatedAt: modelStart, UpdatedAt: modelStart})
		}
		m.fill(t, db)
		_, err := store.Write(t.Context(), db, func(tx *store.Tx) (int, error) {
			if err := tx.DeleteEpic(here.EpicKey()); err != nil {
				return 0, err
			}
			for _, k := range []plan.Key{here, there, last} {
				if on, err := tx.DependenciesOf(k); err != nil || len(on) > 0 {
					t.Errorf("%s depends on %v, %v", k, on, err)
				}
				if from, err := tx.DependantsOf(k); err != nil || len(from) > 0 {
					t.Errorf("%v depend on %s, %v", from, k, err)
				}
			}
			flaws, err := tx.FileFlaws()
			if len(flaws) > 0 {
				t.Error(flaws)
			}
			return 0, err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
