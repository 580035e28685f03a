package store

import "pm/internal/plan"

// listByDue prepares a list by due dates: those that have one in the order of
// an index that holds no others, and then the others by their keys.
func (tx *Tx) listByDue(b bounds, f TaskFilter) (*Listing, error) {
	dated, others := f, f
	dated.hasDue, others.hasDue = with, without
	others.Sort, others.Descending = ByKey, false
	if f.After != nil && f.After.Due == "" {
		return tx.listWithin(b, others)
	}
	others.After = nil
	l, err := tx.listWithin(b, dated)
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
	if after.Due == "" { // the page went on in the other
		return l.then.Count(page, after, most)
	}
	n, exact, err = first.Count(page, after, most)
	if err != nil || n > most {
		return n, exact, err
	}
	more, moreExact, err := l.then.Count(0, &plan.Task{}, most-n)
	return n + more, exact && moreExact, err
}
