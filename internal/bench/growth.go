package bench

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"time"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// A GrowthCurve is what one operation costs, with its answer as JSON, at each
// size of the plan.
type GrowthCurve struct {
	Name   string        `json:"name"`
	Points []GrowthPoint `json:"points"`
	// Ratio is the median at the largest size to that at the smallest.
	Ratio float64 `json:"ratio"`
	// Charted curves are drawn; the others would only cover them.
	Charted bool `json:"charted,omitempty"`
}

// A GrowthPoint is one size.
type GrowthPoint struct {
	Tasks int `json:"tasks"`
	Sample
}

// growthRounds is how often an operation runs at each size, after rounds that
// do not count, for as long as warmUp: they read what later ones find in memory.
const (
	growthRounds = 100
	warmUp       = 500 * time.Millisecond
)

// A growing row is one that should cost the same at any size.
type growing struct {
	row
	charted bool
}

// growthRows are the operations that should not grow with the plan.
func growthRows() []growing {
	rows := []growing{
		{row{name: "show", prepare: call(func(ctx context.Context, w *world) (any, error) {
			return w.track.Show(ctx, tracker.Show{Key: w.any()})
		})}, true},
		{row{name: "next", prepare: call(func(ctx context.Context, w *world) (any, error) {
			return w.track.Next(ctx, tracker.Next{})
		})}, true},
		{row{name: "next --agent-type backend", prepare: call(func(ctx context.Context, w *world) (any, error) {
			return w.track.Next(ctx, tracker.Next{AgentType: "backend"})
		})}, false},
		{row{name: "next --claim", prepare: claimNext}, true},
		{row{name: "complete, in a feature of 10", prepare: changeStatus(false)}, true},
		{row{name: "complete, in the largest feature", prepare: changeStatus(true)}, true},
		{row{name: "search, a rare word", prepare: search(RareWord)}, true},
	}
	for _, filter := range listFilters() {
		for _, sort := range []string{"key", "priority", "created", "-updated"} {
			in := filter.in
			in.Sort = sort
			r := row{name: "list" + filter.name + " --sort " + sort, prepare: list(in)}
			rows = append(rows, growing{r, filter.name == "" && sort == "key" || filter.name == " --status todo" && sort == "priority"})
		}
	}
	return rows
}

type listFilter struct {
	name string
	in   tracker.ListTasks
}

func listFilters() []listFilter {
	return []listFilter{
		{"", tracker.ListTasks{}},
		{" --status todo", tracker.ListTasks{Status: []string{"todo"}}},
		{" --agent-type backend", tracker.ListTasks{AgentType: []string{"backend"}}},
		{" --agent a01", tracker.ListTasks{HeldBy: []string{"a01"}}},
		{" --priority 3", tracker.ListTasks{Priority: ptr(3)}},
		{" --status todo --priority 3", tracker.ListTasks{Status: []string{"todo"}, Priority: ptr(3)}},
		{" --ready", tracker.ListTasks{Ready: true}},
		{" --epic E02", tracker.ListTasks{Epic: "E02"}},
		{" --feature E01-F01", tracker.ListTasks{Feature: "E01-F01"}},
		{" --feature E01-F01 --status todo", tracker.ListTasks{Feature: "E01-F01", Status: []string{"todo"}}},
	}
}

// claimNext claims the next task, and gives it back after.
func claimNext(ctx context.Context, w *world) (func() error, func() error, error) {
	ctx = plan.WithActor(ctx, plan.Actor{Name: "bench", Surface: "bench"})
	var key plan.Key
	return func() error {
			out, err := w.track.Next(ctx, tracker.Next{Claim: true})
			if err == nil && out.Task == nil {
				err = fmt.Errorf("no task to claim")
			}
			if err == nil {
				key = out.Task.Key
			}
			return w.answer(out, err)
		}, func() error {
			_, err := w.track.Release(ctx, tracker.ChangeStatus{Keys: []string{key.String()}})
			return err
		}, nil
}

// grow measures every growing row at every size: on all plans in turn, so that
// what the machine does meanwhile falls on each alike.
func grow(ctx context.Context, o Options) (curves []GrowthCurve, err error) {
	var worlds []*world
	defer func() {
		for _, w := range worlds {
			err = firstError(err, w.close(ctx))
		}
	}()
	for _, size := range o.Growth {
		w, err := newWorld(ctx, o.Server, size, func(done, total int) { o.Progress(fmt.Sprintf("filling %d tasks", size), done, total) })
		if err != nil {
			return nil, err
		}
		w.serves = true
		worlds = append(worlds, w)
	}
	runtime.GC() // of what the filling has left
	rows := growthRows()
	for i, r := range rows {
		o.Progress("growth: "+r.name, i, len(rows))
		samples, err := inTurn(ctx, worlds, r.row, min(o.Rounds, growthRounds), warmUp)
		if err != nil {
			return nil, fmt.Errorf("bench: %w", err)
		}
		c := GrowthCurve{Name: r.name, Charted: r.charted, Ratio: math.Round(samples[len(samples)-1].P50/samples[0].P50*100) / 100}
		for i, w := range worlds {
			c.Points = append(c.Points, GrowthPoint{w.tasks, samples[i]})
		}
		curves = append(curves, c)
	}
	return curves, nil
}
