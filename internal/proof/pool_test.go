package proof

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"pm/internal/db"
	"pm/internal/store"
	"pm/internal/tracker"
)

// countRetries returns options that count the writes that are run again.
func countRetries(n *atomic.Int64) store.Options {
	return store.Options{Observe: func(s db.Statement) {
		if s.Name == "tx.retry" {
			n.Add(1)
		}
	}}
}

// TestPool has 64 goroutines work through the connections of one process,
// with calls whose locks meet in every order. None waits for ever, none fails.
func TestPool(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		keys := lone(t, w, 40)
		var retries atomic.Int64
		tr := w.open(t, countRetries(&retries))
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(load(60, 300))*time.Second)
		defer cancel()
		f := newFigures()
		lanes(64, func(lane int) {
			random := random(t, lane)
			for range load(4, 100) {
				began := time.Now()
				err := poolCall(as(ctx, fmt.Sprint("a", lane)), tr, random, keys)
				f.add(time.Since(began))
				if err != nil {
					f.fail(t, "%v", err)
				}
			}
		})
		f.set("retries", retries.Load())
		f.log(t)
		w.clean(t)
	})
}

// poolCall makes a call at random. Refusals are right answers.
func poolCall(ctx context.Context, tr *tracker.Tracker, random *rand.Rand, keys []string) (err error) {
	pick := func() string { return keys[random.IntN(len(keys))] }
	switch random.IntN(8) {
	case 0:
		_, err = tr.CreateTask(ctx, tracker.CreateTask{Feature: featureOf(pick()), Title: "more", DependsOn: []string{pick(), pick()}})
	case 1:
		_, err = tr.AddNote(ctx, tracker.AddNote{Key: pick(), Body: "note"})
	case 2:
		title := fmt.Sprint("title ", random.IntN(1000))
		_, err = tr.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{pick(), pick(), pick()}, Title: &title})
	case 3:
		_, err = tr.AddDependencies(ctx, tracker.Depend{Task: pick(), DependsOn: []string{pick()}})
	case 4:
		var next tracker.NextTask
		if next, err = tr.Next(ctx, tracker.Next{Claim: true}); err == nil && next.Task != nil {
			_, err = tr.Release(ctx, tracker.ChangeStatus{Keys: []string{next.Task.Key.String()}, Fence: next.Task.Fence})
		}
	case 5:
		_, err = tr.Complete(ctx, tracker.Complete{Keys: []string{pick(), pick()}})
	case 6:
		_, err = tr.Reopen(ctx, tracker.ChangeStatus{Keys: []string{pick()}, Reason: "again"})
	default:
		_, err = tr.ListTasks(ctx, tracker.ListTasks{Feature: featureOf(pick())})
	}
	switch codeOf(err) {
	case "", "held", "lease_lost", "bad_transition", "cycle", "not_ready":
		return nil
	}
	return err
}

// TestPoolDeadlock makes PostgreSQL end one of pm's writes to break a
// deadlock with another program: the write is run again and succeeds.
func TestPoolDeadlock(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.only(t, "postgres", "SQLite lets one writer in at a time: there is nothing to lock in the wrong order")
		keys := w.tasks(t, 2)
		var retries atomic.Int64
		tr := w.open(t, countRetries(&retries))
		foreign := w.foreign(t)
		foreign.SetMaxOpenConns(1)
		// The one that looks for a deadlock first is ended: not this one.
		if _, err := foreign.Exec("set deadlock_timeout = '1min'"); err != nil {
			t.Logf("the foreign program may be ended: %v", err)
		}
		tx, err := foreign.Begin()
		if err != nil {
			t.Fatal(err)
		}
		lock := "select id from tasks where key = $1 for update"
		if _, err := tx.Exec(lock, keys[1]); err != nil {
			t.Fatal(err)
		}
		done := make(chan error)
		go func() {
			title := "both"
			_, err := tr.UpdateTask(as(t.Context(), "a"), tracker.UpdateTask{Keys: keys, Title: &title})
			done <- err
		}()
		w.watch(t).await(t, 1) // pm holds the first and waits for the second
		if _, err := tx.Exec(lock, keys[0]); err != nil {
			t.Fatalf("the other program was ended, not pm: %v", err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Errorf("the write that was ended says %v", err)
		}
		if retries.Load() == 0 {
			t.Error("no write was run again")
		}
		if got := w.strings(t, "select count(*) from tasks where title = 'both'"); got[0] != "2" {
			t.Errorf("%s of 2 tasks are changed", got[0])
		}
		w.clean(t)
	})
}
