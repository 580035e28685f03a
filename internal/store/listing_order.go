package store

import (
	"cmp"
	"slices"
	"strings"

	"pm/internal/db"
	"pm/internal/plan"
)

// An orderKey is a part of the order of a list by two fields: what it compares,
// in SQL and of a task.
type orderKey struct {
	sql        string
	columns    []string
	descending bool
	of         func(*plan.Task) any
	compare    func(a, b *plan.Task) int
}

// orderKeys are the parts of one field's order. Tasks that lack it come last
// in either direction.
func (o owns) orderKeys(by Sort, descending bool) []orderKey {
	if name, own := by.own(); own {
		return o.ownKeys(by, name, descending)
	}
	switch by {
	case ByPriority:
		return []orderKey{{"priority", []string{"priority"}, descending, func(t *plan.Task) any { return t.Priority },
			func(a, b *plan.Task) int { return a.Priority - b.Priority }}}
	case ByCreated:
		return []orderKey{{"created_at", []string{"created_at"}, descending, func(t *plan.Task) any { return db.Stamp(&t.CreatedAt) },
			func(a, b *plan.Task) int { return a.CreatedAt.Compare(b.CreatedAt) }}}
	case ByUpdated:
		return []orderKey{{"updated_at", []string{"updated_at"}, descending, func(t *plan.Task) any { return db.Stamp(&t.UpdatedAt) },
			func(a, b *plan.Task) int { return a.UpdatedAt.Compare(b.UpdatedAt) }}}
	case ByPlace:
		return []orderKey{{placeOf, []string{"position", "created_at"}, descending,
			func(t *plan.Task) any { return t.Place() }, func(a, b *plan.Task) int { return plan.ComparePlaces(*a, *b) }}}
	case ByDue:
		return lackingKeys(by, "''", descending, func(a, b *plan.Task) int { return cmp.Compare(a.Due, b.Due) })
	case ByDefer:
		return lackingKeys(by, "''", descending, func(a, b *plan.Task) int { return cmp.Compare(a.NotBefore, b.NotBefore) })
	case ByEstimate:
		return lackingKeys(by, "0", descending, func(a, b *plan.Task) int { return cmp.Compare(a.Estimate, b.Estimate) })
	}
	return []orderKey{{"id", nil, descending, func(t *plan.Task) any { return t.Key.Ordinal() },
		func(a, b *plan.Task) int { return cmp.Compare(a.Key.Ordinal(), b.Key.Ordinal()) }}}
}

// lackingKeys are the parts of an order by what a task may lack.
func lackingKeys(by Sort, zero string, descending bool, compare func(a, b *plan.Task) int) []orderKey {
	column := by.lacked()
	return []orderKey{by.lastKey(), {"coalesce(" + column + ", " + zero + ")", []string{column}, descending, by.value, compare}}
}

// lastKey puts what lacks what it is sorted by at the end.
func (o Sort) lastKey() orderKey {
	none := func(t *plan.Task) int {
		if o.lacks(t) {
			return 1
		}
		return 0
	}
	column, sql := o.stored()
	return orderKey{"(case when " + sql + " is null then 1 else 0 end)", []string{column}, false, func(t *plan.Task) any { return none(t) },
		func(a, b *plan.Task) int { return none(a) - none(b) }}
}

// orderKeysOf are the parts of the order of two fields; the last one tells all
// tasks apart. What lacks what it is sorted by is in the order of the keys.
func (o owns) orderKeysOf(first Sort, descending bool, then Sort, reversed bool) []orderKey {
	return append(o.orderKeys(first, descending), o.endKeys(then, reversed)...)
}

// endKeys are the parts of the order of the last field, and what tells all tasks
// apart.
func (o owns) endKeys(then Sort, reversed bool) []orderKey {
	last := o.orderKeys(ByKey, reversed)[0]
	if column, sql := then.stored(); column != "" && reversed {
		id := func(t *plan.Task) int64 {
			if then.lacks(t) {
				return t.Key.Ordinal()
			}
			return -t.Key.Ordinal()
		}
		last = orderKey{"(case when " + sql + " is null then id else -id end)", []string{column}, false, func(t *plan.Task) any { return id(t) },
			func(a, b *plan.Task) int { return cmp.Compare(id(a), id(b)) }}
	}
	return append(o.orderKeys(then, reversed), last)
}

func (s *selection) orderKeys() []orderKey {
	if s.sort == ByStage {
		then, reversed := s.then, s.reversed
		if then == "" {
			then, reversed = ByKey, s.descending
		}
		return append([]orderKey{stageKey(s.line, s.descending)}, s.own.endKeys(then, reversed)...)
	}
	if s.then == "" {
		return s.own.endKeys(s.sort, s.descending)
	}
	return s.own.orderKeysOf(s.sort, s.descending, s.then, s.reversed)
}

// orderOfTwo is order for two fields.
func (s *selection) orderOfTwo() string {
	var by []string
	for _, k := range s.orderKeys() {
		if k.descending {
			k.sql += " desc"
		}
		by = append(by, k.sql)
	}
	return strings.Join(by, ", ")
}

// behindAll is the term that a task comes behind the last one of the page
// before, in the order of two fields.
func (s *selection) behindAll(w *where) string {
	sql := ""
	for _, k := range slices.Backward(s.orderKeys()) {
		than := " > "
		if k.descending {
			than = " < "
		}
		is := k.sql + than + w.arg(k.of(s.after))
		if sql != "" {
			is = "(" + is + " or " + k.sql + " = " + w.arg(k.of(s.after)) + " and " + sql + ")"
		}
		sql = is
	}
	return sql
}

func (s *selection) orderColumns() (columns []string) {
	for _, k := range s.orderKeys() {
		columns = append(columns, k.columns...)
	}
	return columns
}

// first compares two tasks by the first field of the filter's order.
func (f TaskFilter) first(a, b *plan.Task) int {
	return compareBy(owns(f.own).orderKeys(f.Sort, f.Descending), a, b)
}

// compare compares two tasks in the order of the filter's two fields.
func (f TaskFilter) compare(a, b *plan.Task) int {
	return compareBy(owns(f.own).orderKeysOf(f.Sort, f.Descending, f.Then, f.ThenDescending), a, b)
}

func compareBy(keys []orderKey, a, b *plan.Task) int {
	for _, k := range keys {
		if c := k.compare(a, b); c != 0 && k.descending {
			return -c
		} else if c != 0 {
			return c
		}
	}
	return 0
}
