package store

import (
	"cmp"
	"pm/internal/plan"
	"slices"
	"strings"
)

// part selects columns of one stream, cut to one stretch of its order.
func (b base) part(w *where, l *Listing, columns []string, of stream, cut interval) string {
	s, d := l.s, l.tx.engine
	terms := where{args: w.args}
	from, sorted := " from tasks"+d.Use(b.index), s.column()
	switch {
	case b.entries != nil:
		from, sorted, columns = b.entries.from(&terms, l, columns)
	case b.index == "":
		from = " from tasks"
	}
	if b.only != "" {
		terms.add(b.only)
	}
	for _, v := range of {
		if sql, is := v.of.(expression); is {
			terms.add(v.column + " = " + string(sql))
		} else {
			terms.add(v.column + " = " + terms.arg(v.of))
		}
	}
	after := s.after
	if after != nil && l.from == nil {
		// One bound on each side: SQLite begins at the first, whichever is closer.
		cut, after = s.behindAfter(cut)
	}
	if r := (ranges{cut}); !r.all() {
		value := timeValue
		if s.column() == "id" || s.column() == "priority" {
			value = numberValue
		}
		terms.add(r.term(&terms, sorted, value))
	}
	if l.from != nil {
		than := " >= "
		if s.descending {
			than = " <= "
		}
		terms.add(sorted + than + terms.arg(l.from))
	} else if after != nil {
		terms.add(s.start(&terms, sorted, "id"))
	}
	if b.and != nil { // last: SQLite begins at the first bound, and what comes behind a page is less
		terms.add(b.and(&terms))
	}
	w.args = terms.args
	return "select " + strings.Join(columns, ", ") + from + terms.sql()
}

// from is where a select of entries reads, with the tasks that they name if more
// than their ids is wanted; what it is sorted by; and the columns as they are named there.
func (e entries) from(terms *where, l *Listing, columns []string) (from, sorted string, named []string) {
	s, d := l.s, l.tx.engine
	if sorted = "s.item_id"; e.id != "" {
		sorted = "s." + e.id
	}
	if from = " from " + e.table + " s"; e.index != "" {
		from += d.Use(e.index)
	}
	terms.add(e.terms(terms))
	if len(e.under) > 0 {
		terms.add("not (" + e.under.term(terms, sorted, numberValue) + ")")
	}
	if len(columns) > 1 {
		from += " cross join tasks t"
		if len(s.statuses) < len(plan.TaskStatuses()) && holds("idx_tasks_status", columns) {
			from += d.Use("idx_tasks_status") // which needs the term for it
			terms.add("t." + s.ofStatuses(terms))
		}
		terms.add("t.id = " + sorted)
	}
	for _, c := range columns {
		if c == "id" && e.each {
			named = append(named, "distinct "+sorted+" as id")
		} else if c == "id" {
			named = append(named, cmp.Or(e.found, sorted)+" as id")
		} else {
			named = append(named, "t."+c)
		}
	}
	return from, sorted, named
}

// union selects the columns from all streams, and what they are sorted by, and
// of each stream no more than its first rows; 0 for all.
func (b base) union(w *where, l *Listing, columns []string, rows int64) string {
	need := slices.Clone(columns)
	for _, c := range []string{l.s.column(), "id"} {
		if !slices.Contains(need, c) {
			need = append(need, c)
		}
	}
	all := append([]base{b}, b.beside...)
	selects := 0
	for _, one := range all {
		selects += max(1, len(one.streams)) * len(one.cuts(l.s, b))
	}
	if selects == 1 { // of which the order is the whole's
		rows = 0
	}
	var parts []string
	for _, one := range all {
		streams := one.streams
		if len(streams) == 0 {
			streams = []stream{nil}
		}
		first := func(of stream, cut interval) string {
			sql := one.part(w, l, need, of, cut)
			if rows > 0 {
				sql = "(" + sql + " order by " + l.s.order() + " limit " + w.arg(rows) + ")"
			}
			return sql
		}
		for _, cut := range one.cuts(l.s, b) {
			if one.spread && len(streams) > 1 && l.tx.engine.lateral {
				parts = append(parts, one.forEach(w, func(of stream) string { return first(of, cut) }))
				continue
			}
			for _, of := range streams {
				parts = append(parts, first(of, cut))
			}
		}
	}
	return strings.Join(parts, " union all ")
}

// forEach is one select for all streams of what is spread, which is planned once.
func (b base) forEach(w *where, first func(stream) string) string {
	last := len(b.streams[0]) - 1
	values := make([]string, len(b.streams))
	for i, of := range b.streams {
		values[i] = "(cast(" + w.arg(of[last].of) + " as text))"
	}
	of := append(slices.Clone(b.streams[0][:last]), value{b.streams[0][last].column, expression("v.value")})
	return "select x.* from (values " + strings.Join(values, ", ") + ") v (value) cross join lateral (" + first(of) + ") x"
}

// cuts are the stretches of the order of a list that a base gives, of those that
// it asks for of all of them.
func (b base) cuts(s *selection, of base) ranges {
	if b.within == nil {
		return s.parts(of)
	}
	return s.parts(of).and(b.within)
}

// single reports whether the base is one stream in one piece.
func (b base) single(s *selection) bool {
	return len(b.streams) < 2 && len(s.parts(b)) == 1 && b.entries == nil
}

// counted selects the ids of all streams, in any order. Those of all tasks
// come from an index that has many on a page.
func (b base) counted(w *where, l *Listing) string {
	if b.index == "" && b.entries == nil && l.s.ids.all() {
		b = base{index: "idx_tasks_status", streams: l.s.statusStreams(nil)}
	}
	return b.union(w, l, nil, 0)
}

// merged is union, in the order of the list.
func (b base) merged(w *where, l *Listing, columns []string, rows int64) string {
	return b.union(w, l, columns, b.ofEach(l, rows)) + " order by " + l.s.order()
}

// ofEach is how many rows of each stream are read where so many are wanted of all;
// 0: as many as are needed. Where the engine cannot merge streams as far as it needs
// them, each ends after as many rows as are wanted.
func (b base) ofEach(l *Listing, rows int64) int64 {
	if l.tx.engine.IndexedBy == "" && max(1, len(b.streams))*len(l.s.parts(b))+len(b.beside) > 1 && rows < allRows {
		return rows
	}
	return 0
}

// everyRow selects all tasks of the list by whatever index the planner likes.
func (s *selection) everyRow(w *where) string { return s.every(w, aliased(taskColumns, "t")) }

// every selects columns of all tasks of the list.
func (s *selection) every(w *where, columns string) string {
	return "select " + columns + " from tasks t" + testsOf(w, append(s.allTests(), s.afterTest()...))
}
