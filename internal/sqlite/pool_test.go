package sqlite_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pm/internal/sqlite"
)

func newPool(t *testing.T, o sqlite.Options) *sqlite.Pool {
	t.Helper()
	p := sqlite.NewPool(empty(t), o)
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	do(t, p, "create table a (x)")
	return p
}

func do(t *testing.T, p *sqlite.Pool, text string, args ...any) {
	t.Helper()
	if err := p.Use(t.Context(), func(c *sqlite.Conn) error { _, err := c.Exec(t.Context(), text, args...); return err }); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// rowsOf counts the rows of a, through a connection that must be in no transaction.
func rowsOf(t *testing.T, p *sqlite.Pool) (n int) {
	t.Helper()
	err := p.Use(t.Context(), func(c *sqlite.Conn) error {
		if err := c.Begin(t.Context(), true); err != nil { // fails within another one
			return err
		}
		rows, err := c.Query(t.Context(), "select count(*) from a")
		if err != nil {
			return err
		}
		defer rows.Close()
		rows.Next()
		return rows.Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// No more connections than were asked for are in use at a time, and each by
// one goroutine; who waits for one does so no longer than its context.
func TestConnectionsAreSharedOut(t *testing.T) {
	p := newPool(t, sqlite.Options{BusyTimeout: time.Second, Connections: 3})
	var users, most atomic.Int64
	used := sync.Map{}
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			err := p.Use(t.Context(), func(c *sqlite.Conn) error {
				if _, taken := used.LoadOrStore(c, true); taken {
					t.Error("two have the same connection")
				}
				defer used.Delete(c)
				n := users.Add(1)
				defer users.Add(-1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				}
				rows, err := c.Query(t.Context(), "with recursive n (i) as (select 1 union all select i + 1 from n limit $1) select count(*) from n", 20_000)
				if err != nil {
					return err
				}
				defer rows.Close()
				for rows.Next() {
				}
				return rows.Err()
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := most.Load(); n > 3 {
		t.Errorf("%d connections were in use at a time", n)
	}

	one := newPool(t, sqlite.Options{})
	err := one.Use(t.Context(), func(*sqlite.Conn) error {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		return one.Use(ctx, func(*sqlite.Conn) error { return nil })
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the wait for the only connection ended with %v", err)
	}
}

// What is left in the middle of something is not handed on.
func TestNothingIsLeftBehind(t *testing.T) {
	p := newPool(t, sqlite.Options{})
	failed := errors.New("failed")
	err := p.Use(t.Context(), func(c *sqlite.Conn) error {
		if err := c.Begin(t.Context(), true); err != nil {
			return err
		}
		if _, err := c.Exec(t.Context(), "insert into a values (1)"); err != nil {
			return err
		}
		return failed
	})
	if !errors.Is(err, failed) {
		t.Fatal(err)
	}
	if n := rowsOf(t, p); n != 0 {
		t.Errorf("%d rows of a transaction that nobody committed", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if err := p.Use(t.Context(), func(c *sqlite.Conn) error { _, err := c.Query(ctx, "select 1"); return err }); err != nil {
		t.Error(err) // the rows are left open
	}
	cancel()
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic is gone")
			}
		}()
		p.Use(t.Context(), func(c *sqlite.Conn) error {
			if err := c.Begin(t.Context(), true); err != nil {
				return err
			}
			if _, err := c.Query(t.Context(), "select 1"); err != nil {
				return err
			}
			panic("in the middle of a query")
		})
	}()
	if n := rowsOf(t, p); n != 0 {
		t.Errorf("%d rows", n)
	}
	do(t, p, "insert into a values (1)")
	if n := rowsOf(t, p); n != 1 {
		t.Errorf("%d rows, not the one that was inserted", n)
	}
}

func TestAClosedPool(t *testing.T) {
	p := newPool(t, sqlite.Options{Connections: 2})
	err := p.Use(t.Context(), func(c *sqlite.Conn) error {
		if err := p.Close(); err != nil {
			return err
		}
		_, err := c.Exec(t.Context(), "insert into a values (1)") // it is in use
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if err := p.Use(t.Context(), func(*sqlite.Conn) error { return nil }); err == nil {
		t.Error("a closed pool gives connections")
	}
}

// Every kind of target takes its kind of value, and no other.
func TestScan(t *testing.T) {
	type word string
	type small int8
	p := newPool(t, sqlite.Options{})
	scan := func(text string, into ...any) error {
		return p.Use(t.Context(), func(c *sqlite.Conn) error {
			rows, err := c.Query(t.Context(), text)
			if err != nil {
				return err
			}
			defer rows.Close()
			if !rows.Next() {
				t.Fatalf("%s has no row", text)
			}
			return rows.Scan(into...)
		})
	}
	var (
		s        string
		w        word
		n        int
		n64      int64
		n8       small
		f        float64
		b, no    bool
		anything any
		null     = new(int64)
		there    *string
		scanned  upper
	)
	err := scan("select 'a', 'b', 3, 4, 5, 0.5, 1, 0, 'c', null, 'd', 'e'", &s, &w, &n, &n64, &n8, &f, &b, &no, &anything, &null, &there, &scanned)
	if err != nil {
		t.Fatal(err)
	}
	if s != "a" || w != "b" || n != 3 || n64 != 4 || n8 != 5 || f != 0.5 || !b || no || anything != "c" || null != nil || *there != "d" || scanned != "E" {
		t.Error(s, w, n, n64, n8, f, b, no, anything, null, there, scanned)
	}
	if err := scan("select 2", &f); err != nil || f != 2 {
		t.Errorf("a whole number goes into a float as %v, %v", f, err)
	}
	for text, into := range map[string]any{
		"select null as x": &s, "select 1 as x": &s, "select 'a' as x": &n, "select null as x ": &n, "select 0.5 as x": &n64, "select 300 as x": &n8,
		"select 2 as x": &b, "select 'a' as x ": &f, "select x'00' as x": &w, "select 1 as x ": 7, "select 'b' as x": (*word)(nil), "select 'a' as x  ": &null,
	} {
		if err := scan(text, into); err == nil {
			t.Errorf("%s was scanned into a %T", text, into)
		}
	}
	if scan("select 1, 2", &n) == nil || scan("select 1", &n, &n64) == nil {
		t.Error("another number of columns was scanned")
	}
}

type upper string

func (u *upper) Scan(v any) error {
	*u = upper(v.(string)[0] - 'a' + 'A')
	return nil
}
