package db_test

import (
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"time"

	"pm/internal/db"
	"pm/internal/db/pgtest"
	"pm/internal/plan"
)

// A connection may end at any moment: between transactions, within one, while
// it is idle. That is a server which cannot be reached, and never an error of
// pm's own ("driver: bad connection"); what comes next works.
func TestLostConnections(t *testing.T) {
	dsn := pgtest.DSN(t)
	d, _, err := db.Create(t.Context(), dsn, shelves(1), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	admin, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	cut := func() {
		t.Helper()
		if _, err := admin.ExecContext(t.Context(), "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"); err != nil {
			t.Fatal(err)
		}
	}
	insert := func(tx *db.Tx) error {
		_, err := tx.Exec(db.Named("book.insert", "insert into books (title) values ($1)"), "Emma")
		return err
	}
	count := func(tx *db.Tx) (int, error) {
		all, err := db.List(tx, db.Named("book.titles", "select title from books where title <> $1"), func(s *string) []any { return []any{s} }, "")
		return len(all), err
	}
	unreachable := func(what string, err error) {
		t.Helper()
		if plan.KindOf(err) != plan.Unavailable {
			t.Errorf("%s: %v is %s", what, err, plan.KindOf(err))
		}
	}

	for n := range 3 { // how many statements find the connection gone
		_, err := db.Write(t.Context(), d, func(tx *db.Tx) (int, error) {
			if err := insert(tx); err != nil {
				return 0, err
			}
			cut()
			err := insert(tx)
			for range n {
				err = insert(tx)
			}
			if err == nil {
				err = errors.New("the connection was not cut")
			}
			return 0, err
		})
		unreachable(fmt.Sprint("a write that tried ", n, " times more"), err)
		_, err = db.Read(t.Context(), d, func(tx *db.Tx) (int, error) {
			if _, err := count(tx); err != nil {
				return 0, err
			}
			cut()
			_, err := count(tx)
			for range n {
				_, err = count(tx)
			}
			return 0, err
		})
		unreachable(fmt.Sprint("a read that tried ", n, " times more"), err)
	}

	// Connections that ended while nobody used them are replaced, or the call
	// says that it may be tried again.
	for range 5 {
		if _, err := db.Read(t.Context(), d, count); err != nil {
			unreachable("a read", err)
		}
		cut()
		if _, err := db.Write(t.Context(), d, func(tx *db.Tx) (int, error) { return 0, insert(tx) }); err != nil {
			unreachable("a write on idle connections that ended", err)
		}
	}
	add(t, d, book{"Ulysses", "A"})
}

// Connections that are not used are given back, so that hundreds of agents, each
// with a process that waits for it, leave some to others.
func TestIdleConnectionsAreGivenBack(t *testing.T) {
	dsn := pgtest.DSN(t)
	d, _, err := db.Create(t.Context(), dsn, shelves(1), db.Options{KeepIdle: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	others := func() string {
		return ask(t, dsn, "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
	}
	over, tick := time.After(30*time.Second), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for others() != "0" {
		select {
		case <-tick.C:
		case <-over:
			t.Fatal("it keeps them")
		}
	}
	add(t, d, book{"Emma", "A"})
}
