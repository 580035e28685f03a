package proof

import (
	"context"
	"database/sql"
	"net/url"
	"strings"
	"testing"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// A world is a fresh database and the ways to reach it: processes of pm, a
// tracker in this process, plain SQL.
type world struct {
	engine  string // sqlite or postgres
	address string
	dir     string // where its processes run
}

// each runs f in a world on each engine.
func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	t.Logf("PM_TEST_SEED=%d repeats the choices of this test", seed())
	storetest.EachAddress(t, func(t *testing.T, address string) {
		w := &world{engine: "sqlite", address: address, dir: t.TempDir()}
		if db.IsPostgres(address) {
			w.engine = "postgres"
		}
		f(t, w)
	})
}

// only skips a test of what the other engine has not.
func (w *world) only(t *testing.T, engine, reason string) {
	t.Helper()
	if w.engine != engine {
		t.Skip(reason)
	}
}

// open opens the database in this process, as another process would.
func (w *world) open(t testing.TB, o store.Options) *tracker.Tracker {
	t.Helper()
	db, err := store.Open(t.Context(), w.address, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return tracker.New(db)
}

// as returns a context in which name acts.
func as(ctx context.Context, name string) context.Context {
	return plan.WithActor(ctx, plan.Actor{Name: name, Surface: "proof"})
}

// foreign opens the database as a program that is not pm would: outside the
// queue of writers.
func (w *world) foreign(t testing.TB) *sql.DB {
	t.Helper()
	driver, dsn := "pgx", w.address
	if w.engine == "sqlite" {
		driver, dsn = "sqlite", "file:"+(&url.URL{Path: w.address}).EscapedPath()+"?mode=rw&_txlock=immediate&_pragma=busy_timeout(60000)"
	}
	h, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	h.SetMaxOpenConns(1)
	t.Cleanup(func() { h.Close() })
	return h
}

// feature makes an epic with one feature and n tasks, without leaving the
// database open, and returns the keys of the tasks.
func (w *world) feature(t testing.TB, n int) (feature string, tasks []string) {
	t.Helper()
	db, err := store.Open(t.Context(), w.address, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx, tr := as(t.Context(), "setup"), tracker.New(db)
	e, err := tr.CreateEpic(ctx, tracker.CreateEpic{Title: "proof"})
	if err != nil {
		t.Fatal(err)
	}
	f, err := tr.CreateFeature(ctx, tracker.CreateFeature{Epic: e.Key.String(), Title: "proof"})
	if err != nil {
		t.Fatal(err)
	}
	if n > 0 {
		var in tracker.CreateTasks
		for range n {
			in.Tasks = append(in.Tasks, tracker.CreateTask{Feature: f.Key.String(), Title: "task"})
		}
		out, err := tr.CreateTasks(ctx, in)
		if err != nil {
			t.Fatal(err)
		}
		for _, task := range out.Items {
			tasks = append(tasks, task.Key.String())
		}
	}
	return f.Key.String(), tasks
}

// tasks is feature for tests that need the tasks only.
func (w *world) tasks(t testing.TB, n int) []string {
	t.Helper()
	_, keys := w.feature(t, n)
	return keys
}

// strings runs a query by plain SQL and returns its rows, columns joined by "|".
func (w *world) strings(t testing.TB, query string, args ...any) (out []string) {
	t.Helper()
	h := w.foreign(t)
	defer h.Close()
	rows, err := h.QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, _ := rows.Columns()
	for rows.Next() {
		row, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		words := make([]string, len(row))
		for i, v := range row {
			words[i] = v.String
		}
		out = append(out, strings.Join(words, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// execute runs a statement by plain SQL and returns how many rows it changed.
func execute(ctx context.Context, h *sql.DB, query string, args ...any) (int64, error) {
	r, err := h.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}
