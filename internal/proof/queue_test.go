package proof

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/sqlite"
	"pm/internal/store"
	"pm/internal/tracker"

	sqlite3 "modernc.org/sqlite/lib"
)

// TestQueueKilled kills a writer in the middle of its transaction: those who
// wait for it go on at once, and nothing of it is left.
func TestQueueKilled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		key := w.tasks(t, 1)[0]
		f := newFigures()
		for round := range load(3, 50) {
			holder := w.mode(t, "holder")
			holder.Env = append(holder.Env, tasksEnv+"="+key)
			holder.Stderr = os.Stderr
			_, out, err := pipes(holder)
			if err != nil {
				t.Fatal(err)
			}
			if lines := bufio.NewScanner(out); !lines.Scan() || lines.Text() != "holding" {
				t.Fatalf("the holder says %q", lines.Text())
			}
			done := make(chan answer)
			go func() { done <- w.pm(t, "next", "note", key, fmt.Sprint("after ", round), "--json") }()
			w.watch(t).await(t, 1)
			holder.Process.Kill()
			began := time.Now()
			a := <-done
			f.add(time.Since(began))
			holder.Wait()
			if a.code != 0 {
				f.fail(t, "round %d: %s", round, a)
			}
		}
		f.log(t) // the times are those from the kill to the end of the next write
		if got := w.strings(t, "select count(*) from notes where body = 'never'"); got[0] != "0" {
			t.Errorf("%s notes of killed writers are there", got[0])
		}
		w.clean(t)
	})
}

// holdUntilKilled stays in a transaction that has written.
func holdUntilKilled() int {
	ctx := as(context.Background(), "holder")
	db, err := store.Open(ctx, os.Getenv(addressEnv), store.Options{})
	if err == nil {
		_, err = store.Write(ctx, db, func(tx *store.Tx) (int, error) {
			k := plan.MustKey(os.Getenv(tasksEnv))
			if _, err := tx.LockTask(k); err != nil {
				return 0, err
			}
			now, err := tx.Now()
			if err != nil {
				return 0, err
			}
			if err := tx.PutNote(plan.Note{Key: k, N: 99, Agent: "holder", Kind: plan.Comment, Body: "never", CreatedAt: now}); err != nil {
				return 0, err
			}
			fmt.Println("holding")
			_, err = bufio.NewReader(os.Stdin).ReadByte() // until we are killed
			return 0, err
		})
	}
	fmt.Fprintln(os.Stderr, "holder:", err)
	return 1
}

// TestQueueDeadline lets a writer wait for its turn too long: it says so in
// one sentence and exits 75.
func TestQueueDeadline(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		key := w.tasks(t, 1)[0]
		g := w.shut(t, key)
		if err := os.Mkdir(filepath.Join(w.dir, ".pm"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(w.dir, ".pm", "config.toml"), []byte("write_wait = \"150ms\"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		late := func(args ...string) answer {
			t.Helper()
			var tooLate atomic.Bool
			a := finish(t, w.command(t, "late", append([]string{"note", key, "late"}, args...)...), func(p *os.Process) {
				time.AfterFunc(15*time.Second, func() { tooLate.Store(p.Kill() == nil) })
			})
			if tooLate.Load() {
				t.Fatal("a writer that waits 150ms at most still waits after 15s")
			}
			return a
		}
		a := late("--json")
		if a.code != 75 || a.errorCode() != "busy" {
			t.Fatalf("the deadline says %s", a)
		}
		a = late()
		said := strings.Split(strings.TrimSpace(a.stderr), "\n")
		if want := "pm: waited 150ms for another writer of "; len(said) != 2 || !strings.HasPrefix(said[0], want) || a.code != 75 {
			t.Errorf("the deadline says %s, want %q and a hint", a, want)
		}

		// One process that was late once gets its turn later.
		tr := w.open(t, store.Options{WriteWait: time.Millisecond})
		note := func(body string) error {
			_, err := tr.AddNote(as(t.Context(), "late"), tracker.AddNote{Key: key, Body: body})
			return err
		}
		if err := note("late"); codeOf(err) != "busy" {
			t.Errorf("the deadline says %v", err)
		}
		g.open()
		until(t, 15*time.Second, "the late writer gets its turn", func() bool { return note("in time") == nil })
		if got := w.strings(t, "select body from notes"); len(got) != 1 || got[0] != "in time" {
			t.Errorf("stored are %q", got)
		}
		w.clean(t)
	})
}

