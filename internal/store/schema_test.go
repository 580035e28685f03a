package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

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
func TestNegativeSchemaVersion(t *testing.T) {
	for _, version := range []string{"-1", "-2147483648"} {
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
			if err := restore(); err != nil {
				return 0, err
			}
			if after := names(tx); !slices.Equal(after, before) {
				t.Errorf("before %v, after %v", before, after)
			}
			// With a note the index is not empty: its words stay in their place.
			if err := tx.PutNote(plan.Note{N: 1, Kind: plan.Comment, Agent: "ada", Body: "b", CreatedAt: time.Now()}); err != nil {
				return 0, err
			}
			if restore, err = tx.DeferIndexes(); err != nil {
				return 0, err
			}
			gathered(t, db, tx, 12<<20)
			if err := restore(); err != nil {
				return 0, err
			}
			gathered(t, db, tx, 1<<20) // SQLite's default
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

// TestIndexMadeAside finds what a bulk has put, and what was put again meanwhile,
// while the index was made in another database, and what was put afterwards.
func TestIndexMadeAside(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		feature := plan.MustKey("E01-F01")
		find := func(tx *store.Tx, word string, want ...plan.Key) {
			t.Helper()
			hits, err := tx.Search(store.SearchFilter{Words: store.ParseWords(word)})
			var found []plan.Key
			for _, h := range hits {
				found = append(found, h.Key)
			}
			if err != nil || !slices.Equal(found, want) {
				t.Errorf("%s finds %v, %v", word, found, err)
			}
		}
		run := func(fails error) error {
			_, err := store.Write(t.Context(), db, func(tx *store.Tx) (int, error) {
				e, f := plan.Epic{Key: feature.EpicKey(), Title: "epic", Status: plan.PlanActive, Priority: plan.High}, plan.Feature{Key: feature, Title: "feature", Status: plan.PlanActive}
				restore, err := tx.DeferIndexes()
				for _, err := range []error{err, tx.InsertEpic(&e, plan.History{}), tx.InsertFeature(&f, plan.History{})} {
					if err != nil {
						return 0, err
					}
				}
				bulk := tx.NewBulk()
				for n := 1; n <= 123; n++ {
					task := plan.Task{Key: feature.Child(n), Title: fmt.Sprint("number", n), Description: "common", Status: plan.Todo, Priority: 5, CreatedAt: time.Now()}
					note := plan.Note{Key: task.Key, N: 1, Kind: plan.Comment, Agent: "ada", Body: fmt.Sprint("remark", n), CreatedAt: time.Now()}
					if err := bulk.Insert(&task, plan.History{}); err != nil {
						return 0, err
					}
					if err := bulk.PutNote(note); err != nil {
						return 0, err
					}
				}
				if err := bulk.Flush(); err != nil {
					return 0, err
				}
				again := plan.Task{Key: feature.Child(7), Title: "other", Status: plan.Todo, Priority: 5}
				for _, err := range []error{tx.ReindexTask(&again), fails, restore()} {
					if err != nil {
						return 0, err
					}
				}
				find(tx, "number123", feature.Child(123))
				return 0, nil
			})
			return err
		}
		if err := run(io.ErrUnexpectedEOF); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("what fails meanwhile is %v", err)
		}
		if err := run(nil); err != nil {
			t.Fatal(err)
		}
		_, err := store.Write(t.Context(), db, func(tx *store.Tx) (int, error) {
			later := plan.Task{Key: feature.Child(124), Title: "later", Status: plan.Todo, Priority: 5, CreatedAt: time.Now()}
			return 0, tx.InsertTask(&later, plan.History{})
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = store.Read(t.Context(), db, func(tx *store.Tx) (int, error) {
			find(tx, "number12", feature.Child(12), feature.Child(120), feature.Child(121), feature.Child(122), feature.Child(123))
			find(tx, `"number7"`)
			find(tx, "other", feature.Child(7))
			find(tx, "later", feature.Child(124))
			find(tx, "remark50", feature.Child(50))
			flaws, err := tx.SearchFlaws()
			if len(flaws) > 0 {
				t.Errorf("flaws: %v", flaws)
			}
			return 0, err
		})
		if err != nil {
			t.Error(err)
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
