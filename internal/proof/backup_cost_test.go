package proof

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"pm/internal/backup"
	"pm/internal/bench"
	"pm/internal/store"
	"pm/internal/tracker"
)

// TestFollowCost measures what a continuous backup costs: the bytes that one
// changed task takes, how long a restore takes, and, with the full load, how
// much slower 64 writers are beside it. Only the bytes are judged: times are the
// machine's.
func TestFollowCost(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.only(t, "sqlite", "the pages of PostgreSQL are its operator's")
		f, dir := newFigures(), filepath.Join(t.TempDir(), "copies")
		d, err := store.Open(t.Context(), w.address, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := bench.Fill(t.Context(), d, load(500, 100_000), nil); err != nil {
			t.Fatal(err)
		}
		tr := tracker.New(d)
		follower, err := backup.Follow(t.Context(), tr, dir)
		if err != nil {
			t.Fatal(err)
		}
		defer follower.Close()
		if _, err := follower.Round(t.Context()); err != nil {
			t.Fatal(err)
		}
		const key = "T-E01-F01-007"
		title := "Another title for one task"
		if _, err := tr.UpdateTask(as(t.Context(), "a"), tracker.UpdateTask{Keys: []string{key}, Title: &title}); err != nil {
			t.Fatal(err)
		}
		made, err := follower.Round(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		f.set("bytes of one changed task", made.Bytes)
		if made.Bytes > 64<<10 {
			t.Errorf("one changed task takes %d bytes", made.Bytes)
		}
		began, to := time.Now(), filepath.Join(t.TempDir(), "restored.db")
		if _, err := (backup.Restore{From: dir, Address: to, Keep: to + "-kept"}).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		f.set("restore, ms", time.Since(began).Milliseconds())
		if full() {
			w.loss(t, f, tr, follower, key)
		}
		f.log(t)
	})
}

// loss has 64 clients of one server write, in turn with a backup every 10 seconds
// beside them and without.
func (w *world) loss(t *testing.T, f *figures, tr *tracker.Tracker, follower *backup.Follower, key string) {
	var writes atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	for i := range 64 {
		go func() {
			for n := 0; ctx.Err() == nil; n++ {
				if _, err := tr.AddNote(as(ctx, "a"), tracker.AddNote{Key: key, Body: fmt.Sprint(i, n)}); err == nil {
					writes.Add(1)
				}
			}
		}()
	}
	const window = 10 * time.Second
	var alone, beside []int64
	for range 6 {
		for _, backedUp := range []bool{false, true} {
			before, end := writes.Load(), time.After(window)
			if backedUp {
				if _, err := follower.Round(t.Context()); err != nil {
					t.Error(err)
				}
			}
			<-end
			if n := writes.Load() - before; backedUp {
				beside = append(beside, n)
			} else {
				alone = append(alone, n)
			}
		}
	}
	slices.Sort(alone)
	slices.Sort(beside)
	f.set("writes in 10 s alone", alone)
	f.set("writes in 10 s beside a backup", beside)
	a, b := alone[2]+alone[3], beside[2]+beside[3]
	f.set("loss, percent", float64(a-b)*100/float64(a))
}
