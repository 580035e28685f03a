package store

import (
	"cmp"
	"slices"

	"pm/internal/plan"
	"pm/internal/query"
)

// A list in the order of a field that the project has declared is made of two:
// that of the tasks with a value of it, in the order of the index of values, and
// that of the others, which come last in either direction, by their keys.

// owns are the fields that the project has declared, by name.
type owns map[string]plan.CustomField

// own returns the name of the project's own field that the order is by.
func (o Sort) own() (name string, is bool) { return query.OwnName(string(o)) }

func (s *selection) byOwn() bool {
	_, own := s.sort.own()
	return own
}

// ownOrder has the filter know the fields of the project, if it sorts by one.
func (tx *Tx) ownOrder(f *TaskFilter) (err error) {
	_, first := f.Sort.own()
	if _, then := f.Then.own(); first || then {
		f.own, err = tx.CustomFields()
	}
	return err
}

// ownValueOf is how a value of the field is read beside a row of tasks.
func ownValueOf(name string) string {
	return "(select v.value from field_values v where v.item_id = id and v.field = '" + name + "')"
}

// sorted returns the value of a task as it is compared; empty for none.
func (o owns) sorted(name string, t *plan.Task) string {
	if t.Fields[name] == "" {
		return ""
	}
	return o[name].Sorted(t.Fields[name])
}

// ownKeys are the parts of an order by a field of the project's own.
func (o owns) ownKeys(by Sort, name string, descending bool) []orderKey {
	return []orderKey{by.lastKey(), {"coalesce(" + ownValueOf(name) + ", '')", []string{"id"}, descending,
		func(t *plan.Task) any { return o.sorted(name, t) },
		func(a, b *plan.Task) int { return cmp.Compare(o.sorted(name, a), o.sorted(name, b)) }}}
}

// sameAs is the term for what has the same value of a field as a task, or none
// as it has none.
func (o owns) sameAs(name string, t *plan.Task) query.Term {
	v := o.sorted(name, t)
	if v == "" {
		return hasOwn(name, true)
	}
	return query.Term{Field: query.Own, Own: plan.CustomField{Name: name}, Spans: []query.OwnSpan{{From: v, To: v}}}
}

func hasOwn(name string, not bool) query.Term {
	return query.Term{Field: query.Has, Words: []string{string(query.Own) + "." + name}, Not: not}
}

func (tx *Tx) listByOwn(b bounds, f TaskFilter) (*Listing, error) {
	s, err := tx.selection(f)
	l := &Listing{tx: tx, s: s, limit: f.Limit, bounds: b}
	if l.valued = f.valued; !f.valued {
		l.parted, l.split = &f, ownParts
	}
	return l, err
}

// ownParts are the filters of the two lists that come behind the page before.
func ownParts(f TaskFilter) []TaskFilter {
	name, _ := f.Sort.own()
	having, others := f, f
	having.valued, having.Terms = true, append(slices.Clip(f.Terms), hasOwn(name, false))
	others.Sort, others.Descending, others.Terms = ByKey, false, append(slices.Clip(f.Terms), hasOwn(name, true))
	if f.After != nil && f.Sort.lacks(f.After) {
		return []TaskFilter{others}
	}
	others.After = nil
	return []TaskFilter{having, others}
}

// byValue is Tasks for the tasks with a value, in the order of these: the index
// of values is walked, at first not far, and what matches is collected where it
// is little.
func (l *Listing) byValue() (tasks []plan.Task, err error) {
	for _, part := range []struct {
		most int
		rows int64
	}{{l.bounds.few / first, max(1, l.bounds.walk/first)}, {l.bounds.few, l.bounds.walk}, {l.bounds.many / 10, far * l.bounds.walk}, {l.bounds.many / 10, allRows}} {
		if err = l.lookFor(part.most); err != nil || l.collect != nil {
			return l.orCollected(err)
		}
		if tasks, err = l.run(l.alongValues(part.rows), 0); err != nil || len(tasks) == l.limit || l.cut {
			return tasks, err
		}
	}
	return tasks, nil
}

// alongValues selects the first tasks of a walk over at most so many values.
func (l *Listing) alongValues(rows int64) func(*where) string {
	return func(w *where) string {
		direction := ""
		if l.s.descending {
			direction = " desc"
		}
		sql := l.values(w) + " order by v.value" + direction + ", v.item_id" + direction + " limit " + w.arg(rows)
		return l.rowsOf("select id from (" + l.valuesPassed(w, sql) + ") f limit " + w.arg(l.limit))
	}
}

// valuesPassed selects the ids of those of the values that pass the tests of their
// tasks, but for that of having a value.
func (l *Listing) valuesPassed(w *where, values string) string {
	return passing(w, values, l.s.testsBut([]string{l.s.hasValue}))
}

// values selects the values of the field that come behind the page before.
func (l *Listing) values(w *where) string {
	name, _ := l.s.sort.own()
	sql := "select v.value, v.item_id as id from field_values v" + l.tx.engine.Use("idx_field_values_value") + " where v.field = " + w.arg(name)
	for _, terms := range l.s.valued {
		sql += " and " + terms(w)
	}
	if a := l.s.after; a != nil {
		sql += " and (v.value, v.item_id)" + l.s.behind() + "(" + w.arg(l.s.own.sorted(name, a)) + ", " + w.arg(a.Key.Ordinal()) + ")"
	}
	return sql
}

// countValued is Count for the tasks with a value: among the next values, as
// many as may cost so much.
func (l *Listing) countValued(most int) (n int, exact bool, err error) {
	if l.s.empty {
		return 0, true, nil
	}
	if way, _, err := l.cheapest(l.bounds.count / 10); err != nil || way != nil {
		if err != nil {
			return 0, false, err
		}
		return l.countCollected(way, most, allRows)
	}
	rows := l.bounds.count / lookup
	n, err = l.count(func(w *where) string {
		return "select 1 from (" + l.valuesPassed(w, l.values(w)+" limit "+w.arg(rows)) + ") f limit " + w.arg(most+1)
	})
	if err != nil || n > most {
		return n, false, err
	}
	walked, err := l.count(func(w *where) string { return l.values(w) + " limit " + w.arg(rows+1) })
	return n, walked <= rows, err
}
