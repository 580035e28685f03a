package store

import (
	"fmt"
	"slices"
	"strings"

	"pm/internal/plan"
	"pm/internal/query"
)

// A list in the order of the stages is made of one list for each stage, and one
// of what is in none, which comes last in either direction.

func (tx *Tx) listByStage(b bounds, f TaskFilter) (*Listing, error) {
	line, err := tx.Stages()
	if err != nil {
		return nil, err
	}
	s, err := tx.selection(f)
	if err != nil {
		return nil, err
	}
	s.line = line
	return &Listing{tx: tx, s: s, limit: f.Limit, bounds: b, parted: &f, split: func(f TaskFilter) []TaskFilter { return stageParts(line, f) }}, nil
}

// stagesFrom are the names of the stages in the direction of the order.
func stagesFrom(line plan.Line, descending bool) []string {
	names := line.Names()
	if descending {
		slices.Reverse(names)
	}
	return names
}

// stageParts are the filters of the lists that come behind the page before.
func stageParts(line plan.Line, f TaskFilter) (parts []TaskFilter) {
	names, from := stagesFrom(line, f.Descending), 0
	if f.After != nil {
		if from = slices.Index(names, f.After.Stage); from < 0 {
			from = len(names)
		}
	}
	for i := from; i <= len(names); i++ {
		g := f
		if g.Sort, g.Then, g.ThenDescending = ByKey, "", false; f.Then != "" {
			g.Sort, g.Descending = f.Then, f.ThenDescending
		}
		in := query.Term{Field: query.InStage, Words: names, Not: true}
		if i < len(names) {
			in = query.Term{Field: query.InStage, Words: names[i : i+1]}
		}
		if len(names) > 0 {
			g.Terms = append(slices.Clip(f.Terms), in)
		}
		if i > from {
			g.After = nil
		}
		parts = append(parts, g)
	}
	return parts
}

// inParts is Tasks for a list that is made of several.
func (l *Listing) inParts() (tasks []plan.Task, err error) {
	for _, f := range l.split(*l.parted) {
		more, err := l.some(f, len(tasks))
		tasks = append(tasks, more...)
		if err != nil || l.cut || len(tasks) == l.limit {
			return tasks, err
		}
	}
	return tasks, nil
}

// countInParts is Count for a list that is made of several.
func (l *Listing) countInParts(after *plan.Task, most int) (n int, exact bool, err error) {
	f := *l.parted
	f.After = after
	for _, part := range l.split(f) {
		more, isExact, err := l.countOf(part, most-n)
		if n += more; err != nil || n > most || !isExact {
			return n, false, err
		}
	}
	return n, true, nil
}

// stageKey is the place of a task's stage in the line, as a part of an order.
func stageKey(line plan.Line, descending bool) orderKey {
	names := stagesFrom(line, descending)
	at := func(t *plan.Task) int {
		if i := slices.Index(names, t.Stage); i >= 0 {
			return i
		}
		return len(names)
	}
	sql := "(case"
	for i, name := range names {
		sql += fmt.Sprintf(" when stage = '%s' then %d", strings.ReplaceAll(name, "'", "''"), i)
	}
	if sql += fmt.Sprintf(" else %d end)", len(names)); len(names) == 0 {
		sql = "(0 + 0)"
	}
	return orderKey{sql, []string{"stage"}, false, func(t *plan.Task) any { return at(t) }, func(a, b *plan.Task) int { return at(a) - at(b) }}
}
