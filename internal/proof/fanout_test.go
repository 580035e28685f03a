package proof

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pm/internal/store"
	"pm/internal/tracker"
)

// fanOps are the operations on all that lies under E01, in an order in which
// each can be done, with whether the epic is there and active afterwards.
var fanOps = []fanOp{
	{"draft", []string{"update", "E01", "--status", "draft"}, fanned{there: true}},
	{"active", []string{"update", "E01", "--status", "active"}, fanned{there: true, active: true}},
	{"delete", []string{"delete", "E01", "--force", "--yes"}, fanned{}},
	{"restore", []string{"restore", "E01"}, fanned{there: true, active: true}},
}

type fanOp struct {
	name string
	args []string
	then fanned
}

// A fanned is the state of the large epic.
type fanned struct{ there, active bool }

// TestFanOut activates a large epic, sets it to draft, deletes and restores
// it beside many writers: none of them fails, and no write is lost.
func TestFanOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		tasks := load(2_000, 100_000)
		w.large(t, tasks)
		s := startFanWriters(t, w, load(8, 64))
		took := map[string]float64{}
		for _, op := range fanOps {
			s.phase.Store(op.name)
			s.round(t)
			a := w.pm(t, "lead", op.args...)
			if a.code != 0 {
				t.Fatalf("%s: %s", op.name, a)
			}
			took[op.name] = a.took.Seconds()
			s.phase.Store("after")
			s.round(t)
			if got := w.fanned(t, tasks); got != op.then {
				t.Errorf("after %s the epic is %+v, want %+v", op.name, got, op.then)
			}
		}
		s.f.set("seconds", took)
		s.stop(t)
		w.clean(t)
		w.healthy(t)
	})
}

// TestFanOutKill kills the same operations at random moments, beside writers:
// all of one is done, or nothing.
func TestFanOutKill(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		tasks := load(2_000, 100_000)
		w.large(t, tasks)
		random, lasts := random(t, 0), map[string]time.Duration{}
		s := startFanWriters(t, w, load(4, 8))
		is := fanned{there: true, active: true}
		for range load(12, 60) {
			op := is.next(random)
			if lasts[op.name] == 0 { // once whole, to know how long it takes
				a := w.pm(t, "lead", op.args...)
				if a.code != 0 {
					t.Fatalf("%s: %s", op.name, a)
				}
				lasts[op.name] = a.took
				is = w.fanned(t, tasks)
				continue
			}
			cmd := w.command(t, "lead", op.args...)
			a := finish(t, cmd, func(p *os.Process) {
				// At a random moment of it: the pause is part of the fault.
				time.Sleep(time.Duration(random.Int64N(int64(lasts[op.name]))))
				p.Kill()
			})
			w.settled(t)
			got := w.fanned(t, tasks)
			done := got == op.then || op.name == "restore" && got.there
			switch {
			case got == is && a.code != 0:
				s.f.count(op.name + " nothing")
			case done:
				s.f.count(op.name + " all")
			default:
				t.Errorf("%s was killed (%s): the epic was %+v and is %+v", op.name, a, is, got)
			}
			is = got
		}
		if !is.there {
			if a := w.pm(t, "lead", "restore", "E01"); a.code != 0 {
				t.Errorf("restore after all: %s", a)
			}
		}
		s.stop(t)
		w.clean(t)
		w.healthy(t)
	})
}

// next returns an operation that can be done now.
func (is fanned) next(random *rand.Rand) fanOp {
	switch {
	case !is.there:
		return fanOps[3]
	case random.IntN(2) == 0:
		return fanOps[2]
	case is.active:
		return fanOps[0]
	}
	return fanOps[1]
}

