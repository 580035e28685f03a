package store

import (
	"math"
	"slices"
	"strings"

	"pm/internal/db"
	"pm/internal/plan"
)

// How a page of tasks is found. An index gives tasks in the order of one
// filter only, and there cannot be one for every filter in every order. Two
// ways remain where none fits exactly, and the worse of them reads the whole
// table: to go through the tasks in the order asked for and pass over what
// does not match, which is quick where much matches; or to collect what
// matches through an index of the filter and sort it, which is quick where
// little does. A planner would have to guess, so the rows are counted first,
// as far as it matters:
//
//   - Up to few: collect and sort.
//   - Else walk in order, but not far. Where much matches, that fills a page.
//   - If it does not, collect and sort up to many, else walk to the end.
//
// What remains slow at a million tasks is a page of neither few nor many
// tasks that lie together at the far end of the order.
type bounds struct {
	few, many int   // rows to collect at first, and rather than walk on
	walk      int64 // rows to walk at first
}

func usualBounds() bounds { return bounds{few: 1_000, many: 50_000, walk: 4_000} }

// largePage is for how many tasks, at most, room is made before they are read.
const largePage = 1_024

// inIndex is how much further a walk may go that looks at no rows, only at an index.
const inIndex = 4

// allRows is a limit that cuts nothing off.
const allRows = math.MaxInt64

// A Listing is a list of tasks, with the way to find its pages.
type Listing struct {
	tx      *Tx
	s       *selection
	limit   int
	bounds  bounds
	base    base
	tests   []test // what the base does not see to
	collect *way   // that finds few tasks; nil: walk
}

// List prepares a list of the tasks of the filter.
func (tx *Tx) List(f TaskFilter) (*Listing, error) { return tx.listWithin(usualBounds(), f) }

func (tx *Tx) listWithin(b bounds, f TaskFilter) (*Listing, error) {
	s, err := tx.selection(f)
	if err != nil {
		return nil, err
	}
	l := &Listing{tx: tx, s: s, limit: f.Limit, bounds: b}
	l.base, l.tests = s.base()
	if s.empty || f.Limit == 0 {
		return l, nil
	}
	if len(s.words) > 0 {
		if l.base.kind != byWords { // the order is another than the index of words has
			l.collect = &way{ids: wordsQuery(tx.engine.search, s.words)}
		}
		return l, nil
	}
	if len(l.tests) > 0 {
		l.collect, err = l.cheapest(b.few)
	}
	return l, err
}

// cheapest returns the way that finds the fewest tasks, if these are at most
// most; else nil.
func (l *Listing) cheapest(most int) (*way, error) {
	if len(l.s.ways) == 0 {
		return nil, nil
	}
	var w where
	counts := make([]int, len(l.s.ways))
	into := make([]any, len(counts))
	parts := make([]string, len(counts))
	for i, way := range l.s.ways {
		into[i] = &counts[i]
		parts[i] = "(select count(*) from (" + way.ids(&w) + " limit " + w.arg(most+1) + ") x)"
	}
	if _, err := l.tx.ScanOne(db.Named("task.few", "select "+strings.Join(parts, ", ")), into, w.args...); err != nil {
		return nil, err
	}
	best := 0
	for i, n := range counts {
		if n < counts[best] {
			best = i
		}
	}
	if counts[best] > most {
		return nil, nil
	}
	return &l.s.ways[best], nil
}

// Tasks returns the tasks of the list up to the filter's limit, without their
// dependencies.
func (l *Listing) Tasks() ([]plan.Task, error) {
	s, limit := l.s, l.limit
	switch {
	case s.empty:
		return nil, nil
	case limit == 0:
		return l.run(func(w *where) string { return s.everyRow(w, l.tx.engine) }, 0)
	case l.collect != nil:
		return l.run(l.collected(l.collect), 0)
	case len(l.tests) == 0 && len(l.base.values) < 2 && l.base.kind != byWords:
		return l.run(func(w *where) string { return l.base.stream(w, l, strings.Split(taskColumns, ", "), 0) }, limit)
	case len(l.tests) == 0:
		return l.run(l.walked(int64(limit)), 0)
	case len(s.ways) == 0 || l.base.kind == byWords:
		return l.run(l.walked(allRows), 0)
	}
	tasks, err := l.run(l.walked(l.bounds.walk*l.reach()), 0)
	if err != nil || len(tasks) == limit {
		return tasks, err
	}
	way, err := l.cheapest(l.bounds.many)
	if err != nil {
		return nil, err
	}
	if way != nil {
		l.collect = way
		return l.run(l.collected(way), 0)
	}
	return l.run(l.walked(allRows), 0)
}

