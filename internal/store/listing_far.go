package store

import (
	"slices"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

// Pages of which what matches lies together, far behind in the order.

// farBehind is Tasks where a short walk has not filled the page.
func (l *Listing) farBehind() ([]plan.Task, error) {
	at, of, err := l.teller()
	sort := false // all, or the first are found without
	if err == nil && at != nil {
		var tasks []plan.Task
		var full bool
		if tasks, full, of, err = l.fromBegin(at, of); full {
			return tasks, err
		}
		sort = len(tasks) == 0
	}
	switch {
	case err != nil:
		return nil, err
	case at == nil || of > l.bounds.many:
		return l.collectedOrWalked()
	}
	if !sort {
		some := max(1, l.bounds.walk/ask)
		tasks, err := l.run(l.tested(at, some), 0)
		if err != nil || len(tasks) == l.limit || l.cut || int64(of) <= some {
			return tasks, err
		}
	}
	return l.testing(int64(of), func(l *Listing) func(*where) string { return l.tested(at, allRows) })
}

// teller returns the way that tells where what matches begins in the order, and how
// much it finds, at most so many; what finds too much to collect may still tell. If it
// is the only way, it need not be counted before: then so many are more than are of use.
func (l *Listing) teller() (at *way, of int, err error) {
	if l.onlyTells() {
		return &l.s.ways[0], l.bounds.many + 1, nil
	}
	at, of, err = l.cheapestBy(l.beginCost, l.bounds.many)
	if at != nil && (of <= l.limit || !l.tells(at)) {
		at = nil
	}
	return at, of, err
}

// tells reports whether the index of a way holds what is sorted by.
func (l *Listing) tells(y *way) bool {
	return y.terms != nil && holds(y.index, []string{l.s.column()})
}

// onlyTells reports whether the only way tells where what matches begins.
func (l *Listing) onlyTells() bool {
	return len(l.s.ways) == 1 && l.s.sort != ByPriority && l.tells(&l.s.ways[0])
}

// ask is how much less far than a walk to go at first where what comes next in the
// order has to be found among all.
const ask = 4

// collectedOrWalked is Tasks where no index tells the order of what matches.
func (l *Listing) collectedOrWalked() ([]plan.Task, error) {
	set := l.withSet(true)
	way, rows, err := set.cheapest(l.bounds.many)
	if err != nil {
		return nil, err
	}
	if way == nil {
		most := far * set.walkRows()
		tasks, err := l.testing(most, func(l *Listing) func(*where) string { return l.walked(most) })
		if err != nil || len(tasks) == l.limit || l.cut {
			return tasks, err
		}
		if way, rows, err = set.cheapest(much * l.bounds.many); err != nil {
			return nil, err
		}
	}
	if way == nil {
		way = l.textWay()
	}
	if way == nil { // shorter walks have not filled the page
		return l.testing(allRows, func(l *Listing) func(*where) string { return l.walked(allRows) })
	}
	return l.testing(int64(rows), func(l *Listing) func(*where) string { return l.collected(way) })
}

// much is how much more to collect rather than to walk to the end, when a long
// walk has not filled the page either.
const much = 4

// withSet is the list with common words collected once, or asked for row by row.
func (l *Listing) withSet(is bool) *Listing {
	one, s := *l, *l.s
	s.asSet, one.s = is, &s
	one.tests = s.testsIn(one.base)
	return &one
}

// testing runs a select that tests up to so many rows. Common words are collected once
// for that, unless it is known that more tasks have them: each of these is read, too.
func (l *Listing) testing(rows int64, sql func(*Listing) func(*where) string) ([]plan.Task, error) {
	one := l.withSet(l.s.text == nil || int64(l.s.text.found) < rows)
	tasks, err := one.run(sql(one), 0)
	l.cut = one.cut
	return tasks, err
}

// fromBegin walks from where what the way finds, so many rows, begins in the order:
// as far as costs no more than to sort these, and on where some of it is found. Full
// reports whether no more is to be looked for; and it returns how many rows there are,
// if that is less.
func (l *Listing) fromBegin(at *way, of int) (tasks []plan.Task, full bool, rows int, err error) {
	if l.s.sort == ByPriority { // of which there are only ten
		return nil, false, of, nil
	}
	from, rows, err := l.begin(at)
	if err != nil || rows > l.bounds.many || from == nil {
		return nil, err != nil || from == nil && rows <= l.bounds.many, rows, err
	}
	behind := *l
	behind.from = from
	behind.tests = append(slices.Clone(l.tests), l.s.afterTest()...)
	steps := max(behind.walkRows()/ask, int64(rows)/(ask*behind.step()))
	for {
		tasks, err = behind.run(behind.walked(steps), 0)
		l.cut = behind.cut
		full = err != nil || len(tasks) == l.limit || l.cut
		if full || len(tasks) == 0 || steps >= int64(rows) {
			return tasks, full, rows, err
		}
		steps = min(steps+2*behind.left(steps, len(tasks)), int64(rows))
	}
}

// tested selects the first tasks of what the way finds, in order: its index tells
// the order, and what those tests say of which it holds the columns. The rows, at
// most so many, are looked at for the others, one by one until the page is full.
func (l *Listing) tested(way *way, rows int64) func(*where) string {
	return func(w *where) string {
		in, out := testsBy(way.index, append(l.s.testsBut(way.sees), l.s.afterTest()...))
		if len(out) == 0 {
			rows = int64(l.limit)
		}
		columns := columnsOf(append(in, test{columns: []string{l.s.column(), "id"}}))
		sql := "select id from (" + l.alone(w, way.rows(w, l.tx.engine, columns)) + ") t" + testsOf(w, in) + " order by " + l.s.order() + " limit " + w.arg(rows)
		return l.rowsOf("select id from (" + passing(w, sql, out) + ") f limit " + w.arg(l.limit))
	}
}

// far is how much further to walk before much is collected.
const far = 10

// textWay is the way to the tasks with the words, if the base does not give these;
// else nil.
func (l *Listing) textWay() *way {
	if l.s.text == nil || slices.Contains(l.base.sees, "text") {
		return nil
	}
	for i := range l.s.ways {
		if slices.Contains(l.s.ways[i].sees, "text") {
			return &l.s.ways[i]
		}
	}
	return nil
}

// beginCost is how much a row costs begin that the way finds.
func (l *Listing) beginCost(y *way) int { return y.cost([]string{l.s.column(), "id"}) }

// begin returns the value of what the list is sorted by of the first task that
// the way finds, and how many rows that is, or one more than are of use.
func (l *Listing) begin(way *way) (from any, rows int, err error) {
	var w where
	column, first := l.s.column(), "min"
	if l.s.descending {
		first = "max"
	}
	of := "t." + column
	if after := l.s.afterTest(); len(after) > 0 {
		of = "case when " + after[0].sql(&w) + " then " + of + " end"
	}
	sql := "select " + first + "(" + of + "), count(*) from (" + way.rows(&w, l.tx.engine, columnsOf(append(l.s.afterTest(), test{columns: []string{column, "id"}}))) + " limit " + w.arg(l.bounds.many+1) + ") t"
	var at *time.Time
	var number *int64
	var text *string
	var into any = db.NullStamp(&at)
	switch column {
	case "id", "estimate":
		into = &number
	case "due", "position":
		into = &text
	}
	_, err = l.tx.ScanOne(db.Named("task.begin", sql), []any{into, &rows}, w.args...)
	switch {
	case number != nil:
		from = *number
	case text != nil:
		from = *text
	case at != nil:
		from = db.Stamp(at)
	}
	return from, rows, err
}
