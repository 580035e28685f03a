package tracker_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// full reports whether the tests may take their time: PM_TEST_LOAD=full.
var full = os.Getenv("PM_TEST_LOAD") == "full"

func TestMain(m *testing.M) {
	flag.Parse()
	if os.Getenv("RAPID_CHECKS") == "" { // sequences of the model test
		checks := "12"
		if full {
			checks = "10000"
		}
		flag.Set("rapid.checks", checks)
	}
	os.Exit(storetest.Main(m))
}

// A tb is what rigs need of a test: *testing.T and *rapid.T have it.
type tb interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// A rig is a tracker on a fresh database.
type rig struct {
	*tracker.Tracker
	t       tb
	address string
	raw     *sql.DB // beside the tracker, to bring about what only time would
}

// each runs f on every engine, beside other tests: most of the time of a test
// is spent waiting for its databases.
func each(t *testing.T, f func(t *testing.T, r *rig)) {
	t.Helper()
	t.Parallel()
	storetest.EachAddress(t, func(t *testing.T, address string) { f(t, newRig(t, address, store.Options{})) })
}

func newRig(t testing.TB, address string, o store.Options) *rig {
	t.Helper()
	db, err := store.Open(t.Context(), address, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	driver, dsn := "pgx", address
	if db.Engine() == "sqlite" {
		driver, dsn = "sqlite", address+"?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)"
	}
	raw, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { raw.Close() })
	return &rig{tracker.New(db), t, address, raw}
}

// as returns a context in which an agent acts; "ann/1" names a session too.
func as(who string) context.Context {
	name, session, _ := strings.Cut(who, "/")
	return plan.WithActor(context.Background(), plan.Actor{Name: name, Session: session, Surface: "cli"})
}

// completing is what the verbs of the status table take, of completing.
func completing(in tracker.ChangeStatus) tracker.Complete {
	return tracker.Complete{Keys: in.Keys, Reason: in.Reason, Force: in.Force, Fence: in.Fence, IfVersion: in.IfVersion}
}

// ok fails the test at once on an error.
func ok[T any](t tb) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", code(err), err)
		}
		return v
	}
}

// code returns the code of an error, "" for none.
func code(err error) string {
	if err == nil {
		return ""
	}
	return plan.Describe(err).Code
}

// refused fails the test unless err has the code and its message the words.
func refused(t tb, err error, want string, words ...string) {
	t.Helper()
	if code(err) != want {
		t.Fatalf("got %s (%v), want %s", code(err), err, want)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not say %q", err, w)
		}
	}
}

func (r *rig) epic(title string) plan.Key {
	r.t.Helper()
	return ok[plan.Epic](r.t)(r.CreateEpic(as("ann"), tracker.CreateEpic{Title: title})).Key
}

func (r *rig) feature(epic plan.Key, title string) plan.Key {
	r.t.Helper()
	return ok[tracker.SavedFeature](r.t)(r.CreateFeature(as("ann"), tracker.CreateFeature{Epic: epic.String(), Title: title})).Key
}

// plan makes an epic with a feature, and returns the feature.
func (r *rig) plan() plan.Key {
	r.t.Helper()
	return r.feature(r.epic("Epic"), "Feature")
}

// task makes a task that depends on others.
func (r *rig) task(feature plan.Key, title string, on ...plan.Key) plan.Key {
	r.t.Helper()
	return ok[plan.Task](r.t)(r.CreateTask(as("ann"), tracker.CreateTask{Feature: feature.String(), Title: title, DependsOn: names(on)})).Key
}

// tasks makes n tasks in one go.
func (r *rig) tasks(feature plan.Key, n int) []plan.Key {
	r.t.Helper()
	in := tracker.CreateTasks{}
	for i := range n {
		in.Tasks = append(in.Tasks, tracker.CreateTask{Feature: feature.String(), Title: fmt.Sprintf("Task %d", i+1)})
	}
	var keys []plan.Key
	for _, t := range ok[tracker.Tasks](r.t)(r.CreateTasks(as("ann"), in)).Items {
		keys = append(keys, t.Key)
	}
	return keys
}

func names(keys []plan.Key) []string {
	var out []string
	for _, k := range keys {
		out = append(out, k.String())
	}
	return out
}

