package store

import (
	"slices"
	"time"

	"pm/internal/plan"
	"pm/internal/query"
)

// A list in the order of two fields has no index of its own. Its pages are made
// of lists in the order of one: first what is equal, in the first field, to the
// last task of the page before, in the order of the second; then what comes
// behind, in the order of the first, up to the last value of it; and of that
// value again in the order of the second. So a page costs as much as three.

// listByTwo prepares such a list.
func (tx *Tx) listByTwo(b bounds, f TaskFilter) (*Listing, error) {
	s, err := tx.selection(f)
	return &Listing{tx: tx, s: s, limit: f.Limit, bounds: b, two: &f}, err
}

// byTwo is Tasks for a list in the order of two fields.
func (l *Listing) byTwo() (tasks []plan.Task, err error) {
	f := *l.two
	if f.After != nil {
		tasks, err = l.some(f.equalTo(f.After), 0)
		if err != nil || l.cut || len(tasks) == l.limit || !f.leavesEqual() {
			return tasks, err
		}
	}
	next, err := l.some(f.byFirst(), len(tasks))
	if err != nil || len(next) == 0 {
		return tasks, err
	}
	last := next[len(next)-1]
	more := l.cut || len(tasks)+len(next) == l.limit // of the last value, what comes first is not known yet
	if more {
		next = slices.DeleteFunc(next, func(t plan.Task) bool { return f.first(&t, &last) == 0 })
	}
	plan.Sort(next, func(a, b plan.Task) int { return f.compare(&a, &b) })
	tasks = append(tasks, next...)
	if !more || l.cut && len(next) > 0 {
		return tasks, nil
	}
	f.After = nil
	rest, err := l.some(f.equalTo(&last), len(tasks))
	return append(tasks, rest...), err
}

// some returns the first tasks of another list, so many that with those there
// are they fill the page.
func (l *Listing) some(f TaskFilter, there int) ([]plan.Task, error) {
	f.Limit = l.limit - there
	one, err := l.tx.listWithin(l.bounds, f)
	if err != nil {
		return nil, err
	}
	for part := one; part != nil; part = part.then {
		part.bytes = l.bytes
	}
	tasks, err := one.Tasks()
	l.cut = one.cut
	return tasks, err
}

// countByTwo is Count for a list in the order of two fields.
func (l *Listing) countByTwo(after *plan.Task, most int) (n int, exact bool, err error) {
	f := *l.two
	f.After = after
	if n, exact, err = l.countOf(f.equalTo(after), most); err != nil || !exact || n > most || !f.leavesEqual() {
		return n, exact, err
	}
	more, moreExact, err := l.countOf(f.byFirst(), most-n)
	return n + more, exact && moreExact, err
}

func (l *Listing) countOf(f TaskFilter, most int) (int, bool, error) {
	f.Limit = 1
	one, err := l.tx.listWithin(l.bounds, f)
	if err != nil {
		return 0, false, err
	}
	return one.Count(0, f.After, most)
}

// equalTo is the filter for what is equal to a task in the first field, in the
// order of the second.
func (f TaskFilter) equalTo(t *plan.Task) TaskFilter {
	at := func(field query.Field, m time.Time) query.Term {
		return query.Term{Field: field, Times: []query.Span{{From: m, To: m.Add(time.Millisecond)}}}
	}
	terms := slices.Clip(f.Terms)
	switch f.Sort {
	case ByPriority:
		f.Terms = append(terms, query.Term{Field: query.Priority, Priorities: []query.Range{{From: t.Priority, To: t.Priority}}})
	case ByCreated:
		f.Terms = append(terms, at(query.Created, t.CreatedAt))
	case ByUpdated:
		f.Terms = append(terms, at(query.Updated, t.UpdatedAt))
	case ByDue, ByEstimate, ByDefer:
		if column := f.Sort.lacked(); f.Sort.lacks(t) {
			f = f.with(column, without)
		} else {
			f = f.with(column, with)
			f.same = append(slices.Clip(f.same), value{column, f.Sort.value(t)})
		}
	}
	if name, own := f.Sort.own(); own {
		f.Terms = append(terms, owns(f.own).sameAs(name, t))
	}
	f.Sort, f.Descending, f.Then, f.ThenDescending = f.Then, f.ThenDescending, "", false
	return f
}

// byFirst is the filter in the order of the first field, behind all that is
// equal in it to the last task of the page before.
func (f TaskFilter) byFirst() TaskFilter {
	if f.After != nil {
		last := *f.After
		last.Key = plan.Key{Epic: plan.MaxEpic, Feature: plan.MaxFeature, Task: plan.MaxTask}
		if f.Descending {
			last.Key = plan.Key{}
		}
		f.After = &last
	}
	f.Then, f.ThenDescending = "", false
	return f
}

// leavesEqual reports whether anything can come behind what is equal, in the
// first field, to the last task of the page before.
func (f TaskFilter) leavesEqual() bool { return !f.Sort.lacks(f.After) }
