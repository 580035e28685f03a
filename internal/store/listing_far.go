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
	// What finds too much to collect still tells the order.
	at, of, err := l.cheapestBy(l.beginCost, l.bounds.many/10)
	if err == nil && at == nil {
		at, of, err = l.cheapestBy(l.beginCost, l.bounds.many)
	}
	if err != nil {
		return nil, err
	}
	if at != nil && of > l.limit && at.terms != nil && holds(at.index, []string{l.s.column()}) {
		tasks, full, err := l.fromBegin(at, of)
		if err != nil || full {
			return tasks, err
		}
		some := max(1, l.bounds.walk/ask) // of which the first are found without sorting all
		if tasks, err = l.run(l.tested(at, some), 0); err != nil || len(tasks) == l.limit || l.cut || int64(of) <= some {
			return tasks, err
		}
		return l.withSet(func(l *Listing) ([]plan.Task, error) { return l.run(l.tested(at, allRows), 0) })
	}
	return l.withSet((*Listing).collectedOrWalked)
}

// ask is how much less far than a walk to go at first where what comes next in the
// order has to be found among all.
const ask = 4

// collectedOrWalked is Tasks where no index tells the order of what matches.
func (l *Listing) collectedOrWalked() ([]plan.Task, error) {
	way, _, err := l.cheapest(l.bounds.many)
	if err != nil {
		return nil, err
	}
	if way == nil {
		tasks, err := l.run(l.walked(far*l.walkRows()), 0)
		if err != nil || len(tasks) == l.limit || l.cut {
			return tasks, err
		}
		if way, _, err = l.cheapest(much * l.bounds.many); err != nil {
			return nil, err
		}
	}
	if way == nil {
		way = l.textWay()
	}
	if way == nil { // shorter walks have not filled the page
		return l.run(l.walked(allRows), 0)
	}
	return l.run(l.collected(way), 0)
}

// much is how much more to collect rather than to walk to the end, when a long
// walk has not filled the page either.
const much = 4

// withSet is what of the list with common words collected once, and not asked for
// row by row.
func (l *Listing) withSet(what func(*Listing) ([]plan.Task, error)) ([]plan.Task, error) {
	one, s := *l, *l.s
	s.asSet, one.s = true, &s
	one.tests = s.testsIn(one.base)
	tasks, err := what(&one)
	l.cut = one.cut
	return tasks, err
}

// fromBegin walks from where what the way finds, so many rows, begins in the order:
// as far as costs no more than to sort these. Full reports whether no more is to be
// looked for.
func (l *Listing) fromBegin(at *way, of int) (tasks []plan.Task, full bool, err error) {
	if l.s.sort == ByPriority { // of which there are only ten
		return nil, false, nil
	}
	from, err := l.begin(at)
	if err != nil || from == nil {
		return nil, true, err
	}
	behind := *l
	behind.from = from
	behind.tests = append(slices.Clone(l.tests), l.s.afterTest()...)
	tasks, err = behind.run(behind.walked(max(behind.walkRows(), int64(of)/ask)), 0)
	l.cut = behind.cut
	return tasks, len(tasks) == l.limit || l.cut, err
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
		return "select " + taskColumns + " from tasks where id in (select id from (" + passing(w, sql, out) + ") f limit " + w.arg(l.limit) + ")"
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
// the way finds.
func (l *Listing) begin(way *way) (any, error) {
	var w where
	column, first := l.s.column(), "min"
	if l.s.descending {
		first = "max"
	}
	sql := "select " + first + "(" + column + ") from (" + l.alone(&w, way.rows(&w, l.tx.engine, columnsOf(append(l.s.afterTest(), test{columns: []string{column, "id"}})))) + ") t" + testsOf(&w, l.s.afterTest())
	if column == "id" || column == "priority" || column == "estimate" {
		var n *int64
		_, err := l.tx.ScanOne(db.Named("task.begin", sql), []any{&n}, w.args...)
		if n == nil {
			return nil, err
		}
		return *n, err
	}
	if column == "due" || column == "position" {
		var due *string
		_, err := l.tx.ScanOne(db.Named("task.begin", sql), []any{&due}, w.args...)
		if due == nil {
			return nil, err
		}
		return *due, err
	}
	var at *time.Time
	_, err := l.tx.ScanOne(db.Named("task.begin", sql), []any{db.NullStamp(&at)}, w.args...)
	if at == nil {
		return nil, err
	}
	return db.Stamp(at), err
}
