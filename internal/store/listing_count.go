package store

import (
	"slices"

	"pm/internal/db"
	"pm/internal/plan"
)

// Count counts the tasks behind a page of which after is the last of page
// tasks, up to most. If exact is false, there may be more than n: it reached
// most, or to go on would have taken long.
func (l *Listing) Count(page int, after *plan.Task, most int) (n int, exact bool, err error) {
	if l.then != nil {
		return l.countInTurn(page, after, most)
	}
	if l.parted != nil {
		return l.countInParts(after, most)
	}
	if l.place != nil {
		return l.countByPlace(after, most)
	}
	if l.two != nil {
		return l.countByTwo(after, most)
	}
	k, s := *l, *l.s
	s.after, k.s = after, &s
	if l.valued {
		return k.countValued(most)
	}
	if s.empty {
		return 0, true, nil
	}
	// All that match, of which the first page is known, an index may count by itself.
	if l.s.after == nil && s.terms == 1 && len(s.ways) > 0 && s.ways[0].exact {
		n, err = k.count(func(w *where) string { return s.ways[0].onlyIDs(w, k.tx.engine) + " limit " + w.arg(page+most+1) })
		n -= page
		return n, n <= most, err
	}
	if len(k.tests) == 0 {
		n, err = k.count(func(w *where) string { return k.base.counted(w, &k) + " limit " + w.arg(most+1) })
		return n, n <= most, err
	}
	if k.collect != nil {
		return k.countCollected(k.collect, most, allRows)
	}
	if s.terms == 1 && len(s.ways) > 0 && s.ways[0].exact { // which finds nothing else
		n, exact, err = k.countCollected(&s.ways[0], most, int64(k.bounds.count/k.cost(&s.ways[0])))
		if err != nil || exact || n > most {
			return n, exact, err
		}
	}
	n, exact, err = k.countWalked(k.bounds.count/10, most)
	if err != nil || exact || n > most {
		return n, exact, err
	}
	way, _, err := k.cheapestBy(k.countCost, k.bounds.count)
	if err != nil {
		return 0, false, err
	}
	if way != nil {
		return k.countCollected(way, most, allRows)
	}
	return k.countWalked(k.bounds.count, most)
}

// countCost is the cost of a row where what is found out is only how many there are.
func (l *Listing) countCost(y *way) int {
	if y.dates {
		return max(dated, l.cost(y))
	}
	return l.cost(y)
}

func (l *Listing) count(sql func(*where) string) (int, error) {
	var w where
	return l.tx.Count(db.Varying("task.count", "select count(*) from ("+sql(&w)+") counted"), w.args...)
}

// countCollected counts among the first rows that the way finds.
func (l *Listing) countCollected(way *way, most int, rows int64) (n int, exact bool, err error) {
	n, err = l.count(func(w *where) string {
		return "select 1 from (" + way.rows(w, l.tx.engine, l.columns(way)) + " limit " + w.arg(rows) + ") t" + testsOf(w, append(l.s.testsBut(way.sees), l.s.afterTest()...)) + " limit " + w.arg(most+1)
	})
	if err != nil || n > most || rows == allRows {
		return n, n <= most, err
	}
	found, err := l.count(func(w *where) string { return way.onlyIDs(w, l.tx.engine) + " limit " + w.arg(rows+1) })
	return n, int64(found) <= rows, err
}

// countWalked counts among the next rows of the base, as many as may cost so
// much. Its streams are merged: of one alone, nothing may match.
func (l *Listing) countWalked(cost, most int) (n int, exact bool, err error) {
	rows := cost
	switch {
	case slices.ContainsFunc(l.tests, test.probes):
		rows = cost / probed
	case l.reach() == 1:
		rows = cost / lookup
	}
	n, err = l.count(func(w *where) string {
		return l.passed(w, int64(rows)) + " limit " + w.arg(most+1)
	})
	if err != nil || n > most {
		return n, false, err
	}
	walked, err := l.count(func(w *where) string { return l.base.union(w, l, nil, 0) + " limit " + w.arg(rows+1) })
	return n, walked <= rows, err
}
