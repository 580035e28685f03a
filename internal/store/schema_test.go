package store_test

import (
	"database/sql"
	"slices"
	"testing"

	"pm/internal/db"
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

// A schema version that no program writes is damage, for whatever opens the file.
func TestImpossibleSchemaVersion(t *testing.T) {
	for _, version := range []string{"0", "-1", "-2147483648"} {
		path := storetest.SQLite(t)
		raw, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = raw.Exec("pragma user_version=" + version)
		if closed := raw.Close(); err != nil || closed != nil {
			t.Fatal(err, closed)
		}
		_, openErr := store.Open(t.Context(), path, store.Options{})
		_, _, createErr := store.Create(t.Context(), path, store.Options{})
		_, pendingErr := store.Pending(t.Context(), path, store.Options{})
		_, upgradeErr := store.Upgrade(t.Context(), path, store.Options{})
		for name, err := range map[string]error{"open": openErr, "create": createErr, "pending": pendingErr, "upgrade": upgradeErr} {
			if err == nil || plan.KindOf(err) != plan.Corrupt {
				t.Errorf("%s at version %s: %v", name, version, err)
			}
		}
	}
}

// TestDeferredIndexesComeBack takes indexes away and brings them back, and
// takes none away where there are tasks.
func TestDeferredIndexesComeBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		names := func(tx *store.Tx) []string {
			found, err := tx.IndexNames()
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(found)
			return found
		}
		_, err := store.Write(t.Context(), db, func(tx *store.Tx) (int, error) {
			before := names(tx)
			restore, err := tx.DeferIndexes()
			if err != nil {
				return 0, err
			}
			// A unique index is also a rule, and PostgreSQL locks out readers.
			meanwhile := names(tx)
			if !slices.Contains(meanwhile, "idx_tasks_key") || (db.Engine() == "sqlite") == slices.Contains(meanwhile, "idx_tasks_ready") {
				t.Errorf("meanwhile there are %v", meanwhile)
			}
			gathered(t, db, tx, 12<<20)
			if err := restore(); err != nil {
				return 0, err
			}
			gathered(t, db, tx, 1<<20) // SQLite's default
			if after := names(tx); !slices.Equal(after, before) {
				t.Errorf("before %v, after %v", before, after)
			}
			insertTask(t, tx)
			restore, err = tx.DeferIndexes()
			if after := names(tx); err != nil || !slices.Equal(after, before) {
				t.Errorf("with a task there are %v, %v", after, err)
			}
			return 0, restore()
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// gathered checks in how many bytes the words for the index are gathered.
func gathered(t *testing.T, in *store.DB, tx *store.Tx, want int) {
	t.Helper()
	if in.Engine() != "sqlite" {
		return
	}
	n, err := tx.Count(db.Named("test.room", "select v from task_search_config where k = 'hashsize'"))
	if err != nil || n != want {
		t.Errorf("%d bytes, not %d: %v", n, want, err)
	}
}

// insertTask adds a task with its feature and its epic.
func insertTask(t *testing.T, tx *store.Tx) {
	t.Helper()
	k, err := plan.ParseKey("T-E01-F01-001")
	if err != nil {
		t.Fatal(err)
	}
	now, err := tx.Now()
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		tx.PutEpic(&plan.Epic{Key: k.EpicKey(), Title: "t", Status: plan.PlanActive, Priority: plan.High, Version: 1, CreatedAt: now, UpdatedAt: now}),
		tx.PutFeature(&plan.Feature{Key: k.FeatureKey(), Title: "t", Status: plan.PlanActive, Version: 1, CreatedAt: now, UpdatedAt: now}),
		tx.PutTask(&plan.Task{Key: k, Title: "t", Status: plan.Todo, Priority: 5, Version: 1, CreatedAt: now, UpdatedAt: now}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
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

// A list that reads only what an index holds looks at no row. The table of
// what each index holds has to agree with the schema.
func TestWhatIndexesHoldIsWhatTheSchemaSays(t *testing.T) {
	address := storetest.SQLite(t)
	db, _, err := store.Create(t.Context(), address, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	raw, err := sql.Open("sqlite", address)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	columns := func(pragma, of string) (out []string) {
		rows, err := raw.QueryContext(t.Context(), "select name from "+pragma+"($1) where name is not null", of)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				t.Fatal(err)
			}
			out = append(out, name)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return out
	}
	for index, held := range store.Held {
		there := columns("pragma_index_xinfo", index)
		if index == "" {
			there = columns("pragma_table_info", "tasks")
		}
		if len(there) == 0 && index != "idx_tasks_waiting" {
			t.Errorf("there is no index %s", index)
		}
		there = append(there, "id") // which is the row's own number
		for _, c := range held {
			if !slices.Contains(there, c) {
				t.Errorf("index %q does not hold %s", index, c)
			}
		}
		for _, c := range there {
			if index != "" && slices.Contains(store.Held[""], c) && !slices.Contains(held, c) {
				t.Errorf("index %s holds %s, too", index, c)
			}
		}
	}
}
