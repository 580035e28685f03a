package store

import (
	"pm/internal/plan"
	"slices"
	"strings"
)

// allTests are the tests of a row that is found in no base.
func (s *selection) allTests() []test { return s.testsBut(nil) }

// testsIn are those that the base leaves. Its streams are cut to the part of
// their order that is asked for.
func (s *selection) testsIn(b base) []test {
	sees := b.sees
	switch column := s.column(); {
	case column == "id" && (len(s.ids) == 1 || b.entries == nil && len(s.ids)*max(1, len(b.streams)) <= maxStreams),
		column != "id" && len(s.columnRanges()) == 1:
		sees = append(slices.Clone(sees), column)
	}
	return s.testsBut(sees)
}

// testsBut are the tests of a row, but for those that are seen to.
func (s *selection) testsBut(sees []string) []test {
	l := testList{sees: sees}
	if len(s.statuses) < len(plan.TaskStatuses()) {
		l.add("status", s.ofStatuses)
	}
	l.in("agent_type", s.types)
	l.in("kind", s.kinds)
	l.in("stage", s.stages)
	l.in("assigned_agent", s.agents)
	if !s.ids.all() {
		l.add("id", func(w *where) string { return s.ids.term(w, "t.id", numberValue) })
	}
	if !s.priorities.all() {
		l.add("priority", func(w *where) string { return s.priorities.term(w, "priority", numberValue) })
	}
	s.timeTests(&l)
	s.presenceTests(&l)
	out := l.tests
	if s.text != nil && !slices.Contains(sees, "text") {
		out = append(out, s.textTest(*s.text, ""))
	}
	for _, t := range s.tests {
		if (t.name == "" || !slices.Contains(sees, t.name)) && (t.of == "" || slices.Contains(s.statuses, t.of)) {
			out = append(out, t)
		}
	}
	return out
}

// A testList collects tests of columns, but for those that a base sees to.
type testList struct {
	sees  []string
	tests []test
}

func (l *testList) add(column string, sql func(*where) string) {
	if !slices.Contains(l.sees, column) {
		l.tests = append(l.tests, test{columns: []string{column}, sql: sql})
	}
}

// in adds the test that a column has one of the values; nil is any.
func (l *testList) in(column string, values []string) {
	if values != nil {
		l.add(column, func(w *where) string { return column + " in (" + listed(w, values) + ")" })
	}
}

// timeTests adds the tests of when something happened.
func (s *selection) timeTests(l *testList) {
	for _, column := range []string{"created_at", "updated_at", "started_at", "completed_at", "blocked_at", "not_before"} {
		r, is := s.times[column]
		switch {
		case !is:
		case r.all():
			l.add(column, plain(column+" is not null"))
		default:
			l.add(column, func(w *where) string { return r.term(w, column, timeValue) })
		}
	}
}

// presenceTests adds the tests that a task has a value at all.
func (s *selection) presenceTests(l *testList) {
	if !slices.Contains(l.sees, "has") {
		if s.file != anyOf {
			l.tests = append(l.tests, test{columns: []string{"file_path"}, sql: plain(hasFile + " in (" + s.file.values() + ")")})
		}
		if s.described != anyOf {
			l.tests = append(l.tests, test{columns: []string{"description"}, sql: plain(isDescribed + " in (" + s.described.values() + ")")})
		}
	}
	for _, column := range lacking {
		switch s.has(column) {
		case with:
			if !slices.Contains(l.sees, "with "+column) {
				l.tests = append(l.tests, test{columns: []string{column}, sql: plain(column + " is not null")})
			}
		case without:
			l.tests = append(l.tests, test{columns: []string{column}, sql: plain(column + " is null")})
		}
	}
}

// textTest is the test that a task has the words, or for "not " has them not.
func (s *selection) textTest(q textQuery, not string) test {
	if q.whole && q.many && !s.asSet {
		return test{light: true, probe: true, sql: func(w *where) string { return not + hasText(s.d.search, q)(w) }}
	}
	// In a form that no planner turns into a join, as with exists.
	return test{light: true, sql: func(w *where) string { return not + "coalesce(t.id in (" + wordsQuery(s.d.search, q)(w) + "), 1 = 0)" }}
}

// afterTest is the start of the page as a test.
func (s *selection) afterTest() []test {
	if s.after == nil {
		return nil
	}
	if s.then != "" || s.sort == ByStage || s.byOwn() {
		return []test{{columns: s.orderColumns(), sql: s.behindAll}}
	}
	return []test{{columns: []string{s.column()}, sql: func(w *where) string { return s.start(w, "t."+s.column(), "t.id") }}}
}

// columnsOf lists what the tests read, each once.
func columnsOf(tests []test) (out []string) {
	for _, t := range tests {
		for _, c := range t.columns {
			if !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	return out
}

func testsOf(w *where, tests []test) string {
	var terms []string
	for _, t := range tests {
		terms = append(terms, t.sql(w))
	}
	if len(terms) == 0 {
		return ""
	}
	return " where " + strings.Join(terms, " and ")
}