// large makes E01 with so many tasks in ten features, some of them done, with
// notes and dependencies, and E02, whose tasks depend on some of them.
func (w *world) large(t testing.TB, tasks int) {
	t.Helper()
	db, err := store.Open(t.Context(), w.address, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx, tr := as(t.Context(), "setup"), tracker.New(db)
	for range 2 {
		if _, err := tr.CreateEpic(ctx, tracker.CreateEpic{Title: "proof"}); err != nil {
			t.Fatal(err)
		}
	}
	create := func(feature string, n int, dependsOn []string) (keys []string) {
		for n > 0 {
			var in tracker.CreateTasks
			for i := range min(n, 1000) {
				task := tracker.CreateTask{Feature: feature, Title: fmt.Sprint("task ", n, " of ", feature), Description: "as many others"}
				if len(dependsOn) > 0 && i%10 == 0 {
					task.DependsOn = dependsOn[i%len(dependsOn):][:1]
				}
				in.Tasks = append(in.Tasks, task)
			}
			n -= len(in.Tasks)
			out, err := tr.CreateTasks(ctx, in)
			if err != nil {
				t.Fatal(err)
			}
			for _, task := range out.Items {
				keys = append(keys, task.Key.String())
			}
		}
		return keys
	}
	var last []string
	for range 10 {
		f, err := tr.CreateFeature(ctx, tracker.CreateFeature{Epic: "E01", Title: "proof"})
		if err != nil {
			t.Fatal(err)
		}
		keys := create(f.Key.String(), tasks/10, last)
		if _, err := tr.Archive(ctx, tracker.Archive{Keys: keys[1:20], Reason: "not now"}); err != nil {
			t.Fatal(err)
		}
		for _, k := range keys[20:30] {
			if _, err := tr.AddNote(ctx, tracker.AddNote{Key: k, Body: "noted"}); err != nil {
				t.Fatal(err)
			}
		}
		last = keys
	}
	f, err := tr.CreateFeature(ctx, tracker.CreateFeature{Epic: "E02", Title: "writers"})
	if err != nil {
		t.Fatal(err)
	}
	create(f.Key.String(), 64, last)
}

// fanned looks whether the large epic is there, whole, or gone, whole.
func (w *world) fanned(t testing.TB, tasks int) (is fanned) {
	t.Helper()
	row := strings.Split(w.strings(t, `select count(*), coalesce(sum(offered), 0), (select count(*) from epics where key = 'E01'), (select count(*) from features where key like 'E01-%'),
		(select coalesce(max(status), '') from epics where key = 'E01'), (select count(*) from trash where key = 'E01'), (select coalesce(max(tasks), 0) from trash where key = 'E01')
		from tasks where key like 'T-E01-%'`)[0], "|")
	is = fanned{there: row[2] == "1", active: row[4] == "active"}
	n := fmt.Sprint(tasks)
	want := []string{"0", "0", "0", "0", "", "1", n}
	if is.there {
		want = []string{n, "0", "1", "10", row[4], "0", "0"}
		if is.active {
			want[1] = n
		}
	}
	if strings.Join(row, "|") != strings.Join(want, "|") {
		t.Errorf("tasks|offered|epics|features|status|in the trash|with tasks are %q, want %q", row, want)
	}
	return is
}

// settled waits until what a process that was killed has left has ended: on
// PostgreSQL the server may notice late, with a commit under way.
func (w *world) settled(t testing.TB) {
	t.Helper()
	if w.engine == "sqlite" {
		return
	}
	w.strings(t, "select last_epic from project for update")
	w.strings(t, "select id from epics where key = 'E01' for update")
}

// healthy runs doctor, which looks at everything.
func (w *world) healthy(t testing.TB) {
	t.Helper()
	if a := w.pm(t, "lead", "doctor"); a.code != 0 {
		t.Errorf("doctor: %s", a)
	}
}

// fanWriters are lanes of processes that write, one after another: half of
// them elsewhere, half of them under the large epic, as long as it is there.
type fanWriters struct {
	w     *world
	f     *figures
	phase atomic.Value // for the figures: what goes on
	end   atomic.Bool
	done  sync.WaitGroup

	mu    sync.Mutex
	wrote []int // by lane
	moved *sync.Cond
	acked map[string]bool
}

func startFanWriters(t *testing.T, w *world, wide int) *fanWriters {
	s := &fanWriters{w: w, f: newFigures(), wrote: make([]int, wide), acked: map[string]bool{}}
	s.moved = sync.NewCond(&s.mu)
	s.phase.Store("before")
	for lane := range wide {
		s.done.Go(func() {
			for i := 0; !s.end.Load(); i++ {
				s.write(t, lane, i)
			}
		})
	}
	t.Cleanup(s.halt)
	return s
}

func (s *fanWriters) halt() {
	s.end.Store(true)
	s.done.Wait()
}

func (s *fanWriters) write(t *testing.T, lane, i int) {
	key := fmt.Sprintf("T-E02-F01-%03d", 1+lane%64)
	if lane%2 == 1 {
		key = fmt.Sprintf("T-E01-F%02d-%03d", 1+lane%10, 40+lane)
	}
	body := fmt.Sprintf("fan %d %d", lane, i)
	phase := s.phase.Load().(string)
	a := s.w.pm(t, fmt.Sprint("a", lane), "note", key, body)
	s.f.add(a.took)
	s.f.most(phase+"_ms", a.took.Milliseconds())
	if strings.Contains(a.stderr, "pm: waiting for ") {
		s.f.count("told")
	}
	gone := a.code == 3 && lane%2 == 1 // not found: the epic was deleted
	if a.code != 0 && !gone {
		s.f.fail(t, "%s beside %s: %s", key, phase, a)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wrote[lane]++
	if a.code == 0 {
		s.acked[body] = true
	}
	s.moved.Broadcast()
}

// round waits until each lane has written anew.
func (s *fanWriters) round(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	before := append([]int(nil), s.wrote...)
	for lane, n := range before {
		for s.wrote[lane] == n && !t.Failed() {
			s.moved.Wait()
		}
	}
}

// stop ends the writers, and looks whether what was acknowledged is stored,
// once, under the large epic too.
func (s *fanWriters) stop(t *testing.T) {
	t.Helper()
	s.halt()
	s.f.set("acknowledged", len(s.acked))
	s.f.log(t) // the times are those of the writers' processes
	stored := map[string]int{}
	for _, body := range s.w.strings(t, "select body from notes where body like 'fan %'") {
		stored[body]++
	}
	for body := range s.acked {
		if stored[body] != 1 {
			t.Errorf("%q was acknowledged and is stored %d times", body, stored[body])
		}
	}
	if len(stored) != len(s.acked) {
		t.Errorf("%d notes are stored, %d were acknowledged", len(stored), len(s.acked))
	}
}
