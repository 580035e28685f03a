package proof

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pm/internal/backup"
	"pm/internal/store"
	"pm/internal/tracker"
)

// A timed ledger holds what was acknowledged, and when.
type timed struct {
	mu    sync.Mutex
	more  *sync.Cond // told of each
	notes []string
	at    []time.Time

	looked time.Time     // what is not after it was looked at by allHold
	pace   chan struct{} // from which each note takes one; nil: as fast as they can
}

func (l *timed) add(note string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.notes, l.at = append(l.notes, note), append(l.at, time.Now())
	l.more.Broadcast()
}

func newTimed() *timed {
	l := &timed{}
	l.more = sync.NewCond(&l.mu)
	return l
}

// always is a channel from which there is always something to take.
var always = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

func (l *timed) turns() <-chan struct{} {
	if l.pace == nil {
		return always
	}
	return l.pace
}

// allow lets some more notes be made: as fast as they can, writers would soon have
// made so many that all who read them spend their time on that.
func (l *timed) allow(n int) {
	for range n {
		select {
		case l.pace <- struct{}{}:
		default:
			return
		}
	}
}

// grow waits until something more was acknowledged.
func (l *timed) grow() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for n := len(l.notes); len(l.notes) == n; {
		l.more.Wait()
	}
}

// before returns what was acknowledged before a moment.
func (l *timed) before(at time.Time) (out []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, note := range l.notes {
		if l.at[i].Before(at) {
			out = append(out, note)
		}
	}
	return out
}

// holds restores every backup in a directory, and demands that each holds what
// was acknowledged before its moment, and passes pm doctor.
func (l *timed) holds(t *testing.T, dir, task string) (restored int) {
	t.Helper()
	list, err := backup.List(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range list.Items {
		if !item.At.After(l.looked) {
			continue
		}
		if item.Problem != "" {
			t.Errorf("%s: %s", item.Path, item.Problem)
			continue
		}
		to := filepath.Join(t.TempDir(), "restored.db")
		done, err := backup.Restore{From: dir, At: item.At, Address: to, Keep: filepath.Join(t.TempDir(), "kept")}.Run(t.Context())
		if err != nil {
			t.Errorf("%s: %v", item.Path, err)
			continue
		}
		if done.From != item.Path {
			t.Errorf("restored %s --at the moment of %s", done.From, item.Path)
		}
		if found, err := backup.Check(t.Context(), to); err != nil || found.Problems > 0 {
			t.Errorf("%s: doctor finds %d problems: %v", item.Path, found.Problems, err)
		}
		if lost := lacks(notesIn(t, to, task), l.before(item.At)); lost != "" {
			t.Errorf("%s lacks %q, which was acknowledged before its moment", item.Path, lost)
		}
		restored++
	}
	return restored
}

// keepNoting has writers add notes until stop is closed.
func (w *world) keepNoting(t *testing.T, l *timed, writers int, task string, stop <-chan struct{}) *sync.WaitGroup {
	var all sync.WaitGroup
	for i := range writers {
		tr := w.open(t, store.Options{})
		all.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				case <-l.turns():
				}
				body := fmt.Sprintf("writer %d, note %d", i, n)
				if _, err := tr.AddNote(as(context.Background(), "a"), tracker.AddNote{Key: task, Body: body}); err != nil {
					t.Errorf("%s: %v", body, err)
					return
				}
				l.add(body)
			}
		})
	}
	return &all
}