// run runs a select of tasks, in the order of the list.
func (l *Listing) run(sql func(*where) string, limit int) ([]plan.Task, error) {
	var w where
	text := sql(&w) + " order by " + l.s.order()
	if limit > 0 {
		text += " limit " + w.arg(limit)
	}
	room := make([]plan.Task, 0, min(l.limit, largePage))
	return derived(db.ListInto(l.tx.Tx, room, db.Named("task.list", text), taskFields, w.args...))
}

// walked selects the first tasks of a walk in order over at most rows rows.
func (l *Listing) walked(rows int64) func(*where) string {
	return func(w *where) string {
		sql := l.base.merged(w, l, columnsOf(l.tests)) + " limit " + w.arg(rows)
		if len(l.tests) > 0 {
			// What is selected from rows in order, without a join, comes in that
			// order; to ask for it would make SQLite read all rows and sort them.
			sql = "select id from (" + sql + ") t" + testsOf(w, l.tests) + " limit " + w.arg(l.limit)
		} else {
			sql = "select id from (" + sql + ") t"
		}
		return "select " + taskColumns + " from tasks where id in (" + sql + ")"
	}
}

// collected selects the first tasks of what the way finds. Limits that cut
// nothing off keep the planners from looking into a part of the statement
// and taking another index.
func (l *Listing) collected(way *way) func(*where) string {
	return func(w *where) string {
		return "select " + taskColumns + " from tasks where id in (select id from (" + l.found(w, way) + ") t" +
			testsOf(w, append(l.s.allTests(), l.s.afterTest()...)) + " order by " + l.s.order() + " limit " + w.arg(l.limit) + ")"
	}
}

// found selects, of what the way finds, the columns that are needed.
func (l *Listing) found(w *where, way *way) string {
	columns := columnsOf(append(l.s.allTests(), l.s.afterTest()...))
	if c := l.s.column(); !slices.Contains(columns, c) {
		columns = append(columns, c)
	}
	if !slices.Contains(columns, "id") {
		columns = append(columns, "id")
	}
	return "select " + strings.Join(columns, ", ") + " from tasks where id in (" + way.ids(w) + ") limit " + w.arg(int64(allRows))
}

// reach is how much further than over rows a walk may go.
func (l *Listing) reach() int64 {
	covered := []string{"id", "status", l.s.column()}
	switch l.s.column() {
	case "priority", "created_at", "updated_at":
		covered = append(covered, "created_at", "updated_at", "priority", "agent_type", "assigned_agent")
	}
	for _, t := range l.tests {
		if len(t.columns) == 0 { // it looks into another table
			return 1
		}
		for _, c := range t.columns {
			if !slices.Contains(covered, c) {
				return 1
			}
		}
	}
	return inIndex
}

// Count counts the tasks behind a page of which after is the last of page
// tasks, up to most: a larger number means that there are more.
func (l *Listing) Count(page int, after *plan.Task, most int) (n int, err error) {
	k := *l
	s := *l.s
	s.after = after
	k.s = &s
	if s.empty {
		return 0, nil
	}
	var w where
	// All that match, of which the first page is known, an index may count by itself.
	if l.s.after == nil && s.terms == 1 && len(s.words) == 0 && len(s.ways) > 0 && s.ways[0].exact {
		sql := "select count(*) from (" + s.ways[0].ids(&w) + " limit " + w.arg(page+most+1) + ") counted"
		n, err = k.tx.Count(db.Named("task.count", sql), w.args...)
		return n - page, err
	}
	if k.collect != nil {
		sql := "select count(*) from (select 1 from (" + k.found(&w, k.collect) + ") t" + testsOf(&w, append(s.allTests(), s.afterTest()...)) + " limit " + w.arg(most+1) + ") counted"
		n, err = k.tx.Count(db.Named("task.count", sql), w.args...)
		return n, err
	}
	if len(k.tests) == 0 {
		sql := "select count(*) from (" + k.base.counted(&w, &k) + " limit " + w.arg(most+1) + ") counted"
		n, err = k.tx.Count(db.Named("task.count", sql), w.args...)
		return n, err
	}
	// The promise to count exactly outweighs what it costs where few of many
	// rows match: then they are all looked at.
	sql := "select count(*) from (select 1 from (" + k.base.union(&w, &k, columnsOf(k.tests)) + ") t" + testsOf(&w, k.tests) + " limit " + w.arg(most+1) + ") counted"
	return k.tx.Count(db.Named("task.count", sql), w.args...)
}
