package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/tracker"
)

// A world is a filled database that is measured on.
type world struct {
	plot
	server  string // the DSN of the PostgreSQL server; empty for SQLite
	address string
	trash   string // what is deleted is written there
	db      *store.DB
	track   *tracker.Tracker
	rand    *rand.Rand
	filled  time.Duration
	serves  bool // an operation is done when its answer is JSON, as a server sends it
	remove  func(context.Context) error
	todo    []int // tasks that are todo and wait for nothing, shuffled
}

// newWorld makes a database with the number of tasks. Close removes it.
func newWorld(ctx context.Context, server string, tasks int, progress func(done, total int)) (*world, error) {
	return newWorldOf(ctx, server, newPlot(tasks), progress)
}

func newWorldOf(ctx context.Context, server string, p plot, progress func(done, total int)) (*world, error) {
	w := &world{plot: p, server: server, rand: rand.New(rand.NewPCG(1, 2))}
	var err error
	if w.address, w.remove, err = db.Scratch(server); err != nil {
		return nil, err
	}
	if w.db, _, err = store.Create(ctx, w.address, store.Options{}); err != nil {
		w.remove(ctx)
		return nil, err
	}
	if w.trash, err = os.MkdirTemp("", "pm-trash-"); err != nil {
		w.close(ctx)
		return nil, err
	}
	w.track = tracker.New(w.db)
	began := time.Now()
	err = w.declare(ctx, w.track)
	if err == nil {
		err = fill(ctx, w.db, w.plot, func(done int) { progress(done, w.tasks) })
	}
	w.filled = time.Since(began)
	if err != nil {
		w.close(ctx)
		return nil, fmt.Errorf("fill a database with %d tasks: %w", w.tasks, err)
	}
	for i := range w.tasks {
		if t := w.task(i); t.Status == plan.Todo && w.isFree(i) && !t.Deferred && t.Assignee == "" {
			w.todo = append(w.todo, i)
		}
	}
	w.rand.Shuffle(len(w.todo), func(i, j int) { w.todo[i], w.todo[j] = w.todo[j], w.todo[i] })
	return w, nil
}

// answer is the end of an operation.
func (w *world) answer(out any, err error) error {
	if err == nil && w.serves {
		_, err = plan.JSON(out)
	}
	return err
}

// isFree reports whether a task waits for none that is open.
func (p plot) isFree(i int) bool {
	on, is := p.dependsOn(i)
	if !is {
		return true
	}
	s := p.status(on)
	return s == plan.Completed || s == plan.Archived
}

// close removes the database, also when ctx was cancelled.
func (w *world) close(ctx context.Context) error {
	return firstError(w.db.Close(), w.remove(context.WithoutCancel(ctx)), os.RemoveAll(w.trash))
}

// any returns the key of any task.
func (w *world) any() string { return w.key(w.rand.IntN(w.tasks)).String() }

// ready returns the key of any task that was filled in as ready, in the large
// feature or in a small one.
func (w *world) ready(large bool) string {
	at := w.rand.IntN(len(w.todo))
	i := slices.IndexFunc(w.todo[at:], func(t int) bool { return (t < w.large) == large })
	if i < 0 {
		at = 0
		i = slices.IndexFunc(w.todo, func(t int) bool { return (t < w.large) == large })
	}
	return w.key(w.todo[at+i]).String()
}
