package store_test

import (
	"context"
	"errors"
	"testing"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
)

func TestEveryStepOfATransactionIsObserved(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		timings := db.NewTimings()
		d, err := store.Open(t.Context(), address, store.Options{Observe: timings.Observe})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		addEpic(t, d)
		if _, err := store.Write(t.Context(), d, func(tx *store.Tx) (int, error) { return 0, errors.New("no") }); err == nil {
			t.Error("an error was swallowed")
		}
		if _, err := store.Read(t.Context(), d, func(tx *store.Tx) (plan.Epic, error) { return tx.Epic(plan.Key{Epic: 1}) }); err != nil {
			t.Error(err)
		}
		if got, want := timings.Transactions(), (db.TxCounts{Transactions: 3, RolledBack: 1}); got != want {
			t.Errorf("transactions: %+v, want %+v", got, want)
		}
		rows := map[string]int64{}
		for _, one := range timings.All() {
			rows[one.Name] = one.Rows
		}
		for _, name := range []string{"project.next_epic", "epic.insert", "epic.by_key"} {
			if rows[name] != 1 {
				t.Errorf("%s has %d rows, want 1, of %v", name, rows[name], rows)
			}
		}
	})
}

func TestARehearsalAnswersAndLeavesNoTrace(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		db, err := store.Open(t.Context(), address, store.Options{Rehearse: true})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if k := addEpic(t, db); k != (plan.Key{Epic: 1}) {
			t.Errorf("the rehearsed epic has the key %s", k)
		}
		last, err := store.Read(t.Context(), db, func(tx *store.Tx) (int, error) { return tx.LastEpic() })
		if err != nil || last != 0 {
			t.Errorf("after the rehearsal %d epics were made, %v", last, err)
		}
	})
}

// addEpic adds an epic and returns its key.
func addEpic(t *testing.T, db *store.DB) plan.Key {
	t.Helper()
	k, err := store.Write(context.WithoutCancel(t.Context()), db, func(tx *store.Tx) (plan.Key, error) {
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
