package proof

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"pm/internal/backup"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/tracker"
)

// A ledger holds what was acknowledged, in its order.
type ledger struct {
	mu    sync.Mutex
	notes []string
}

func (l *ledger) add(note string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.notes = append(l.notes, note)
}

func (l *ledger) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.notes)
}

// notesIn returns the notes of a database, by a tracker of its own.
func notesIn(t *testing.T, path, task string) (out []string) {
	t.Helper()
	d, err := store.Open(t.Context(), path, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	defer d.Close()
	notes, err := tracker.New(d).ListNotes(t.Context(), tracker.ListNotes{Key: task})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range notes.Items {
		out = append(out, n.Body)
	}
	return out
}

// lacks names the first of want that is not in got.
func lacks(got, want []string) string {
	have := map[string]bool{}
	for _, s := range got {
		have[s] = true
	}
	for _, s := range want {
		if !have[s] {
			return s
		}
	}
	return ""
}

// writeNotes has writers add notes until stop is closed, each by a database of
// its own, as another process would.
func (w *world) writeNotes(t *testing.T, l *ledger, writers int, task string, stop <-chan struct{}) *sync.WaitGroup {
	var all sync.WaitGroup
	for i := range writers {
		tr := w.open(t, store.Options{})
		all.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				body := fmt.Sprintf("writer %d, note %d", i, n)
				if _, err := tr.AddNote(as(t.Context(), "a"), tracker.AddNote{Key: task, Body: body}); err != nil {
					t.Errorf("%s: %v", body, err)
					return
				}
				l.add(body)
			}
		})
	}
	return &all
}

// TestBackup makes backups beside writers: each holds all that was
// acknowledged before it began. One of them is restored meanwhile: what is
// acknowledged afterwards is in the restored plan, and what was before is in
// the one that is kept.
func TestBackup(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.only(t, "sqlite", "PostgreSQL has backups of its own")
		task := w.tasks(t, load(5, 2000))[0]
		tr := w.open(t, store.Options{})
		dir := t.TempDir()
		l, stop := &ledger{}, make(chan struct{})
		writers := w.writeNotes(t, l, 8, task, stop)
		made := ""
		for i := range load(5, 40) {
			before := l.all()
			m, err := backup.Create(t.Context(), tr, backup.Place{Path: filepath.Join(dir, fmt.Sprintf("%d.db", i))})
			if err != nil {
				t.Fatal(err)
			}
			if made = m.Path; m.Problems > 0 {
				t.Errorf("doctor finds %d problems", m.Problems)
			}
			if lost := lacks(notesIn(t, made, task), before); lost != "" {
				t.Errorf("backup %d lacks %q, which was acknowledged before it began", i, lost)
			}
		}
		before := l.all()
		done, err := backup.Restore{From: made, Address: w.address, Keep: dir}.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		close(stop)
		writers.Wait()
		all := l.all()
		if lost := lacks(notesIn(t, done.Kept, task), before); lost != "" {
			t.Errorf("the plan that is kept lacks %q", lost)
		}
		// Each note is in one plan or the other: none was written where nobody sees it.
		if lost := lacks(append(notesIn(t, done.Kept, task), notesIn(t, w.address, task)...), all); lost != "" {
			t.Errorf("%q is in neither plan", lost)
		}
		if _, err := tr.AddNote(as(t.Context(), "a"), tracker.AddNote{Key: task, Body: "after"}); err != nil {
			t.Fatal(err)
		}
		if got := notesIn(t, w.address, task); !slices.Contains(got, "after") {
			t.Error("what is written after the restore is not in the restored plan")
		}
		w.clean(t)
	})
}

// killed runs pm and kills it at the n-th system call of a name, before it is
// made. It reports whether there was one.
func (w *world) killed(t *testing.T, call string, n int, args ...string) bool {
	t.Helper()
	pm := w.command(t, "a", args...)
	strace := []string{"-f", "-qq", "-o", os.DevNull, "-e", "signal=none", "-e", "trace=" + call,
		"-e", fmt.Sprintf("inject=%s:signal=KILL:when=%d", call, n)}
	cmd := exec.CommandContext(t.Context(), "strace", append(append(strace, pm.Path), pm.Args[1:]...)...)
	cmd.Env, cmd.Dir = pm.Env, pm.Dir
	a := finish(t, cmd, nil)
	if a.code > 0 {
		t.Errorf("pm %v with %s %d: %s", args, call, n, a)
	}
	return a.code != 0
}

// copied are the system calls by which a copy is made and put in its place.
const copied = "pwrite64,ftruncate,fsync,fdatasync,renameat,renameat2,unlink,unlinkat"

// TestBackupKilled kills pm backup at its system calls: no file has the name
// of a backup that is not whole, and at the place of the plan there is always
// a whole one, the old or the restored.
func TestBackupKilled(t *testing.T) {
	needStrace(t)
	each(t, func(t *testing.T, w *world) {
		w.only(t, "sqlite", "PostgreSQL has backups of its own")
		task := w.tasks(t, 3)[0]
		dir := t.TempDir()
		good := filepath.Join(dir, "good.db")
		if a := w.pm(t, "a", "backup", "create", good); a.code != 0 {
			t.Fatal(a)
		}
		kills, torn := 0, filepath.Join(dir, "torn.db")
		for call := range strings.SplitSeq(copied, ",") {
			for n := 1; w.killed(t, call, n, "backup", "create", torn); n += 1 + n/3 {
				kills++
				if _, err := backup.Check(t.Context(), torn); err != nil && plan.Describe(err).Code != "no_database" {
					t.Errorf("killed at %s %d, %s is %v", call, n, torn, err)
				}
				os.Remove(torn)
			}
			os.Remove(torn)
			for n := 1; ; n += 1 + n/3 {
				mark := fmt.Sprintf("before %s %d", call, n)
				if a := w.pm(t, "a", "note", task, mark); a.code != 0 {
					t.Fatal(a)
				}
				if !w.killed(t, call, n, "backup", "restore", good) {
					break
				}
				kills++
				w.oldOrNew(t, task, mark)
			}
		}
		t.Logf("%d kills", kills)
		if kills == 0 {
			t.Error("it was never killed")
		}
		w.clean(t)
	})
}

// oldOrNew demands that the plan is whole, and that a note which it had before
// a restore is in it or in one that is kept.
func (w *world) oldOrNew(t *testing.T, task, mark string) {
	t.Helper()
	found, err := backup.Check(t.Context(), w.address)
	if err != nil || found.Problems > 0 {
		t.Errorf("%s: the plan has %d problems: %v", mark, found.Problems, err)
		return
	}
	if slices.Contains(notesIn(t, w.address, task), mark) {
		return
	}
	kept, err := filepath.Glob(filepath.Join(w.address+"-backups", "replaced-*.db"))
	if err != nil {
		t.Fatal(err)
	}
	beside, err := filepath.Glob(filepath.Join(filepath.Dir(w.address), ".pm-*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(kept, beside...) {
		if _, err := backup.Check(t.Context(), path); err == nil && slices.Contains(notesIn(t, path, task), mark) {
			return
		}
	}
	t.Errorf("%s: the note is in none of %q", mark, append(kept, beside...))
}
