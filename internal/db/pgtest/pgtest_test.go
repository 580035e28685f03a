package pgtest_test

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"os"
	"testing"

	"pm/internal/db/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestDSNIsEmptyAndWorks(t *testing.T) {
	db := connect(t, pgtest.DSN(t))
	if got := one[int](t, db, `select count(*) from information_schema.tables where table_schema = 'public'`); got != 0 {
		t.Errorf("%d tables in a new database", got)
	}
	must(t, db, `create table task (title text)`)
	must(t, db, `insert into task values ('É')`)
	if got := one[string](t, db, `select title from task`); got != "É" {
		t.Errorf("read back %q", got)
	}
}

func TestDatabaseIsDroppedThoughConnected(t *testing.T) {
	var name string
	t.Run("user", func(t *testing.T) {
		db, err := sql.Open("pgx", pgtest.DSN(t))
		if err != nil {
			t.Fatal(err)
		}
		// It stays open on purpose.
		name = one[string](t, db, `select current_database()`)
	})
	db := connect(t, pgtest.DSN(t))
	if one[bool](t, db, `select exists (select from pg_database where datname = '`+name+`')`) {
		t.Errorf("database %s outlived its test", name)
	}
}

func TestClonesAreIndependent(t *testing.T) {
	name := rand.Text()[:8] // -count asks for the same twice
	builds := 0
	build := func(dsn string) error {
		builds++
		db, err := sql.Open("pgx", dsn)
		if err != nil {
			return err
		}
		// It stays open on purpose: the server would refuse to copy.
		_, err = db.Exec(`create table task (title text); insert into task values ('from template')`)
		return err
	}
	a := connect(t, pgtest.Clone(t, name, build))
	b := connect(t, pgtest.Clone(t, name, build))
	must(t, a, `insert into task values ('only in a')`)
	if got := one[int](t, a, `select count(*) from task`); got != 2 {
		t.Errorf("%d rows in a, want 2", got)
	}
	if got := one[int](t, b, `select count(*) from task`); got != 1 {
		t.Errorf("%d rows in b, want the template's 1", got)
	}
	if builds != 1 {
		t.Errorf("template built %d times", builds)
	}
}

func TestTemplatesOfTwoNamesDiffer(t *testing.T) {
	for _, name := range []string{"one", `t"wo`} {
		db := connect(t, pgtest.Clone(t, name, func(dsn string) error {
			db, err := sql.Open("pgx", dsn)
			if err != nil {
				return err
			}
			defer db.Close()
			if _, err := db.Exec(`create table marker (name text)`); err != nil {
				return err
			}
			_, err = db.Exec(`insert into marker values ($1)`, name)
			return err
		}))
		if got := one[string](t, db, `select name from marker`); got != name {
			t.Errorf("template %s gave %s", name, got)
		}
	}
}

func TestCloneInParallel(t *testing.T) {
	for range 8 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			db := connect(t, pgtest.Clone(t, "parallel", func(string) error { return nil }))
			must(t, db, `create table mine ()`)
		})
	}
}

func TestCloneReportsBuildErrorEachTime(t *testing.T) {
	want := errors.New("no such migration")
	for range 2 {
		tb := &fatalTB{TB: t}
		tb.run(func() { pgtest.Clone(tb, "broken", func(string) error { return want }) })
		if !tb.failed {
			t.Error("a template that cannot be built gave a clone")
		}
	}
}

// fatalTB is a test that may fail without failing ours.
type fatalTB struct {
	testing.TB
	failed bool
}

func (tb *fatalTB) Fatalf(string, ...any) { tb.failed = true; panic(tb) }

func (tb *fatalTB) run(f func()) {
	defer func() {
		if r := recover(); r != nil && r != any(tb) {
			panic(r)
		}
	}()
	f()
}

func connect(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func must(t testing.TB, db *sql.DB, query string) {
	t.Helper()
	if _, err := db.Exec(query); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func one[T any](t testing.TB, db *sql.DB, query string) (v T) {
	t.Helper()
	if err := db.QueryRow(query).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

func BenchmarkDSN(b *testing.B) {
	pgtest.DSN(b) // the server's start is not measured
	for b.Loop() {
		pgtest.DSN(b)
	}
}

func BenchmarkClone(b *testing.B) {
	build := func(dsn string) error {
		db, err := sql.Open("pgx", dsn)
		if err != nil {
			return err
		}
		defer db.Close()
		_, err = db.Exec(`do $$ begin for i in 1..40 loop
			execute format('create table t%s (id bigint primary key, a text, b text unique)', i);
			execute format('insert into t%s select g, g::text, g::text from generate_series(1, 100) g', i);
		end loop; end $$`)
		return err
	}
	pgtest.Clone(b, "bench", build)
	for b.Loop() {
		pgtest.Clone(b, "bench", build)
	}
}
