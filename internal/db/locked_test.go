package db_test

import (
	"context"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/sqlite"
)

// A program that locks the database past the queue of writers is waited for
// once, as long as a write may wait: eight attempts of five seconds each held
// the queue for 40, and all other writers failed.
func TestALockOfAnotherProgramIsWaitedForOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "books.db")
	var begun, again atomic.Int32
	d, _, err := db.Create(t.Context(), path, shelves(1), db.Options{WriteWait: 20 * time.Millisecond, Observe: func(s db.Statement) {
		switch s.Name {
		case "tx.begin":
			begun.Add(1)
		case "tx.retry":
			again.Add(1)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	add(t, d, book{"Emma", "A"})
	other := sqlite.NewPool(path, sqlite.Options{})
	defer other.Close()
	for _, lock := range []string{"begin immediate", "begin exclusive"} {
		err := other.Use(t.Context(), func(c *sqlite.Conn) error {
			if _, err := c.Exec(t.Context(), lock); err != nil {
				return err
			}
			begun.Store(0)
			for range 2 {
				_, err := db.Write(t.Context(), d, func(*db.Tx) (int, error) {
					t.Errorf("%s: the write runs", lock)
					return 0, nil
				})
				if e := plan.Describe(err); e.Kind != plan.Unavailable || e.Code != "busy" || !strings.HasPrefix(e.Message, "waited 20ms for ") || !strings.HasSuffix(e.Message, ": another program has locked it") {
					t.Errorf("%s: %v", lock, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if begun.Load() != 2 || again.Load() != 0 {
			t.Errorf("%s: two writes began %d times, %d times again", lock, begun.Load(), again.Load())
		}
		add(t, d, book{"Persuasion", "A"})
	}
}

// A write goes on as soon as the other program lets go, and so do those behind it.
func TestAfterALockOfAnotherProgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "books.db")
	d, _, err := db.Create(t.Context(), path, shelves(1), db.Options{WriteWait: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	other := sqlite.NewPool(path, sqlite.Options{})
	defer other.Close()
	done := make(chan error, 3)
	err = other.Use(t.Context(), func(c *sqlite.Conn) error {
		if err := c.Begin(t.Context(), true); err != nil {
			return err
		}
		for range cap(done) {
			go func() {
				_, err := db.Write(context.WithoutCancel(t.Context()), d, func(*db.Tx) (int, error) { return 0, nil })
				done <- err
			}()
		}
		return c.Rollback()
	})
	if err != nil {
		t.Fatal(err)
	}
	for range cap(done) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
