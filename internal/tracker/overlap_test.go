package tracker_test

import (
	"testing"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// Of two operations that overlap, the one that waited for the other comes after it,
// though it began before: in the list, in what an undo of the last one takes back,
// and in the plan as of each.
func TestOperationsThatOverlapAreInTheOrderOfTheirCommits(t *testing.T) {
	t.Parallel()
	address := storetest.Postgres(t) // on SQLite one begins when the other has ended
	r := newRig(t, address, store.Options{})
	f := r.plan()
	free, contended := r.task(f, "free"), r.task(f, "contended")
	title := func(who, to string, keys ...plan.Key) error {
		_, err := r.UpdateTask(as(who), tracker.UpdateTask{Keys: names(keys), Title: &to})
		return err
	}
	hold, err := r.raw.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer hold.Close()
	sql := func(text string) {
		t.Helper()
		if _, err := hold.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	sql("begin")
	sql("select id from tasks where key = '" + free.String() + "' for update")
	early := make(chan error)
	go func() { early <- title("ann", "early", free, contended) }() // begins first, and waits for the first of its tasks
	for waiting := 0; waiting == 0; {                               // until it does
		if err := hold.QueryRowContext(t.Context(), "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'").Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
	if err := title("bob", "late", contended); err != nil { // begins later, and ends first
		t.Fatal(err)
	}
	sql("commit")
	if err := <-early; err != nil {
		t.Fatal(err)
	}
	ops := ok[tracker.Operations](t)(r.ListOperations(as("ann"), tracker.ListOperations{})).Items
	if ops[0].Agent != "ann" || ops[1].Agent != "bob" {
		t.Fatalf("the last operations are %+v, %+v", ops[0], ops[1])
	}
	for i, want := range []string{"early", "late"} {
		got := ok[tracker.Item](t)(r.Show(as("ann"), tracker.Show{Key: contended.String(), AsOf: ops[i].ID})).Task
		if got.Title != want {
			t.Errorf("as of the operation of %s the title is %q", ops[i].Agent, got.Title)
		}
	}
	if got := ok[tracker.Item](t)(r.Show(as("ann"), tracker.Show{Key: free.String(), AsOf: ops[1].ID})).Task; got.Title != "free" {
		t.Errorf("as of the operation of bob, ann has changed %s to %q", free, got.Title)
	}
	ok[tracker.Undone](t)(r.Undo(as("ann"), tracker.Undo{To: ops[1].ID}))
	if got := r.show(contended); got.Title != "contended" {
		t.Errorf("after both are undone the title is %q", got.Title)
	}
	r.sound("after the undo")
}
