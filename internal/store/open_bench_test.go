package store_test

import (
	"testing"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
)

// BenchmarkOpenAndGet is what a command that shows one task does in the
// store: open, check the schema, read one row.
func BenchmarkOpenAndGet(b *testing.B) {
	path := storetest.SQLite(b)
	for b.Loop() {
		db, err := store.Open(b.Context(), path, store.Options{})
		if err != nil {
			b.Fatal(err)
		}
		_, err = store.Read(b.Context(), db, func(tx *store.Tx) (plan.Task, error) { return tx.Task(plan.MustKey("T-E01-F01-001")) })
		if plan.KindOf(err) != plan.NotFound {
			b.Fatal(err)
		}
		db.Close()
	}
}
