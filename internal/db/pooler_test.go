package db_test

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"pm/internal/db"
	"pm/internal/db/pgtest"
	"pm/internal/plan"
)

func withParameter(t *testing.T, dsn, name, value string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = q.Encode()
	return u.String()
}

// A pooler in transaction mode gives each transaction another connection, on
// which others have prepared statements, and refuses or ignores the settings
// of the address. Everything works with the address as it is.
func TestPooler(t *testing.T) {
	for name, settings := range map[string][]string{
		"as it is by default":         nil,
		"that ignores settings":       {"ignore_startup_parameters = search_path,options,lock_timeout,jit"},
		"with one connection":         {"ignore_startup_parameters = search_path,options,jit", "default_pool_size = 1"},
		"that keeps clients apart":    {"pool_mode = session", "default_pool_size = 50"},
		"that ends idle connections":  {"server_lifetime = 1", "server_idle_timeout = 1"},
		"with a lock_timeout to lose": {"ignore_startup_parameters = search_path,jit"},
	} {
		t.Run(name, func(t *testing.T) {
			dsn := pgtest.Bouncer(t, pgtest.DSN(t), settings...)
			dsn = withParameter(t, dsn, "lock_timeout", "8s")
			for _, schema := range []string{"one", `"Two, or more"`} {
				address := withParameter(t, dsn, "search_path", schema)
				if _, err := db.Open(t.Context(), address, shelves(1), db.Options{}); plan.Describe(err).Code != "no_database" {
					t.Fatalf("before it is made: %v", err)
				}
				d, made, err := db.Create(t.Context(), address, shelves(1), db.Options{})
				if err != nil || !made {
					t.Fatalf("made %v: %v", made, err)
				}
				d.Close()
			}
			// Several processes, each with a pool of its own, in two schemas.
			var all sync.WaitGroup
			for process := range 6 {
				all.Go(func() {
					schema := []string{"one", `"Two, or more"`}[process%2]
					d, err := db.Open(t.Context(), withParameter(t, dsn, "search_path", schema), shelves(1), db.Options{Lazy: process > 2})
					if err != nil {
						t.Error(err)
						return
					}
					defer d.Close()
					work(t, d, fmt.Sprint("process ", process, " in ", schema))
				})
			}
			all.Wait()
			for i, schema := range []string{"one", `"Two, or more"`} {
				d, err := db.Open(t.Context(), withParameter(t, dsn, "search_path", schema), shelves(1), db.Options{})
				if err != nil {
					t.Fatal(err)
				}
				got := onShelves(t, d)
				if len(got) != 3*20 {
					t.Errorf("%s has %d books, want 60", schema, len(got))
				}
				for _, title := range got {
					if !strings.HasSuffix(title, []string{"one", `"Two, or more"`}[i]) {
						t.Errorf("%s has the book %q", schema, title)
					}
				}
				d.Close()
			}
		})
	}
}

// work adds twenty books and reads them back, by several goroutines at once.
func work(t *testing.T, d *db.DB, title string) {
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 5 {
				add(t, d, book{title, "A"})
				if len(onShelves(t, d)) == 0 {
					t.Errorf("%s sees no books", title)
				}
			}
		})
	}
	all.Wait()
}

func onShelves(t *testing.T, d *db.DB) []string {
	t.Helper()
	found, err := db.Read(t.Context(), d, func(tx *db.Tx) ([]string, error) {
		var settings []string
		wait, err := db.List(tx, db.Named("timeout", "select current_setting('lock_timeout') where $1 = $1"), func(s *string) []any { return []any{s} }, "x")
		if err == nil && (len(wait) != 1 || wait[0] != "8s") {
			t.Errorf("lock_timeout is %v", wait)
		}
		if err != nil {
			return nil, err
		}
		settings, err = db.List(tx, db.Named("book.titles", "select title from books order by title"), func(s *string) []any { return []any{s} })
		return settings, err
	})
	if err != nil {
		t.Error(err)
	}
	return found
}

// What a pooler cannot do at all is said in its words.
func TestPoolerOfStatements(t *testing.T) {
	address := pgtest.Bouncer(t, pgtest.DSN(t), "pool_mode = statement")
	_, _, err := db.Create(t.Context(), address, shelves(1), db.Options{})
	if e := plan.Describe(err); e.Kind != plan.Unavailable || !strings.Contains(e.Message, "statement pooling") {
		t.Errorf("%+v", e)
	}
}

// Statements run uncompiled, with a pooler or without: one of many parts was compiled
// for seconds, and ran for milliseconds. No statement says so. What an address says
// goes before it.
func TestStatementsRunUncompiled(t *testing.T) {
	direct := pgtest.DSN(t)
	for name, address := range map[string]string{"off": direct, "on": withParameter(t, direct, "jit", "on"), "off ": pgtest.Bouncer(t, direct)} {
		var ran []string
		d, _, err := db.Create(t.Context(), address, shelves(1), db.Options{Observe: func(s db.Statement) { ran = append(ran, s.Name) }})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		look := func(tx *db.Tx) (jit string, err error) {
			ran = nil
			_, err = tx.ScanOne(db.Named("test.jit", "select current_setting('jit') where $1 = $1"), []any{&jit}, "x")
			return jit, err
		}
		for _, in := range []func(context.Context, *db.DB, func(*db.Tx) (string, error)) (string, error){db.Read[string], db.Write[string]} {
			if jit, err := in(t.Context(), d, look); err != nil || jit != strings.TrimSpace(name) || !slices.Equal(ran, []string{"test.jit", "tx.commit"}) {
				t.Errorf("jit is %q, not %s, after %v, %v", jit, name, ran, err)
			}
		}
	}
}
