package tui

import (
	"context"
	"fmt"
	"slices"
	"time"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// A row is one line of a list: an item with what is said of it, or a heading.
type row struct {
	key     plan.Key
	mark    string // a shape, with its style
	style   term.Style
	title   string
	more    string // behind the title, dim
	less    string // instead of it, where it would be cut off
	urgent  bool   // more is red
	heading bool
	depth   int
}

// rows are the lines of a list and where the cursor is.
type rows struct {
	all     []row
	at, top int
	wanted  int
}

func (r *rows) want() int { return max(r.wanted, 4*atFirst) }

// key is the item under the cursor.
func (r *rows) key() plan.Key {
	if r.at < len(r.all) {
		return r.all[r.at].key
	}
	return plan.Key{}
}

// take shows what was read; the cursor stays on its item.
func (r *rows) take(all []row) {
	on := r.key()
	r.all = all
	if i := slices.IndexFunc(all, func(x row) bool { return !x.heading && x.key == on }); i >= 0 && !on.IsZero() {
		r.at = i
	}
	r.at = max(0, min(r.at, len(all)-1))
	if len(all) > 0 && all[r.at].heading {
		r.step(1)
	}
}

// step moves the cursor over n items, and reports whether more should be read.
func (r *rows) step(n int) (more bool) {
	for ; n != 0; n -= sign(n) {
		i := r.at + sign(n)
		for i >= 0 && i < len(r.all) && r.all[i].heading {
			i += sign(n)
		}
		if i < 0 || i >= len(r.all) {
			break
		}
		r.at = i
	}
	if r.at+10 >= len(r.all) && len(r.all) >= r.want() {
		r.wanted = r.want() + 4*atFirst
		return true
	}
	return false
}

func countOf(all []row) (n int) {
	for _, r := range all {
		if !r.heading {
			n++
		}
	}
	return n
}

// readList reads the tasks of the filter, the open ones where it is empty.
func readList(ctx context.Context, t *tracker.Tracker, filter string, want int) ([]row, error) {
	if filter == "" {
		filter = "is:open"
	}
	all, err := tasks(ctx, t, filter, "", want)
	out := make([]row, len(all))
	for i, task := range all {
		out[i] = rowOf(task, detail(task))
	}
	return out, err
}

func rowOf(t plan.Task, more string) row {
	mark, style := markOf(t.Status)
	return row{key: t.Key, mark: mark, style: style, title: t.Title, more: more}
}

// treeMost is how many epics and features the tree shows.
const treeMost = 5000

// readTree reads the epics and features with their progress. Enter on a
// feature lists its tasks.
func readTree(ctx context.Context, t *tracker.Tracker, out term.Output) (all []row, err error) {
	most, features := treeMost, string(plan.LevelFeature)
	tree, err := t.Tree(ctx, tracker.ShowTree{Depth: &features, Limit: &most})
	widest := 0
	add := func(r row, pct plan.Percent, done, total int) {
		r.more, r.less = out.Bar(float64(pct), 10), fmt.Sprintf("%d/%d", done, total)
		widest = max(widest, len(r.less))
		all = append(all, r)
	}
	for _, e := range tree.Epics {
		add(row{key: e.Key, style: term.Bold, title: e.Title}, e.ProgressPct, e.TasksCompleted, e.TasksTotal)
		for _, f := range e.Features {
			add(row{key: f.Key, depth: 1, title: f.Title}, f.ProgressPct, f.TasksCompleted, f.TasksTotal)
		}
	}
	for i := range all { // the bars stand below each other
		all[i].more = fmt.Sprintf("%s %*s", all[i].more, widest, all[i].less)
	}
	return all, err
}

// readAgents reads who holds what, the agent with the oldest lease first.
func readAgents(ctx context.Context, t *tracker.Tracker, filter string, now time.Time) (all []row, err error) {
	held, err := tasks(ctx, t, filter+" is:held", "updated", 1000)
	by := map[string][]plan.Task{}
	var names []string
	for _, task := range held {
		if by[task.AssignedAgent] == nil {
			names = append(names, task.AssignedAgent)
		}
		by[task.AssignedAgent] = append(by[task.AssignedAgent], task)
	}
	for _, name := range names {
		all = append(all, row{heading: true, title: name, more: term.Plural(len(by[name]), "task")})
		for _, task := range by[name] {
			r := rowOf(task, lease(task, now))
			r.urgent = task.LeaseExpired(now)
			all = append(all, r)
		}
	}
	return all, err
}

// lease says how long a claim still holds.
func lease(t plan.Task, now time.Time) string {
	switch {
	case t.LeaseUntil == nil:
		return ""
	case t.LeaseExpired(now):
		return "lease expired " + term.Ago(now, *t.LeaseUntil)
	}
	return "lease ends " + term.Ago(now, *t.LeaseUntil)
}
