package store_test

import (
	"slices"
	"testing"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
)

// The ten indexes that the specification names.
var tenIndexes = []string{"idx_epics_key", "idx_features_key", "idx_features_epic_id", "idx_tasks_key", "idx_tasks_feature_id",
	"idx_tasks_status", "idx_tasks_agent_type", "idx_tasks_status_priority", "idx_task_history_task_id", "idx_task_history_timestamp"}

func TestFreshDatabaseHasTheTenIndexes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		indexes, err := store.Read(t.Context(), db, func(tx *store.Tx) ([]string, error) { return tx.IndexNames() })
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range tenIndexes {
			if !slices.Contains(indexes, name) {
				t.Errorf("no index %s among %v", name, indexes)
			}
		}
	})
}

func TestKeysAreGivenOnceAndNeverAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		epic := func() plan.Key {
			k, err := store.Write(t.Context(), db, func(tx *store.Tx) (plan.Key, error) {
				k, err := tx.NextEpicKey()
				if err != nil {
					return k, err
				}
				now, err := tx.Now()
				if err != nil {
					return k, err
				}
				e := plan.Epic{Key: k, Title: "t", Status: plan.PlanActive, Priority: plan.High, CreatedAt: now, UpdatedAt: now}
				return k, tx.InsertEpic(&e, plan.History{NewStatus: "active"})
			})
			if err != nil {
				t.Fatal(err)
			}
			return k
		}
		first := epic()
		if _, err := store.Write(t.Context(), db, func(tx *store.Tx) (int, error) { return 0, tx.DeleteEpic(first) }); err != nil {
			t.Fatal(err)
		}
		if second := epic(); first.String() != "E01" || second.String() != "E02" {
			t.Errorf("keys are %s and %s, want E01 and E02", first, second)
		}
	})
}
