package store

import (
	"slices"

	"pm/internal/db"
)

// What is spread in an index of days or names, such as the tasks that are due in a
// month, lies in the order of the keys for each of them. Where they are few, their
// stretches are merged in that order, each up to a page: then a page of a list by key
// costs the same however many tasks match.

// spread has the list go along such an index, if one of the ways has it.
func (l *Listing) spread() error {
	s := l.s
	if s.column() != "id" || slices.Contains(l.base.sees, "text") || s.agents != nil || len(s.bases) > 0 || l.base.spread {
		return nil
	}
	for i := range s.ways {
		y := &s.ways[i]
		if y.by == "" {
			continue
		}
		values, err := l.valuesOf(y)
		if err != nil {
			return err
		}
		if len(values) == 0 || len(values) > maxStreams {
			continue
		}
		b := base{index: y.index, and: y.rest, few: true, statuses: y.statuses, sees: y.sees, spread: true}.of(s.statuses)
		for _, v := range values {
			b.streams = append(b.streams, append(slices.Clone(y.front), value{y.by, v}))
		}
		l.base, l.tests = b, s.testsIn(b)
		return nil
	}
	return nil
}

// valuesOf returns the values that what the way finds has, or more than are merged
// of them: each is looked up behind the one before, which comes first: SQLite begins
// at the first bound.
func (l *Listing) valuesOf(y *way) ([]string, error) {
	var w where
	next := func(behind string) string {
		return "select " + y.by + " from tasks" + l.tx.engine.Use(y.index) + " where " + behind + y.terms[0](&w) + " order by " + y.by + " limit 1"
	}
	sql := "with recursive v (of) as (select * from (" + next("") + ") f union all select (" + next(y.by+" > v.of and ") +
		") from v where v.of is not null) select of from v where of is not null limit " + w.arg(maxStreams+1)
	return db.List(l.tx.Tx, db.Varying("task.values", sql), func(v *string) []any { return []any{v} }, w.args...)
}