func (r *rig) show(k plan.Key) plan.Task {
	r.t.Helper()
	return ok[plan.Task](r.t)(r.ShowTask(as("ann"), tracker.ShowTask{Key: k.String()}))
}

// log returns the history of an item and of what lies under it, newest first.
func (r *rig) log(k plan.Key) []plan.History {
	r.t.Helper()
	all := 0
	return ok[tracker.Page[plan.History]](r.t)(r.Log(as("ann"), tracker.Log{Key: k.String(), Limit: &all})).Items
}

// verb runs one verb of the status table.
func (r *rig) verb(who string, v plan.Verb, in tracker.ChangeStatus) (tracker.Changed, error) {
	run := map[plan.Verb]func(context.Context, tracker.ChangeStatus) (tracker.Changed, error){
		plan.Start: r.Start, plan.Release: r.Release, plan.Submit: r.Submit, plan.Approve: r.Approve, plan.Reject: r.Reject,
		plan.Block: r.Block, plan.Unblock: r.Unblock, plan.Reopen: r.Reopen,
	}[v]
	switch v {
	case plan.Claim:
		return r.Claim(as(who), tracker.Claim{Keys: in.Keys, Reason: in.Reason, Force: in.Force})
	case plan.Complete:
		return r.Complete(as(who), completing(in))
	case plan.Archive:
		return r.Archive(as(who), tracker.Archive{Keys: in.Keys, Reason: in.Reason, Force: in.Force, Fence: in.Fence, IfVersion: in.IfVersion})
	}
	return run(as(who), in)
}

// do runs a verb that must work on one task.
func (r *rig) do(who string, v plan.Verb, k plan.Key) plan.Task {
	r.t.Helper()
	in := tracker.ChangeStatus{Keys: []string{k.String()}}
	if t, _ := plan.TransitionOf(v); t.Reason {
		in.Reason = "because"
	}
	return ok[tracker.Changed](r.t)(r.verb(who, v, in)).Items[0]
}

func (r *rig) depend(k plan.Key, on ...plan.Key) (tracker.Changed, error) {
	items, err := r.AddDependencies(as("ann"), tracker.Depend{Task: k.String(), DependsOn: names(on)})
	if err != nil {
		return tracker.Changed{}, err
	}
	return tracker.Changed{Items: []plan.Task{*items.Items[0].Task}, Beside: tracker.Beside{Warnings: items.Warnings}}, nil
}

// sql runs a statement beside the tracker.
func (r *rig) sql(text string, args ...any) {
	r.t.Helper()
	if _, err := r.raw.Exec(text, args...); err != nil {
		r.t.Fatal(err)
	}
}

// expire lets the lease of a task run out.
func (r *rig) expire(k plan.Key) {
	r.t.Helper()
	var t plan.Task
	var holder sql.NullString
	row := r.raw.QueryRow(`select uid, lease_seconds, fence, assigned_agent from tasks where key = $1 and lease_until is not null`, k.String())
	if err := row.Scan(&t.UID, &t.LeaseSeconds, &t.LastFence, &holder); errors.Is(err, sql.ErrNoRows) {
		return
	} else if err != nil {
		r.t.Fatal(err)
	}
	until := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	t.AssignedAgent, t.LeaseUntil = holder.String, &until
	r.sql(`update tasks set lease_until = $2, lease_digest = $3 where key = $1`, k.String(), plan.Stamp(until), t.DigestLease())
}

func (r *rig) export() []byte {
	r.t.Helper()
	var b bytes.Buffer
	if err := r.Export(as("ann"), &b, nil); err != nil {
		r.t.Fatal(err)
	}
	return b.Bytes()
}

func lines(b []byte) tracker.ImportLines {
	return tracker.ImportLines{Source: tracker.Source{Name: "plan.jsonl",
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}}
}

func (r *rig) load(b []byte) (tracker.Imported, error) { return r.ImportLines(as("ann"), lines(b)) }

// restore brings back what a deletion moved to the trash.
func (r *rig) restore(d tracker.Deleted) (tracker.Restored, error) {
	return r.Restore(as("ann"), tracker.Restore{Key: d.Key.String()})
}

func (r *rig) delete(k plan.Key, force bool) (tracker.Deleted, error) {
	return r.Delete(as("ann"), tracker.Delete{Key: k.String(), Force: force})
}

func ptr[T any](v T) *T { return &v }