// TestFollow makes a continuous backup beside writers. Each of its moments
// holds all that was acknowledged before it; after old moments were pruned, so
// do those that are left.
func TestFollow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.only(t, "sqlite", "the pages of PostgreSQL are its operator's")
		task, dir := w.tasks(t, load(20, 2000))[0], filepath.Join(t.TempDir(), "copies")
		l, stop := newTimed(), make(chan struct{})
		writers := w.keepNoting(t, l, 4, task, stop)
		tr := w.open(t, store.Options{})
		f, err := backup.Follow(t.Context(), tr, dir)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for range load(8, 60) {
			l.grow()
			if _, err := f.Round(t.Context()); err != nil {
				t.Error(err)
			}
		}
		close(stop)
		writers.Wait()
		if made, err := f.Round(t.Context()); err != nil || made == nil {
			t.Errorf("the last round: %v, %v", made, err)
		}
		if made, err := f.Round(t.Context()); err != nil || made != nil {
			t.Errorf("a round when nothing has changed: %v, %v", made, err)
		}
		if n := l.holds(t, dir, task); n < 3 {
			t.Errorf("only %d moments", n)
		}
		if p, err := f.Prove(t.Context()); err != nil || p.Problems > 0 || p.Tasks == 0 {
			t.Errorf("the proof: %+v, %v", p, err)
		}
		keep, err := backup.ParseKeep("1h")
		if err != nil {
			t.Fatal(err)
		}
		pruned, err := backup.Prune(t.Context(), dir, keep, false)
		if err != nil || pruned.Removed == 0 {
			t.Errorf("pruned %+v: %v", pruned, err)
		}
		l.holds(t, dir, task)
		if r, err := backup.Verify(t.Context(), dir); err != nil || len(r.Findings) > 0 {
			t.Errorf("verify finds %v: %v", r.Findings, err)
		}
	})
}

// TestFollowKilled kills with kill -9, in turn: a continuous backup, a server
// that makes one, a followed export, a writer, a prune. Every backup that has a
// name can be restored, and holds all that was acknowledged before its moment.
func TestFollowKilled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		task, dir, lines := w.tasks(t, load(20, 2000))[0], filepath.Join(t.TempDir(), "copies"), filepath.Join(t.TempDir(), "lines")
		l, stop := newTimed(), make(chan struct{})
		l.pace = make(chan struct{}, notesPerKill)
		writers := w.keepNoting(t, l, 2, task, stop)
		f, random := newFigures(), random(t, 0)
		victims := [][]string{
			{"export", "--follow", lines, "--every", "1s"},
			{"note", task, "of one that is killed"},
			{"export", "--follow", lines, "--once"},
		}
		whole := [][]string{victims[2]}
		if w.engine == "sqlite" {
			whole = append(whole, []string{"backup", "watch", dir, "--once"})
			victims = append(victims, [][]string{
				{"backup", "watch", dir, "--every", "1s"},
				{"serve", "--listen", "127.0.0.1:0", "--backup", dir, "--backup-every", "1s"},
				{"backup", "prune", dir, "--keep", "1h"},
				{"backup", "watch", dir, "--once"},
			}...)
		}
		for i := range load(len(victims), 200) {
			args := victims[i%len(victims)]
			l.allow(notesPerKill)
			if err := w.killAfter(t, time.Duration(random.Int64N(int64(400*time.Millisecond))), args...); err != nil {
				t.Fatal(err)
			}
			f.count(args[0] + " " + args[1])
			if i%len(victims) != len(victims)-1 {
				continue
			}
			for _, args := range whole {
				if a := w.pm(t, "a", args...); a.code != 0 {
					f.fail(t, "after kill %d: pm %v: %s", i, args, a)
				}
			}
			l.allHold(t, w, f, task, dir, lines)
		}
		close(stop)
		writers.Wait()
		f.log(t)
		w.clean(t)
	})
}

// notesPerKill is how many notes are made beside one who is killed.
const notesPerKill = 60

// allHold looks at all that kills have left since it looked last: backups and a
// followed export.
func (l *timed) allHold(t *testing.T, w *world, f *figures, task, dir, lines string) {
	t.Helper()
	began := time.Now()
	defer func() { l.looked = began }()
	dirs := []string{lines}
	if w.engine == "sqlite" {
		for range l.holds(t, dir, task) {
			f.count("restored")
		}
		dirs = append(dirs, dir)
	}
	for _, dir := range dirs {
		if r, err := backup.Verify(t.Context(), dir); err != nil || len(r.Findings) > 0 {
			t.Errorf("verify finds %v: %v", r.Findings, err)
		}
	}
	list, err := backup.List(lines)
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range list.Items[:min(2, len(list.Items))] { // the newest: an import of many notes takes its time
		if !item.At.After(l.looked) {
			continue
		}
		if lost := lacks(notesIn(t, w.imported(t, lines, item.At), task), l.before(item.At)); lost != "" {
			t.Errorf("%s lacks %q", item.Path, lost)
		}
		f.count("imported")
	}
}

