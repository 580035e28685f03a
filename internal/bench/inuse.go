package bench

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// A UseRow is what one operation costs in a plan that uses labels, dates,
// estimates, stages and fields, and in one that uses none of them.
type UseRow struct {
	Name  string   `json:"name"`
	Plain []Sample `json:"plain,omitempty"` // at each size; none: it asks for what is not there
	InUse []Sample `json:"in_use"`
	// Growth is the median in use at the largest size to that at the smallest,
	// and Ratio that in use to that without, both at the largest size.
	Growth float64 `json:"growth"`
	Ratio  float64 `json:"ratio,omitempty"`
}

// useRows are the operations that should cost the same in either plan, and
// lists by what only one of them has.
func useRows() (rows []row, plain int) {
	rows = append(rows, wholeRows()...)
	for _, q := range []string{"", "status:todo", "sort:priority", "sort:-updated", "status:todo sort:priority", "is:ready", "type:backend sort:created"} {
		rows = append(rows, listRow(q))
	}
	plain = len(rows)
	for _, q := range usedQueries() {
		rows = append(rows, listRow(q))
	}
	return rows, plain
}

// wholeRows are the rows of growth that are no lists.
func wholeRows() (rows []row) {
	for _, r := range growthRows() {
		if r.name == "search, a rare word" {
			break
		}
		rows = append(rows, r.row)
	}
	return rows
}

func listRow(q string) row {
	return row{name: "list " + q, prepare: list(tracker.ListTasks{Query: q})}
}

// usedQueries are lists by each filter and sort that is about what a plan need
// not use, and some of two of them.
func usedQueries() []string {
	return []string{
		"label:l3", "-label:l3", "label:l3 sort:priority", "label:l3 sort:-updated", "label:l3 status:todo sort:due", "own-label:l3", "has:label",
		"due:..2026-06-30", "due:2027-06-01..2027-06-30 sort:priority", "is:overdue", "is:overdue sort:due", "has:due", "-has:due", "sort:due", "sort:-due",
		"is:deferred", "-is:deferred", "has:defer", "sort:defer", "estimate:>4", "-has:estimate", "sort:estimate", "sort:-estimate",
		"kind:bug", "kind:bug sort:priority", "assignee:bob", "assignee:bob sort:due", "has:assignee",
		"stage:test", "stage:test status:todo sort:priority", "-stage:test", "has:stage", "sort:stage", "sort:position", "sort:priority,-updated",
		"severity:high", "severity:high sort:priority", "points:>=3", "has:field.points", "sort:points", "resolution:done", "resolution:wont_do",
	}
}

// use measures the rows at each size: on all plans in turn, with and without.
func use(ctx context.Context, o Options) (out []UseRow, err error) {
	var worlds []*world // for each size one without and one in use
	defer func() {
		for _, w := range worlds {
			err = firstError(err, w.close(ctx))
		}
	}()
	for _, size := range o.InUse {
		for _, used := range []bool{false, true} {
			p := newPlot(size)
			p.used = used
			w, err := newWorldOf(ctx, o.Server, p, func(done, total int) { o.Progress(fmt.Sprintf("filling %d tasks", size), done, total) })
			if err != nil {
				return nil, err
			}
			w.serves = true
			worlds = append(worlds, w)
		}
	}
	runtime.GC() // of what the filling has left
	rows, plain := useRows()
	for i, r := range rows {
		o.Progress("in use: "+r.name, i, len(rows))
		measured := worlds
		if i >= plain {
			measured = slices.DeleteFunc(slices.Clone(worlds), func(w *world) bool { return !w.used })
		}
		samples, err := inTurn(ctx, measured, r, min(o.Rounds, growthRounds), warmUp)
		if err != nil {
			return nil, fmt.Errorf("bench: %w", err)
		}
		one := UseRow{Name: r.name}
		for i, w := range measured {
			if w.used {
				one.InUse = append(one.InUse, samples[i])
			} else {
				one.Plain = append(one.Plain, samples[i])
			}
		}
		last := one.InUse[len(one.InUse)-1].P50
		one.Growth = times(last, one.InUse[0].P50)
		if len(one.Plain) > 0 {
			one.Ratio = times(last, one.Plain[len(one.Plain)-1].P50)
		}
		out = append(out, one)
	}
	return out, nil
}

func times(a, b float64) float64 { return math.Round(a/max(b, 0.001)*100) / 100 }

// declare has an empty plan declare what the tasks of a plot use.
func (p plot) declare(ctx context.Context, t *tracker.Tracker) error {
	if !p.used {
		return nil
	}
	ctx = plan.WithActor(ctx, plan.Actor{Name: "bench", Surface: "bench"})
	_, err := t.CreateField(ctx, tracker.CreateField{Name: "severity", Type: "choice", Choices: []string{"low", "high"}})
	if err == nil {
		_, err = t.CreateField(ctx, tracker.CreateField{Name: "points", Type: "number"})
	}
	for _, s := range []tracker.CreateStage{{Name: "design", Limit: 5}, {Name: "build"}, {Name: "test", AgentType: "testing", Limit: 20}} {
		if err == nil {
			_, err = t.CreateStage(ctx, s)
		}
	}
	return err
}

// use sets what a task of a plan in use has besides. Of all statuses some have
// each; in the stage design nothing is in progress, and test is full.
func (p plot) use(t *plan.Task, i int) {
	if !p.used {
		return
	}
	r := func(what uint64, n int) int { return int(dice(i, what) % uint64(n)) }
	for n := range r(10, 3) {
		t.Labels = append(t.Labels, fmt.Sprintf("l%d", r(11, 10)+10*n))
	}
	t.Labels = plan.SortLabels(t.Labels)
	if r(12, 3) == 0 {
		t.Due = plan.Date(epoch.AddDate(0, 0, r(13, 1000)).Format("2006-01-02"))
	}
	if r(14, 20) == 0 {
		t.Defer, t.DeferFrom, t.NotBefore, t.Deferred = "2099-01-01", "2099-01-01T00:00:00.000Z", "2099-01-01T00:00:00.000Z", true
	}
	if r(15, 2) == 0 {
		t.Estimate = plan.Estimate(100 * (1 + r(16, 8)))
	}
	if r(17, 5) == 0 {
		t.Kind = "bug"
	}
	if t.Status == plan.Todo && r(18, 20) == 0 {
		t.Assignee = []string{"bob", "cyd", "dan"}[r(19, 3)]
	}
	t.Fields = plan.Fields{"severity": plan.TextValue([]string{"low", "high"}[r(20, 2)]), "points": plan.FieldValue(fmt.Sprint(r(21, 9)))}
	switch n := r(22, 10); {
	case n < 3 && t.Status != plan.InProgress:
		t.Stage = "design"
	case n < 6:
		t.Stage = "build"
	case n < 8:
		t.Stage = "test"
	}
}
