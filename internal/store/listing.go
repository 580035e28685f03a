package store

import (
	"fmt"
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
//   - Up to a few: collect and sort.
//   - Else, of a list by key, what has one of a few days or names in an index: merge the
//     stretches of these (listing_spread.go).
//   - Else walk in order, some steps: where much matches, that fills a page, or so
//     much of one that it is known to be near: walk there.
//   - Else up to some more: collect and sort.
//   - If the steps filled a good part, it is known how far to walk on: do that, or
//     collect if that costs less.
//   - Else collect up to a lot, and still more in an index that holds all that must be
//     known; or walk once more, further.
//   - If that does not fill the page, what matches lies together, far behind. Where
//     an index of the filter holds what is sorted by, it tells where that begins:
//     walk on from there.
//   - Else collect and sort up to many, or walk to the end.
//
// What this costs where much matches, but far behind and scattered, is listed
// in docs/performance.md.
type bounds struct {
	few, many int   // what collecting may cost at first, and rather than walking on: a row that only an index is read for costs 1
	walk      int64 // rows to walk at first
	count     int   // what counting what is left may cost
}

func usualBounds() bounds { return bounds{few: 4_000, many: 300_000, walk: 4_000, count: 24_000} }

// largePage is for how many tasks, at most, room is made before they are read.
const largePage = 1_024

// enough is which part of a page a short walk must have filled to go on: one of
// so many.
const enough = 3

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
	tests   []test   // what the base does not see to
	collect *way     // that finds few tasks; nil: none is known
	from    any      // nothing that matches is sorted before; nil: not known
	bytes   int      // of text, from which on no more is read; 0: all
	cut     bool     // that was so
	then    *Listing // what comes behind the last of this one; nil: nothing

	two    *TaskFilter // of a list in the order of two fields; else nil
	place  *TaskFilter // of a list in the order of the plan; else nil
	parted *TaskFilter // of a list that is made of several; else nil
	valued bool        // it is that of the tasks with a value of an own field, in the order of these

	split func(TaskFilter) []TaskFilter // of parted: the lists behind the page before
}

// List prepares a list of the tasks of the filter.
func (tx *Tx) List(f TaskFilter) (*Listing, error) {
	return tx.listWithin(usualBounds(), f)
}

func (tx *Tx) listWithin(b bounds, f TaskFilter) (*Listing, error) {
	if err := tx.ownOrder(&f); err != nil {
		return nil, err
	}
	if f.Sort == ByStage {
		return tx.listByStage(b, f)
	}
	if f.Then != "" {
		return tx.listByTwo(b, f)
	}
	if f.Sort == ByPlace {
		return tx.listByPlace(b, f)
	}
	if _, own := f.Sort.own(); own {
		return tx.listByOwn(b, f)
	}
	if c := f.Sort.lacked(); c != "" && f.lacked[c] == 0 {
		return tx.listWithLacking(b, f)
	}
	s, err := tx.selection(f)
	if err != nil {
		return nil, err
	}
	l := &Listing{tx: tx, s: s, limit: f.Limit, bounds: b}
	if s.empty || f.Limit == 0 {
		return l, nil
	}
	l.base = s.base()
	l.tests = s.testsIn(l.base)
	return l, nil
}

// Tasks returns the tasks of the list up to the filter's limit, without their
// dependencies.
func (l *Listing) Tasks() (tasks []plan.Task, err error) {
	if l.then != nil {
		return l.inTurn()
	}
	s, limit := l.s, l.limit
	switch {
	case s.empty:
		return nil, nil
	case limit == 0:
		return l.run(func(w *where) string { return s.everyRow(w) }, 0)
	case l.parted != nil:
		return l.inParts()
	case l.valued:
		return l.byValue()
	case l.place != nil:
		return l.byPlace()
	case l.two != nil:
		return l.byTwo()
	case len(l.tests) == 0 && l.base.single(s):
		return l.run(func(w *where) string {
			return l.base.union(w, l, strings.Split(taskColumns, ", "), l.base.ofEach(l, int64(limit)))
		}, limit)
	case len(l.tests) == 0:
		return l.run(l.walked(int64(limit)), 0)
	case s.sort == ByPriority && !s.ids.all() && len(s.ids)*len(s.statuses) <= maxStreams:
		return l.byUrgency()
	case len(s.ways) == 0:
		return l.walk(allRows)
	}
	return l.collectedOrNear()
}

