package store

import (
	"slices"
	"strings"

	"pm/internal/plan"
)

// addGroup folds in that one of the alternatives holds. What all of them leave
// out is folded into the sets; the rest is one test, and one way where each
// alternative has one: what the ways of all find together.
func (tx *Tx) addGroup(s *selection, alternatives []Condition) error {
	var some []*selection
	for _, c := range alternatives {
		one := tx.everything()
		if err := tx.addCondition(one, c); err != nil {
			return err
		}
		if !one.empty && len(one.allTests()) == 0 {
			return nil // it always holds
		}
		if !one.empty {
			some = append(some, one)
		}
	}
	var statuses []plan.TaskStatus
	var ids, priorities ranges
	var y way
	any := test{light: true, sql: func(w *where) string {
		terms := make([]string, len(some))
		for i, one := range some {
			terms[i] = strings.TrimPrefix(testsOf(w, one.allTests()), " where ")
		}
		return "(" + strings.Join(terms, " or ") + ")"
	}}
	for _, one := range some {
		statuses = append(statuses, one.statuses...)
		ids, priorities = append(ids, one.ids...), append(priorities, one.priorities...)
		y.branches = append(y.branches, one.ways)
		any.columns = columnsOf(append(one.allTests(), test{columns: any.columns}))
		for _, t := range one.allTests() {
			any.probe = any.probe || t.probe
			any.heavy = any.heavy || t.heavy || len(t.columns) == 0 && !t.light
		}
	}
	s.keepStatuses(statuses)
	s.ids, s.priorities = s.ids.and(union(ids)), s.priorities.and(union(priorities))
	s.tests = append(s.tests, any)
	if !slices.ContainsFunc(y.branches, func(ways []way) bool { return len(ways) == 0 }) {
		s.ways = append(s.ways, y)
	}
	return nil
}

// A counter counts what ways find, as far as a limit, in one statement; but not
// again what is known.
type counter struct {
	d     *engine
	limit func(*way) int
	parts []string
	into  []any
}

// wordsAtOnce is how far tasks with words are counted at least by an engine that finds
// all of them before it counts the first.
const wordsAtOnce = 4_000

// add counts what a way finds, or each of the ways to the alternatives of a group.
func (c *counter) add(y *way, w *where) {
	for _, branch := range y.branches {
		for i := range branch {
			c.add(&branch[i], w)
		}
	}
	if y.branches != nil {
		return
	}
	most := c.limit(y)
	if y.count < y.upTo || most <= y.upTo {
		return
	}
	if y.upTo = most; c.d.IndexedBy == "" && slices.Contains(y.sees, "text") {
		y.upTo = max(most, wordsAtOnce)
	}
	c.into = append(c.into, &y.count)
	c.parts = append(c.parts, "(select count(*) from ("+y.onlyIDs(w, c.d)+" limit "+w.arg(int64(y.upTo))+") x)")
}

// take returns a way that was counted, and how much it finds. For a group
// it is the union of those ways that find least of each alternative.
func (c *counter) take(y *way) (*way, int) {
	if y.branches == nil {
		return y, y.count
	}
	var of []*way
	sum := 0
	for _, branch := range y.branches {
		var least *way
		rows := 0
		for i := range branch {
			if one, n := c.take(&branch[i]); least == nil || n < rows {
				least, rows = one, n
			}
		}
		of, sum = append(of, least), sum+rows
	}
	return &way{ids: func(w *where) string {
		parts := make([]string, len(of))
		for i, one := range of {
			parts[i] = "select * from (" + one.onlyIDs(w, c.d) + ") b"
		}
		return strings.Join(parts, " union ")
	}}, sum
}
