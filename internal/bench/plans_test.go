package bench

import (
	"testing"

	"pm/internal/db"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// PostgreSQL plans a statement anew for each call where a plan for the arguments of
// one looks better than one for any. The statement of the next task has a dozen
// parts: planning it takes several times as long as running it.
func TestTheNextTaskIsNotPlannedAnew(t *testing.T) {
	d, err := store.Open(t.Context(), storetest.Postgres(t), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	p := newPlot(10_000)
	p.used = true
	if err := firstError(p.declare(t.Context(), tracker.New(d)), fill(t.Context(), d, p, func(int) {})); err != nil {
		t.Fatal(err)
	}
	for take, limit := range map[bool]string{false: "limit 1)", true: "limit 16)"} {
		kept, err := store.Write(t.Context(), d, func(tx *store.Tx) (n int, err error) {
			if _, err := tx.Exec(db.Named("test.analyze", "analyze tasks")); err != nil {
				return 0, err
			}
			for range 12 { // after five it decides
				if _, _, err := tx.NextReady(store.ReadyFilter{Agent: "ann"}, take); err != nil {
					return 0, err
				}
			}
			_, err = tx.ScanOne(db.Named("test.plans", "select max(generic_plans) from pg_prepared_statements where statement like $1"), []any{&n}, "%lease_until is not null%"+limit+"%")
			return n, err
		})
		if err != nil || kept < 5 {
			t.Errorf("to take it %v: a kept plan served %d of 12 calls, %v", take, kept, err)
		}
	}
}
