package tracker_test

import (
	"database/sql"
	"errors"
	"sync/atomic"
	"testing"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// A held is a session of its own that has locked a task, on PostgreSQL.
type held struct {
	t       *testing.T
	raw     *sql.DB
	session *sql.Conn
}

// hold locks a task until it is released.
func (r *rig) hold(t *testing.T, k plan.Key) held {
	t.Helper()
	c, err := r.raw.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	h := held{t, r.raw, c}
	h.do("begin")
	h.do("select id from tasks where key = '" + k.String() + "' for update")
	return h
}

func (h held) do(text string) {
	h.t.Helper()
	if _, err := h.session.ExecContext(h.t.Context(), text); err != nil {
		h.t.Fatal(err)
	}
}

func (h held) release() { h.do("commit") }

// await returns once n others wait for a lock, or one of those that are to has ended.
func (h held) await(n int, ended ...chan error) {
	h.t.Helper()
	for waiting := 0; waiting < n; {
		for _, c := range ended {
			if len(c) > 0 {
				return
			}
		}
		row := h.raw.QueryRowContext(h.t.Context(), "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
		if err := row.Scan(&waiting); err != nil {
			h.t.Fatal(err)
		}
	}
}

// Who defers a task while the time zone changes does so before or after that: the
// day means the moment that it has in the zone that holds.
func TestDeferOverlapsWithAChangeOfTheTimeZone(t *testing.T) {
	t.Parallel()
	r := newRig(t, storetest.Postgres(t), store.Options{}) // on SQLite one begins when the other has ended
	task := r.task(r.plan(), "task")
	h := r.hold(t, task)
	deferred, zoned := make(chan error, 1), make(chan error, 1)
	go func() {
		_, err := r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: names([]plan.Key{task}), Defer: ptr("2999-01-01")})
		deferred <- err
	}()
	h.await(1)
	go func() {
		_, err := r.SetProject(as("lead"), tracker.SetProject{Name: plan.TimeZone, Value: "Asia/Tokyo"})
		zoned <- err
	}()
	h.await(2, zoned)
	h.release()
	if err := errors.Join(<-deferred, <-zoned); err != nil {
		t.Fatal(err)
	}
	if got := r.show(task).NotBefore; got != "2998-12-31T15:00:00.000Z" {
		t.Errorf("it is deferred until %s", got)
	}
	r.sound("after both")
}

// An undo that defers locks the time zone before the project, as a change of the time
// zone does: neither is run again for a deadlock.
func TestUndoOverlapsWithAChangeOfTheTimeZone(t *testing.T) {
	t.Parallel()
	var again atomic.Int32
	r := newRig(t, storetest.Postgres(t), store.Options{Observe: func(s db.Statement) {
		if s.Name == "tx.retry" {
			again.Add(1)
		}
	}})
	task := r.task(r.plan(), "task")
	for _, day := range []string{"2999-01-01", "2999-02-02"} {
		ok[tracker.Changed](t)(r.UpdateTask(as("lead"), tracker.UpdateTask{Keys: names([]plan.Key{task}), Defer: &day}))
	}
	h := r.hold(t, task)
	undone, zoned := make(chan error, 1), make(chan error, 1)
	go func() {
		_, err := r.Undo(as("lead"), tracker.Undo{})
		undone <- err
	}()
	h.await(1)
	go func() {
		_, err := r.SetProject(as("ann"), tracker.SetProject{Name: plan.TimeZone, Value: "Asia/Tokyo"})
		zoned <- err
	}()
	h.await(2, zoned)
	h.release()
	if err := errors.Join(<-undone, <-zoned); err != nil {
		t.Fatal(err)
	}
	if got := r.show(task).NotBefore; got != "2998-12-31T15:00:00.000Z" || again.Load() > 0 {
		t.Errorf("it is deferred until %s, after %d deadlocks", got, again.Load())
	}
	r.sound("after both")
}

// Nor do doctor, which mends what is deferred after other things, and a change of the
// time zone.
func TestDoctorOverlapsWithAChangeOfTheTimeZone(t *testing.T) {
	t.Parallel()
	var again atomic.Int32
	r := newRig(t, storetest.Postgres(t), store.Options{Observe: func(s db.Statement) {
		if s.Name == "tx.retry" {
			again.Add(1)
		}
	}})
	f := r.plan()
	task, day := r.task(f, "task"), "2999-01-01"
	ok[tracker.Changed](t)(r.UpdateTask(as("lead"), tracker.UpdateTask{Keys: names([]plan.Key{task}), Defer: &day}))
	r.sql("update project set last_epic = 0")
	r.sql("update tasks set offered = 0, deferred = 0")
	h := r.hold(t, task)
	mended, zoned := make(chan error, 1), make(chan error, 1)
	go func() {
		_, err := r.Doctor(as("lead"), tracker.Doctor{Fix: true})
		mended <- err
	}()
	h.await(1, mended)
	go func() {
		_, err := r.SetProject(as("ann"), tracker.SetProject{Name: plan.TimeZone, Value: "Asia/Tokyo"})
		zoned <- err
	}()
	h.await(2, zoned)
	h.release()
	if err := errors.Join(<-mended, <-zoned); err != nil {
		t.Fatal(err)
	}
	if again.Load() > 0 {
		t.Errorf("%d deadlocks", again.Load())
	}
	r.sound("after both")
}

// While a task gets a value of a field, nobody changes its choices or deletes it:
// the value would be sorted as it was before, or be one of no field.
func TestValuesOverlapWithAChangeOfTheirField(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*rig) error{
		"update": func(r *rig) error {
			_, err := r.UpdateField(as("lead"), tracker.UpdateField{Name: "severity", Choices: []string{"high", "low"}})
			return err
		},
		"delete": func(r *rig) error {
			_, err := r.DeleteField(as("lead"), tracker.DeleteField{Name: "severity", Force: true})
			return err
		},
		"undo": func(r *rig) error {
			_, err := r.Undo(as("lead"), tracker.Undo{})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, storetest.Postgres(t), store.Options{})
			ok[plan.CustomField](t)(r.CreateField(as("ann"), tracker.CreateField{Name: "severity", Type: "choice", Choices: []string{"low", "high"}}))
			if name == "undo" {
				ok[plan.CustomField](t)(r.UpdateField(as("lead"), tracker.UpdateField{Name: "severity", Choices: []string{"high", "low"}}))
			}
			f := r.plan()
			first, second := r.task(f, "first"), r.task(f, "second")
			h := r.hold(t, second)
			set, changed := make(chan error, 1), make(chan error, 1)
			go func() {
				_, err := r.UpdateTask(as("bob"), tracker.UpdateTask{Keys: names([]plan.Key{first, second}), Fields: plan.Fields{"severity": `"low"`}})
				set <- err
			}()
			h.await(1)
			go func() { changed <- change(r) }()
			h.await(2, changed)
			h.release()
			if err := errors.Join(<-set, <-changed); err != nil {
				t.Fatal(err)
			}
			if fields := r.show(first).Fields; name == "delete" && len(fields) > 0 {
				t.Errorf("it still has %v", fields)
			}
			r.healthy()
		})
	}
}

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
	h := r.hold(t, free)
	early := make(chan error)
	go func() { early <- title("ann", "early", free, contended) }() // begins first, and waits for the first of its tasks
	h.await(1)
	if err := title("bob", "late", contended); err != nil { // begins later, and ends first
		t.Fatal(err)
	}
	h.release()
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