// collectedOrNear is Tasks where what matches is little, or near, as far as either is
// tried at first.
func (l *Listing) collectedOrNear() (tasks []plan.Task, err error) {
	limit := l.limit
	if err = l.lookFor(l.bounds.few / first); err != nil || l.collect != nil {
		return l.orCollected(err)
	}
	if err = l.spread(); err != nil {
		return nil, err
	}
	if len(l.tests) == 0 {
		return l.run(l.walked(int64(limit)), 0)
	}
	steps := max(1, l.walkRows()/first)
	if tasks, err = l.run(l.walked(steps), 0); err != nil || len(tasks) == limit || l.cut {
		return tasks, err
	}
	if err = l.lookFor(l.bounds.few); err != nil || l.collect != nil {
		return l.orCollected(err)
	}
	if enough*len(tasks) >= limit {
		return l.further(steps, len(tasks))
	}
	near := first*len(tasks) >= limit
	if near { // to walk there costs less than to count what there is to collect
		if tasks, err = l.run(l.walked(steps+2*l.left(steps, len(tasks))), 0); err != nil || len(tasks) == limit || l.cut {
			return tasks, err
		}
	}
	if len(tasks) == 0 && l.onlyTells() { // what matches lies together, or is not much
		return l.farBehind()
	}
	// Where the walk has met nothing, to walk on may be for nothing as well.
	most := l.bounds.many / 10
	if len(tasks) == 0 {
		most = max(most, int(l.walkRows()*l.step()))
	}
	if err = l.lookFor(most); err != nil || l.collect != nil {
		return l.orCollected(err)
	}
	if near {
		return l.farBehind()
	}
	if l.reach() == 1 { // a walk that looks at rows costs more than many entries of an index
		if err = l.lookInIndexes(l.bounds.many / 3); err != nil || l.collect != nil {
			return l.orCollected(err)
		}
	}
	return l.further(l.walkRows(), 0)
}

// left is how many rows a walk that has found some of a page over so many rows has
// still to go, at that rate.
func (l *Listing) left(rows int64, found int) int64 {
	return rows * int64(l.limit-found) / int64(found)
}

// first is which part of a little is looked for and walked at first: one of so many.
const first = 8

// orCollected is Tasks where it is known what to collect.
func (l *Listing) orCollected(err error) ([]plan.Task, error) {
	if err != nil {
		return nil, err
	}
	return l.run(l.collected(l.collect), 0)
}

// further is Tasks where a walk over so many rows has found a part of a page, or
// none: it walks on, twice as far as it takes at that rate, unless to collect is
// likely to cost less.
func (l *Listing) further(rows int64, found int) (tasks []plan.Task, err error) {
	if found > 0 {
		left := l.left(rows, found)
		if err = l.lookFor(int(min(left*l.step(), int64(l.bounds.many/10)))); err != nil || l.collect != nil {
			return l.orCollected(err)
		}
		rows += 2 * left
	}
	if tasks, err = l.run(l.walked(rows), 0); err != nil || len(tasks) == l.limit || l.cut {
		return tasks, err
	}
	more := len(tasks)
	if found == 0 && first*more >= l.limit || more > found && l.s.text != nil && l.left(rows, more)*l.step() <= lookup*int64(l.s.text.found) {
		return l.further(rows, more)
	}
	return l.farBehind()
}

// byUrgency is Tasks for a list by priority of what lies in some stretches of
// ids: of each status and priority in its turn an index has these together.
func (l *Listing) byUrgency() (out []plan.Task, err error) {
	each := []int64{}
	for p := int64(plan.MinPriority); p <= plan.MaxPriority; p++ {
		if len(l.s.priorities.and(ranges{{p, p}})) > 0 {
			each = append(each, p)
		}
	}
	if l.s.descending {
		slices.Reverse(each)
	}
	for _, p := range each {
		s, one := *l.s, *l
		one.s, s.sort, s.priorities = &s, ByKey, ranges{{p, p}}
		if a := s.after; a != nil {
			if int64(a.Priority) > p && !s.descending || int64(a.Priority) < p && s.descending {
				continue
			}
			if int64(a.Priority) != p {
				s.after = nil
			}
		}
		one.limit = l.limit - len(out)
		one.base = base{index: "idx_tasks_status_priority", sees: []string{"status", "priority"}}
		for _, front := range s.statusStreams(nil) {
			one.base.streams = append(one.base.streams, append(front, value{"priority", p}))
		}
		rows := int64(allRows)
		if one.tests = s.testsIn(one.base); len(one.tests) == 0 {
			rows = int64(one.limit)
		}
		tasks, err := one.walk(rows)
		if err != nil {
			return nil, err
		}
		l.cut = one.cut
		if out = append(out, tasks...); len(out) == l.limit || l.cut {
			break
		}
	}
	return out, nil
}

// run runs a select of tasks, in the order of the list.
func (l *Listing) run(sql func(*where) string, limit int) ([]plan.Task, error) {
	var w where
	text := sql(&w) + " order by " + l.s.order()
	if limit > 0 {
		text += " limit " + w.arg(limit)
	}
	tasks := make([]plan.Task, 0, min(l.limit, largePage))
	size := 0
	_, err := db.WalkWhile(l.tx.Tx, db.Varying("task.list", text), taskFields, func(t plan.Task) bool {
		derive(&t)
		tasks = append(tasks, t)
		size += taskSize(&t)
		l.cut = l.bytes > 0 && size >= l.bytes
		return !l.cut
	}, w.args...)
	return tasks, err
}

