package proof

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pm/internal/store"
	"pm/internal/tracker"

	"github.com/anishathalye/porcupine"
)

// How tasks are gone through: histories are checked task by task, and stay
// short when many clients meet on a few tasks for a while and then go on to
// the next few.
const (
	tasksAtOnce  = 16
	callsPerTask = 32
)

// TestLinearizable has 64 clients call at random: most from goroutines, some
// from processes that stay and some from a process for each call, of which
// some are killed in the middle of one. Whatever they were answered must be
// explained by some order of the calls, one at a time.
func TestLinearizable(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		calls := load(3000, 100_000)
		run := &linearRun{w: w, t: t, calls: int64(calls), began: time.Now(), tasks: lone(t, w, (calls/(tasksAtOnce*callsPerTask)+1)*tasksAtOnce), f: newFigures()}
		run.clock = &expirer{h: w.foreign(t)}
		if w.engine == "postgres" {
			run.clock.h.SetMaxOpenConns(8)
		}
		trackers := make([]*tracker.Tracker, 4)
		for i := range trackers {
			trackers[i] = w.open(t, store.Options{})
		}
		lanes(64, func(i int) {
			c := &linearClient{run: run, id: i, name: fmt.Sprint("c", i%24), random: random(t, i), fences: map[int]int64{}}
			switch {
			case i < 50:
				c.call = inProcess(trackers[i%len(trackers)])
			case i < 60:
				w := &worker{w: w, t: t, random: c.random}
				defer w.end()
				c.call = w.call
			default:
				c.call = c.oneShot
			}
			c.work()
		})
		run.check()
		w.clean(t)
	})
}

// lone makes n tasks, each in a feature of its own, so that next --claim can
// be asked for one of them.
func lone(t *testing.T, w *world, n int) (tasks []string) {
	t.Helper()
	tr, ctx := w.open(t, store.Options{}), as(t.Context(), "setup")
	defer tr.DB().Close()
	if _, err := tr.CreateEpic(ctx, tracker.CreateEpic{Title: "proof"}); err != nil {
		t.Fatal(err)
	}
	var in tracker.CreateTasks
	for range n {
		f, err := tr.CreateFeature(ctx, tracker.CreateFeature{Epic: "E01", Title: "proof"})
		if err != nil {
			t.Fatal(err)
		}
		in.Tasks = append(in.Tasks, tracker.CreateTask{Feature: f.Key.String(), Title: "task"})
	}
	out, err := tr.CreateTasks(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range out.Items {
		tasks = append(tasks, task.Key.String())
	}
	return tasks
}

// A linearRun is what the clients of one run share.
type linearRun struct {
	w     *world
	t     *testing.T
	tasks []string
	calls int64
	began time.Time
	clock *expirer
	made  atomic.Int64
	f     *figures

	mu      sync.Mutex
	history []porcupine.Operation
}

// A linearClient makes one call after the other.
type linearClient struct {
	run    *linearRun
	id     int
	name   string // several clients may bear it
	random *rand.Rand
	fences map[int]int64 // the last fence that this client was given, by task
	call   func(step, string) (outcome, error)
}

func (c *linearClient) work() {
	for {
		n := c.run.made.Add(1) - 1
		if n >= c.run.calls || c.run.t.Failed() {
			return
		}
		group := int(n) / (tasksAtOnce * callsPerTask)
		in := c.choose(group*tasksAtOnce + c.random.IntN(tasksAtOnce))
		call := c.call
		if in.Verb == "expire" {
			call = c.run.clock.call
		}
		began := time.Since(c.run.began)
		out, err := call(in, c.run.tasks[in.Task])
		ended := time.Since(c.run.began)
		if err != nil {
			c.run.f.fail(c.run.t, "client %d: %+v: %v", c.id, in, err)
			return
		}
		op := porcupine.Operation{ClientId: c.id, Input: in, Output: out, Call: int64(began), Return: int64(ended)}
		if out.Unknown {
			op.Return = math.MaxInt64 // it may have its effect at any later time, or never
		} else {
			c.run.f.add(ended - began)
		}
		if out.Fence > 0 {
			c.fences[in.Task] = out.Fence
		}
		c.run.mu.Lock()
		c.run.history = append(c.run.history, op)
		c.run.mu.Unlock()
	}
}

// choose chooses a call: who has held the task mostly goes on with it, under
// its fence, under a wrong one, or without one.
func (c *linearClient) choose(task int) step {
	in := step{Task: task, Agent: c.name}
	n := c.random.IntN(100)
	fence, held := c.fences[task]
	switch {
	case n < 16:
		return step{Task: task, Verb: "expire"}
	case n < 26:
		in.Verb = "next"
	case n < 42 || n < 72 && !held:
		in.Verb = "claim"
	case n < 60:
		in.Verb = "note"
	case n < 77:
		in.Verb = "renew"
	case n < 97:
		in.Verb = "release"
	default:
		in.Verb = "complete"
	}
	if in.Verb == "renew" || in.Verb == "release" || in.Verb == "complete" {
		switch c.random.IntN(4) {
		case 0:
		case 1:
			in.Fence = 1 + c.random.Int64N(6)
		default:
			in.Fence = fence
		}
	}
	return in
}

// undecided is how many histories may remain without an answer: how long the
// search for an order takes grows without bounds with the calls whose outcome
// is not known, and a machine that is busy makes those.
const undecided = 2

// check has porcupine look at each task's history.
func (run *linearRun) check() {
	t, unknown, longest, open := run.t, 0, 0, 0
	for _, op := range run.history {
		if op.Output.(outcome).Unknown {
			unknown++
		}
	}
	run.f.set("unknown", unknown)
	run.f.log(t)
	began := time.Now()
	for task, history := range byTask(run.history) {
		if longest = max(longest, len(history)); t.Failed() {
			continue // one is enough to read
		}
		switch porcupine.CheckOperationsTimeout(claims, history, 20*time.Second) {
		case porcupine.Illegal:
			t.Errorf("no order explains the history of task %s:\n%s", run.tasks[task], describe(history))
		case porcupine.Unknown:
			if open++; open > undecided {
				t.Errorf("20 s did not suffice for the histories of %d tasks, the last of %s:\n%s", open, run.tasks[task], describe(history))
			}
		}
	}
	t.Logf("checked %d calls, the longest history has %d, %d undecided, in %v", len(run.history), longest, open, time.Since(began).Round(time.Millisecond))
}
