package store

import (
	"slices"
	"sort"

	"pm/internal/plan"
)

// A list in the order of the plan is merged from two: that of the tasks that
// were never moved, in the order of their creation, and that of the others.

// placeOf is plan.Task.Place of a row.
const placeOf = "coalesce(position, " + firstPlace + ")"

// firstPlace is that of a task that was never moved.
const firstPlace = "created_at || cast(id + 1000000000000000000 as text)"

// byPosition is the order of the tasks that were moved.
const byPosition Sort = "moved"

func (tx *Tx) listByPlace(b bounds, f TaskFilter) (*Listing, error) {
	s, err := tx.selection(f)
	return &Listing{tx: tx, s: s, limit: f.Limit, bounds: b, place: &f}, err
}

// placeParts are the filters of the two lists.
func placeParts(f TaskFilter) (created, moved TaskFilter) {
	created, moved = f.with("position", without), f.with("position", with)
	created.Sort, moved.Sort = ByCreated, byPosition
	if f.After != nil {
		place := f.After.Place()
		at, id := plan.PlaceOrigin(place)
		if f.Descending && f.After.Position != "" {
			id++ // the one that it lies right behind comes next
		}
		created.After = &plan.Task{Key: plan.KeyOf(id), CreatedAt: at}
		moved.After = &plan.Task{Key: f.After.Key, Position: place}
	}
	return created, moved
}

// byPlace is Tasks for a list in the order of the plan.
func (l *Listing) byPlace() ([]plan.Task, error) {
	created, moved := placeParts(*l.place)
	one, err := l.some(created, 0)
	if err != nil {
		return nil, err
	}
	cut := l.cut
	other, err := l.some(moved, 0)
	if err != nil {
		return nil, err
	}
	order := func(a, b plan.Task) int {
		if l.place.Descending {
			a, b = b, a
		}
		return plan.ComparePlaces(a, b)
	}
	// Of a list that was cut, what comes behind its last is not known.
	last := func(of []plan.Task, cut bool, in []plan.Task) []plan.Task {
		if !cut || len(of) == 0 {
			return in
		}
		end := of[len(of)-1]
		return slices.DeleteFunc(in, func(t plan.Task) bool { return order(t, end) > 0 })
	}
	tasks := slices.Concat(last(other, l.cut, one), last(one, cut, other))
	sort.Slice(tasks, func(i, j int) bool { return order(tasks[i], tasks[j]) < 0 })
	l.cut = l.cut || cut
	if l.limit > 0 && len(tasks) >= l.limit {
		tasks, l.cut = tasks[:l.limit], false
	}
	return tasks, nil
}

// countByPlace is Count for a list in the order of the plan.
func (l *Listing) countByPlace(after *plan.Task, most int) (n int, exact bool, err error) {
	f := *l.place
	f.After = after
	created, moved := placeParts(f)
	if n, exact, err = l.countOf(created, most); err != nil || !exact || n > most {
		return n, exact, err
	}
	more, moreExact, err := l.countOf(moved, most-n)
	return n + more, exact && moreExact, err
}
