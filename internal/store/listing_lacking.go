package store

import (
	"maps"

	"pm/internal/plan"
	"pm/internal/query"
)

// lacking are the columns that a task may lack, each with an index of those
// that have it, and lackedBy the words of has for them.
var (
	lacking  = []string{"due", "estimate", "not_before", "assignee", "position", "stage"}
	lackedBy = map[string]string{query.DueDate: "due", query.Estimated: "estimate", query.DeferDate: "not_before", query.ForSomebody: "assignee", query.Staged: "stage"}
)

// lacked returns which of these columns the order is by; empty for an order
// by what every task has.
func (o Sort) lacked() string {
	switch o {
	case ByDue:
		return "due"
	case ByEstimate:
		return "estimate"
	case ByDefer:
		return "not_before"
	case byPosition:
		return "position"
	}
	return ""
}

// stored is the column that what the order is by can be read by, and how; empty
// for an order by what every task has.
func (o Sort) stored() (column, sql string) {
	if name, own := o.own(); own {
		return "id", ownValueOf(name)
	}
	return o.lacked(), o.lacked()
}

// lacks reports whether the task lacks what it is sorted by.
func (o Sort) lacks(t *plan.Task) bool {
	switch o {
	case ByDue:
		return t.Due == ""
	case ByEstimate:
		return t.Estimate == 0
	case ByDefer:
		return t.NotBefore == ""
	case byPosition:
		return t.Position == ""
	}
	name, own := o.own()
	return own && t.Fields[name] == ""
}

// value returns what of a task is compared in the order, as it is stored.
func (o Sort) value(t *plan.Task) any {
	switch o {
	case ByEstimate:
		return int64(t.Estimate)
	case ByDefer:
		return string(t.NotBefore)
	case byPosition:
		return t.Position
	}
	return string(t.Due)
}

// with is the filter for those tasks of f that have a column, or lack it.
func (f TaskFilter) with(column string, c choice) TaskFilter {
	f.lacked = maps.Clone(f.lacked)
	if f.lacked == nil {
		f.lacked = map[string]choice{}
	}
	f.lacked[column] = c
	return f
}

// listWithLacking prepares a list by what a task may lack: those that have it
// in the order of an index that holds no others, and then the others by their
// keys.
func (tx *Tx) listWithLacking(b bounds, f TaskFilter) (*Listing, error) {
	having, others := f.with(f.Sort.lacked(), with), f.with(f.Sort.lacked(), without)
	others.Descending = false
	if f.After != nil && f.Sort.lacks(f.After) {
		return tx.listWithin(b, others)
	}
	others.After = nil
	l, err := tx.listWithin(b, having)
	if err != nil {
		return nil, err
	}
	l.then, err = tx.listWithin(b, others)
	return l, err
}

// inTurn is Tasks for a list that goes on in another.
func (l *Listing) inTurn() ([]plan.Task, error) {
	first := *l
	first.then = nil
	tasks, err := first.Tasks()
	if l.cut = first.cut; err != nil || l.cut || l.limit > 0 && len(tasks) == l.limit {
		return tasks, err
	}
	next := *l.then
	if l.limit > 0 {
		next.limit = l.limit - len(tasks)
	}
	more, err := next.Tasks()
	l.cut = next.cut
	return append(tasks, more...), err
}

func (l *Listing) eachInTurn(f func([]plan.Task) error) error {
	first, left := *l, l.limit
	first.then = nil
	err := first.Each(func(tasks []plan.Task) error {
		left -= len(tasks)
		return f(tasks)
	})
	if err != nil || l.limit > 0 && left == 0 {
		return err
	}
	next := *l.then
	if next.limit > 0 {
		next.limit = left
	}
	return next.Each(f)
}

// countInTurn is Count for a list that goes on in another.
func (l *Listing) countInTurn(page int, after *plan.Task, most int) (n int, exact bool, err error) {
	first := *l
	first.then = nil
	if after != nil && l.s.sort.lacks(after) { // the page went on in the other
		return l.then.Count(page, after, most)
	}
	n, exact, err = first.Count(page, after, most)
	if err != nil || !exact || n > most {
		return n, exact, err
	}
	more, moreExact, err := l.then.Count(0, &plan.Task{}, most-n)
	return n + more, exact && moreExact, err
}
