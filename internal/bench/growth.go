package bench

import (
	"context"
	"fmt"
	"math"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// A GrowthCurve is what one operation costs at each size of the plan.
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

// growthRounds is how often an operation runs at each size.
const growthRounds = 100

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
				err = fmt.Errorf("there is no task to claim")
			}
			if err == nil {
				key = out.Task.Key
			}
			return err
		}, func() error {
			_, err := w.track.Release(ctx, tracker.ChangeStatus{Keys: []string{key.String()}})
			return err
		}, nil
}

// grow measures every growing row at every size.
func grow(ctx context.Context, o Options) ([]GrowthCurve, error) {
	rows := growthRows()
	curves := make([]GrowthCurve, len(rows))
	for i, r := range rows {
		curves[i] = GrowthCurve{Name: r.name, Charted: r.charted}
	}
	for _, size := range o.Growth {
		if err := growTo(ctx, o, size, rows, curves); err != nil {
			return nil, err
		}
	}
	for i := range curves {
		points := curves[i].Points
		curves[i].Ratio = math.Round(points[len(points)-1].P50/points[0].P50*100) / 100
	}
	return curves, nil
}

func growTo(ctx context.Context, o Options, size int, rows []growing, curves []GrowthCurve) error {
	label := fmt.Sprintf("%d tasks", size)
	w, err := newWorld(ctx, o.Server, size, func(done, total int) { o.Progress("filling "+label, done, total) })
	if err != nil {
		return err
	}
	defer w.close(ctx)
	for i, r := range rows {
		o.Progress(label+": "+r.name, i, len(rows))
		s, err := w.measure(ctx, r.row, min(o.Rounds, growthRounds))
		if err != nil {
			return fmt.Errorf("bench: %s: %w", label, err)
		}
		curves[i].Points = append(curves[i].Points, GrowthPoint{size, s})
	}
	return nil
}
