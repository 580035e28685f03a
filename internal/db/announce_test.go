package db_test

import (
	"context"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

// Who waits for a writer that has announced its work is told, and waits longer
// than for another.
func TestAnnouncedWorkIsWaitedFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "books.db")
	open := func(o db.Options) *db.DB {
		t.Helper()
		d, _, err := db.Create(t.Context(), path, shelves(1), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		return d
	}
	var told atomic.Pointer[db.Work]
	seen := make(chan struct{}, 1000)
	holder := open(db.Options{})
	waiter := open(db.Options{WriteWait: 100 * time.Millisecond, Waiting: func(w db.Work) {
		told.Store(&w)
		seen <- struct{}{}
	}})
	nothing := func(*db.Tx) (int, error) { return 0, nil }
	holding, done := make(chan struct{}), make(chan error, 1)
	wait := make(chan struct{})
	go func() {
		_, err := db.Write(t.Context(), holder, func(tx *db.Tx) (int, error) {
			tx.Announce(db.Work{What: "item delete E01", Agent: "ann", Total: 100_000})
			close(holding)
			<-wait
			return 0, nil
		})
		done <- err
	}()
	<-holding
	waited := make(chan error, 1)
	go func() { _, err := db.Write(context.Background(), waiter, nothing); waited <- err }()
	select {
	case <-seen:
	case err := <-waited:
		t.Fatalf("it did not wait: %v", err)
	}
	if w := told.Load(); w.What != "item delete E01" || w.Agent != "ann" || w.Total != 100_000 {
		t.Errorf("it was told %+v", w)
	}
	close(wait)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if err := <-waited; err != nil {
		t.Errorf("after the work: %v", err)
	}
	if text, err := os.ReadFile(path + "-lock"); err != nil || len(text) > 0 {
		t.Errorf("the work is still published: %q, %v", text, err)
	}

	// What a process left that died is nobody's work: the next turn takes it away.
	if err := os.WriteFile(path+"-lock", []byte(`{"what":"x","total":1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Write(t.Context(), waiter, nothing); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(path + "-lock"); len(text) > 0 {
		t.Errorf("it is left: %q", text)
	}
	// Without work the wait is the usual one.
	holding, wait = make(chan struct{}), make(chan struct{})
	go func() {
		_, err := db.Write(t.Context(), holder, func(*db.Tx) (int, error) { close(holding); <-wait; return 0, nil })
		done <- err
	}()
	<-holding
	if _, err := db.Write(t.Context(), waiter, nothing); plan.KindOf(err) != plan.Unavailable {
		t.Errorf("a writer that waits for nobody's work says %v", err)
	}
	close(wait)
	<-done
}