// TestFollowEnds ends a continuous backup, as a server that is told to end does:
// what was done last is in the last backup.
func TestFollowEnds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		task, dir := w.tasks(t, 1)[0], filepath.Join(t.TempDir(), "copies")
		tr, l := w.open(t, store.Options{}), newTimed()
		ctx, end := context.WithCancel(t.Context())
		made, done := make(chan struct{}, 9), make(chan error, 1)
		watch := backup.Watch{Dir: dir, Every: time.Hour, Lines: w.engine == "postgres", Told: func(m *backup.Moment, _ *backup.Proof, _ error) {
			if m != nil {
				made <- struct{}{}
			}
		}}
		go func() { done <- watch.Run(ctx, tr) }()
		select {
		case <-made:
		case err := <-done:
			t.Fatalf("it ended at once: %v", err)
		}
		if _, err := tr.AddNote(as(t.Context(), "a"), tracker.AddNote{Key: task, Body: "the last"}); err != nil {
			t.Fatal(err)
		}
		l.add("the last")
		end()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "restored.db")
		if w.engine == "postgres" {
			path = w.imported(t, dir, time.Time{})
		} else if _, err := (backup.Restore{From: dir, Address: path, Keep: path + "-kept"}).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if lost := lacks(notesIn(t, path, task), l.before(time.Now())); lost != "" {
			t.Errorf("the last backup lacks %q", lost)
		}
	})
}

// killAfter starts pm, and kills it some time after it has begun to work, or
// when it ends by itself.
func (w *world) killAfter(t *testing.T, after time.Duration, args ...string) error {
	cmd := w.command(t, "a", args...)
	out, in, err := os.Pipe()
	if err != nil {
		return err
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = in, in
	if err := cmd.Start(); err != nil {
		return err
	}
	in.Close()
	ended := make(chan struct{})
	go func() {
		bufio.NewReader(out).WriteTo(discard{})
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(after): // at a random moment of its work: the pause is part of the fault
		cmd.Process.Kill()
	}
	cmd.Wait()
	return nil
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// TestFollowExport follows an export beside writers, imports what it was at
// its last moment, and finds the same plan, byte for byte.
func TestFollowExport(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		task, dir := w.tasks(t, load(10, 500))[0], filepath.Join(t.TempDir(), "copies")
		l, stop := newTimed(), make(chan struct{})
		writers := w.keepNoting(t, l, 2, task, stop)
		tr := w.open(t, store.Options{})
		f, err := backup.FollowExport(t.Context(), tr, dir)
		if err != nil {
			t.Fatal(err)
		}
		var moments []time.Time
		for range load(4, 40) {
			l.grow()
			made, err := f.Round(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if made != nil {
				moments = append(moments, made.At)
			}
		}
		close(stop)
		writers.Wait()
		if _, err := f.Round(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, at := range append(moments, time.Time{}) {
			path := w.imported(t, dir, at)
			if at.IsZero() {
				if got, want := export(t, path), export(t, w.address); got != want {
					t.Errorf("the last moment is %d bytes of export, and the plan %d", len(got), len(want))
				}
				at = time.Now()
			}
			if lost := lacks(notesIn(t, path, task), l.before(at)); lost != "" {
				t.Errorf("the export of %s lacks %q", at, lost)
			}
		}
		if p, err := f.Prove(t.Context()); err != nil || p.Problems > 0 {
			t.Errorf("the proof: %+v, %v", p, err)
		}
	})
}

// imported imports a followed export as it was at a moment.
func (w *world) imported(t *testing.T, dir string, at time.Time) string {
	t.Helper()
	source, err := backup.Source(t.Context(), dir, at)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "imported.db")
	d, _, err := store.Create(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := tracker.New(d).ImportLines(as(t.Context(), "a"), tracker.ImportLines{Source: source}); err != nil {
		t.Fatal(err)
	}
	return path
}

func export(t *testing.T, address string) string {
	t.Helper()
	d, err := store.Open(t.Context(), address, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var b strings.Builder
	if err := tracker.New(d).Export(t.Context(), &b, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
