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

// The plan of a list depends on what it asks for: one that expects of each stretch of
// time the same joined all values of a field with all tasks that were completed in a
// day, without an end in sight.
func TestAListIsPlannedForWhatItAsks(t *testing.T) {
	d, err := store.Open(t.Context(), storetest.Postgres(t), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	p := newPlot(300)
	p.used = true
	track := tracker.New(d)
	if err := firstError(p.declare(t.Context(), track), fill(t.Context(), d, p, func(int) {})); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{"completed:2026-01-05 sort:severity", "status:todo sort:-updated", "label:l3"} {
		if page, err := track.ListTasks(t.Context(), tracker.ListTasks{Query: q}); err != nil || len(page.Items) == 0 {
			t.Fatalf("%s: %d tasks, %v", q, len(page.Items), err)
		}
	}
	kept, err := store.Read(t.Context(), d, func(tx *store.Tx) ([]string, error) {
		return db.List(tx.Tx, db.Named("test.kept", "select statement from pg_prepared_statements where statement like 'select id, uid,%order by%limit%' or statement like 'select count(*)%) counted'"),
			func(s *string) []any { return []any{s} })
	})
	if err != nil || len(kept) > 0 {
		t.Errorf("plans are kept of %q, %v", kept, err)
	}
}