// walked selects the first tasks of a walk in order over at most rows rows.
func (l *Listing) walked(rows int64) func(*where) string {
	return func(w *where) string {
		sql := l.passed(w, rows)
		if len(l.tests) > 0 {
			sql += " limit " + w.arg(l.limit)
		}
		return l.rowsOf(sql)
	}
}

// rowsOf selects the tasks of which the ids are selected. A server that took the two as
// a join might go through all tasks in the order asked for: next to what the ids seem
// to cost, that looks like nothing.
func (l *Listing) rowsOf(ids string) string {
	return "select " + taskColumns + " from tasks where id " + fmt.Sprintf(l.tx.engine.among, ids)
}

// passed selects the ids of those of the next rows of the base, at most so many, that
// pass the tests. What is selected from rows in order, without a join, comes in that
// order; to ask for it would make SQLite read all rows and sort them.
func (l *Listing) passed(w *where, rows int64) string {
	in, out := testsBy(l.base.index, l.tests)
	if !l.base.spread { // of which more is merged than is looked at
		in, out = l.testedFirst(in, out)
	}
	return passing(w, "select id from ("+l.base.merged(w, l, columnsOf(in), rows)+" limit "+w.arg(rows)+") t"+testsOf(w, in), out)
}

// testedFirst are the tests of a row that need not be looked at for them, and the
// others: what the index holds of it, and then what is found by its id. If all or none
// are such, it is looked at once.
func (l *Listing) testedFirst(in, out []test) (first, last []test) {
	reads := func(t test) bool { return len(t.columns) > 0 || t.heavy || t.probe }
	if l.base.entries != nil || !slices.ContainsFunc(out, func(t test) bool { return len(t.columns) > 0 }) {
		return l.tests, nil
	}
	first = slices.Concat(in, slices.DeleteFunc(slices.Clone(out), reads))
	if len(first) == 0 {
		return l.tests, nil
	}
	return first, slices.DeleteFunc(out, func(t test) bool { return !reads(t) })
}

// testsBy are the tests that an index holds the columns of, and the others.
func testsBy(index string, tests []test) (in, out []test) {
	for _, t := range tests {
		if len(t.columns) > 0 && !t.looksBeside() && holds(index, t.columns) {
			in = append(in, t)
		} else {
			out = append(out, t)
		}
	}
	return in, out
}

// passing selects those of the ids that pass the tests of their rows: one by one, and
// not as a join, which would have to be sorted.
func passing(w *where, ids string, tests []test) string {
	if len(tests) == 0 {
		return ids
	}
	return "select id from (" + ids + ") o where " + exists("tasks t"+testsOf(w, append(tests, test{sql: plain("t.id = o.id")})))
}

// walk is Tasks by a walk over at most rows rows. An engine that plans for all rows
// that a statement may read sorts them; there the walk goes in steps, each so much
// further than the one before that what is walked twice is little.
func (l *Listing) walk(rows int64) (tasks []plan.Task, err error) {
	if l.tx.engine.IndexedBy == "" {
		for _, step := range []int64{max(1, l.walkRows()/first), l.walkRows(), far * l.walkRows()} {
			if step >= rows {
				break
			}
			if tasks, err = l.run(l.walked(step), 0); err != nil || len(tasks) == l.limit || l.cut {
				return tasks, err
			}
		}
	}
	return l.run(l.walked(rows), 0)
}

// collected selects the first tasks of what the way finds. Limits that cut
// nothing off keep the planners from looking into a part of the statement
// and taking another index.
func (l *Listing) collected(way *way) func(*where) string {
	return func(w *where) string {
		return l.rowsOf("select id from (" + l.found(w, way) + ") t" +
			testsOf(w, append(l.s.testsBut(way.sees), l.s.afterTest()...)) + " order by " + l.s.order() + " limit " + w.arg(l.limit))
	}
}

// alone keeps an engine that chooses indexes itself from looking into a select, and
// going through another one in the order asked for.
func (l *Listing) alone(w *where, sql string) string {
	if l.tx.engine.IndexedBy != "" {
		return sql
	}
	return sql + " limit " + w.arg(int64(allRows))
}

// found selects, of what the way finds, the columns that are needed.
func (l *Listing) found(w *where, way *way) string {
	return way.rows(w, l.tx.engine, l.columns(way)) + " limit " + w.arg(int64(allRows))
}

// walkRows is over how many rows a walk may go at first.
func (l *Listing) walkRows() int64 {
	if slices.ContainsFunc(l.tests, test.probes) {
		return max(1, l.bounds.walk/lookup)
	}
	return l.bounds.walk * l.reach()
}

// step is how much a row of a walk costs.
func (l *Listing) step() int64 {
	switch {
	case slices.ContainsFunc(l.tests, test.probes):
		return probed
	case l.reach() == 1:
		return lookup
	}
	return 1
}

// reach is how much further than over rows a walk may go.
func (l *Listing) reach() int64 {
	if l.base.entries != nil {
		return 1
	}
	for _, t := range l.tests {
		if t.looksBeside() || !holds(l.base.index, t.columns) { // or at a row
			return 1
		}
	}
	if l.base.index == "" {
		return 1
	}
	return inIndex
}
