package store

import (
	"slices"
	"strings"

	"pm/internal/db"
)

// What collecting costs: the rows that the ways find are counted, as far as it matters.

// columns are what must be known of a task that the way finds to tell whether it is
// listed, and where.
func (l *Listing) columns(y *way) []string {
	columns := columnsOf(append(l.s.testsBut(y.sees), l.s.afterTest()...))
	for _, c := range []string{l.s.column(), "id"} {
		if !slices.Contains(columns, c) {
			columns = append(columns, c)
		}
	}
	return columns
}

// cheapest returns the way by which collecting costs least, if that is at most
// most, and how many rows it finds; else nil.
func (l *Listing) cheapest(most int) (best *way, rows int, err error) {
	return l.cheapestBy(l.cost, most)
}

// cheapestBy is cheapest by another cost. What is far from it is not counted to the
// end: another way may have one before.
func (l *Listing) cheapestBy(cost func(*way) int, most int) (best *way, rows int, err error) {
	for part := min(most, max(1, l.bounds.many/5)); ; part = min(2*part, most) {
		best, rows, err = l.cheapestOf(cost, part)
		if err != nil || best != nil || part == most {
			return best, rows, err
		}
	}
}

func (l *Listing) cheapestOf(cost func(*way) int, most int) (best *way, rows int, err error) {
	if len(l.s.ways) == 0 {
		return nil, 0, nil
	}
	var w where
	c := counter{d: l.tx.engine, limit: func(y *way) int { return most/cost(y) + 1 }}
	for i := range l.s.ways {
		c.add(&l.s.ways[i], &w)
	}
	if len(c.parts) > 0 {
		if _, err := l.tx.ScanOne(db.Named("task.few", "select "+strings.Join(c.parts, ", ")), c.into, w.args...); err != nil {
			return nil, 0, err
		}
	}
	least := most + 1
	for i := range l.s.ways {
		y, n := c.take(&l.s.ways[i])
		if all := n * cost(y); all < least {
			best, rows, least = y, n, all
		}
	}
	return best, rows, nil
}

// cost is how much a row costs that the way finds, with the tests of it.
func (l *Listing) cost(y *way) int {
	tests, most := l.s.testsBut(y.sees), y.cost(l.columns(y))
	if slices.ContainsFunc(tests, test.probes) {
		return most + probed
	}
	for _, t := range tests {
		switch {
		case t.near:
			most = max(most, nearby)
		case t.looksBeside():
			most = max(most, lookup)
		}
	}
	return most
}

func (t test) probes() bool { return t.probe }

// looksBeside reports whether it looks into another table.
func (t test) looksBeside() bool { return len(t.columns) == 0 && !t.light || t.heavy }

// lookInIndexes finds out what to collect through an index that holds all that must be
// known, if that is at most so many rows.
func (l *Listing) lookInIndexes(most int) (err error) {
	l.collect, _, err = l.cheapestBy(func(y *way) int {
		if l.cost(y) > 1 {
			return most + 1
		}
		return l.countCost(y)
	}, most)
	return err
}

// lookFor finds out what to collect, if that costs at most most.
func (l *Listing) lookFor(most int) (err error) {
	l.collect, _, err = l.cheapest(most)
	return err
}