// TestQueueForeign has a program that is not pm write beside pm's writers:
// they are held up, and that is all.
func TestQueueForeign(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		key := w.tasks(t, 1)[0]
		foreign := w.foreign(t)
		var torn atomic.Int64
		tr := w.open(t, store.Options{Observe: func(s db.Statement) {
			// Who waits does so where a transaction begins, and nowhere else.
			var e *sqlite.Error
			if s.Name != "tx.begin" && s.Name != "tx.retry" && errors.As(s.Err, &e) && e.Code()&0xff == sqlite3.SQLITE_BUSY {
				torn.Add(1)
			}
		}})
		f := newFigures()
		rounds := load(6, 50)
		for round := range rounds {
			tx, err := foreign.Begin() // on SQLite begin immediate
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tx.Exec("update tasks set title = title where key = $1", key); err != nil { // takes the row
				t.Fatal(err)
			}
			if _, err := tx.Exec("update project set last_epic = last_epic + 1"); err != nil {
				t.Fatal(err)
			}
			done := make(chan error, 2)
			go func() {
				a := w.pm(t, "process", "note", key, fmt.Sprint("process ", round))
				if a.code != 0 {
					done <- fmt.Errorf("%s", a)
					return
				}
				done <- nil
			}()
			go func() {
				_, err := tr.AddNote(as(t.Context(), "goroutine"), tracker.AddNote{Key: key, Body: fmt.Sprint("goroutine ", round)})
				done <- err
			}()
			w.watch(t).awaitUnless(t, 1, func() bool { return len(done) > 0 }) // which fails below
			if err := tx.Commit(); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			for range 2 {
				if err := <-done; err != nil {
					f.fail(t, "round %d: %v", round, err)
				}
				f.add(time.Since(began))
			}
		}
		f.log(t) // the times are those from the foreign commit on
		if n := torn.Load(); n > 0 {
			t.Errorf("%d statements met another's lock: they ran before it was their turn to write", n)
		}
		if got := w.strings(t, "select count(*) from notes"); got[0] != fmt.Sprint(2*rounds) {
			t.Errorf("%s notes are there, want %d", got[0], 2*rounds)
		}
		if got := w.strings(t, "select last_epic from project"); got[0] != fmt.Sprint(1+rounds) {
			t.Errorf("the foreign program's last change is %s", got[0])
		}
		w.clean(t)
	})
}

// TestQueueWAL writes much, with one process and beside a reader that comes
// and goes: the WAL does not keep all of it.
func TestQueueWAL(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.only(t, "sqlite", "PostgreSQL keeps its log itself")
		key := w.tasks(t, 1)[0]
		tr := w.open(t, store.Options{})
		stop := startReader(t, w)
		body := strings.Repeat("x", 256<<10)
		f := newFigures()
		for range load(100, 1000) {
			began := time.Now()
			if _, err := tr.AddNote(as(t.Context(), "writer"), tracker.AddNote{Key: key, Body: body}); err != nil {
				f.fail(t, "%v", err)
			}
			f.add(time.Since(began))
			if info, err := os.Stat(w.address + "-wal"); err == nil {
				f.most("wal_bytes", info.Size())
			}
		}
		f.set("reads", stop())
		f.log(t)
		if wal, _ := f.extra["wal_bytes"].(int64); wal > walBound {
			t.Errorf("the WAL grew to %d bytes", wal)
		}
	})
}

// walAlone is what the WAL must not outgrow when nobody else is there, in bytes.
const walAlone = 2 << 20

// TestQueueWALAlone writes with one process after the other, each alone: the
// next one reads the whole WAL, which must therefore stay short.
func TestQueueWALAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.only(t, "sqlite", "PostgreSQL keeps its log itself")
		key := w.tasks(t, 1)[0]
		body := strings.Repeat("x", 100<<10)
		f := newFigures()
		for range load(40, 400) {
			if a := w.pm(t, "writer", "note", key, body, "--quiet"); a.code != 0 {
				f.fail(t, "%s", a)
			}
			info, err := os.Stat(w.address + "-wal")
			if err != nil {
				t.Fatal(err)
			}
			f.most("wal_bytes", info.Size())
		}
		f.log(t)
		if wal, _ := f.extra["wal_bytes"].(int64); wal > walAlone {
			t.Errorf("the WAL grew to %d bytes", wal)
		}
		w.clean(t)
	})
}
