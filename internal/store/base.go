package store

import (
	"slices"
	"strings"

	"pm/internal/db"
	"pm/internal/plan"
)

// A base gives tasks in the order of a list: one stream from an index, or
// several, one for each value of a column, which are merged. Each of the few
// statuses has an index in each order, so that these also give all tasks in
// any order.
type base struct {
	kind   baseKind
	values []string // of the kind's column
}

type baseKind string

const (
	byKey    baseKind = ""
	byWords  baseKind = "words"
	byStatus baseKind = "status"
	byType   baseKind = "agent_type"
	byAgent  baseKind = "assigned_agent"
)

// maxStreams bounds the streams that are merged.
const maxStreams = 8

// base chooses the base of a walk, and returns the tests that it leaves.
func (s *selection) base() (b base, left []test) {
	switch {
	case s.sort != ByKey && s.sort != "":
		b = base{byStatus, words(s.statuses)}
	case len(s.words) > 0:
		b = base{kind: byWords}
	case len(s.statuses) < len(plan.TaskStatuses()):
		b = base{byStatus, words(s.statuses)}
	case s.types != nil && len(s.types) <= maxStreams:
		b = base{byType, s.types}
	case s.agents != nil && len(s.agents) <= maxStreams:
		b = base{byAgent, s.agents}
	}
	return b, s.testsBut(b.kind)
}

// allTests are the tests of a row that is found in no base.
func (s *selection) allTests() []test { return s.testsBut("none") }

func (s *selection) testsBut(kind baseKind) []test {
	var out []test
	add := func(column string, sql func(*where) string) { out = append(out, test{[]string{column}, sql}) }
	if kind != byStatus && len(s.statuses) < len(plan.TaskStatuses()) {
		add("status", func(w *where) string { return "status in (" + listed(w, words(s.statuses)) + ")" })
	}
	if kind != byType && s.types != nil {
		add("agent_type", func(w *where) string { return "agent_type in (" + listed(w, s.types) + ")" })
	}
	if kind != byAgent && s.agents != nil {
		add("assigned_agent", func(w *where) string { return "assigned_agent in (" + listed(w, s.agents) + ")" })
	}
	// The stream is cut to the part of its order that is asked for.
	inOrder := func(column string, r ranges) bool { return kind != "none" && s.column() == column && len(r) == 1 }
	if !s.ids.all() && !inOrder("id", s.ids) {
		add("id", func(w *where) string { return s.ids.term(w, "t.id", numberValue) })
	}
	if !s.priorities.all() && !inOrder("priority", s.priorities) {
		add("priority", func(w *where) string { return s.priorities.term(w, "priority", numberValue) })
	}
	for _, column := range []string{"created_at", "updated_at", "started_at", "completed_at", "blocked_at"} {
		r, is := s.times[column]
		if !is || inOrder(column, r) {
			continue
		}
		if r.all() {
			add(column, plain(column+" is not null"))
			continue
		}
		add(column, func(w *where) string { return r.term(w, column, timeValue) })
	}
	return append(out, s.tests...)
}

// afterTest is the start of the page as a test.
func (s *selection) afterTest() []test {
	if s.after == nil {
		return nil
	}
	return []test{{[]string{s.column()}, func(w *where) string { return s.start(w, "t."+s.column(), "t.id") }}}
}

// column is what the list is sorted by, before the id.
func (s *selection) column() string {
	switch s.sort {
	case ByPriority:
		return "priority"
	case ByCreated:
		return "created_at"
	case ByUpdated:
		return "updated_at"
	}
	return "id"
}

func (s *selection) order() string {
	by := []string{s.column()}
	if s.column() != "id" {
		by = append(by, "id")
	}
	if s.descending {
		return strings.Join(by, " desc, ") + " desc"
	}
	return strings.Join(by, ", ")
}

// start is the term that a task comes behind the last one of the page before.
func (s *selection) start(w *where, column, id string) string {
	t, than := s.after, s.behind()
	var value any
	switch s.sort {
	case ByPriority:
		value = t.Priority
	case ByCreated:
		value = db.Stamp(&t.CreatedAt)
	case ByUpdated:
		value = db.Stamp(&t.UpdatedAt)
	default:
		return column + than + w.arg(t.Key.Ordinal())
	}
	return "(" + column + ", " + id + ")" + than + "(" + w.arg(value) + ", " + w.arg(t.Key.Ordinal()) + ")"
}

// stream selects columns of the i-th stream.
func (b base) stream(w *where, l *Listing, columns []string, i int) string {
	s, d := l.s, l.tx.engine
	var terms where
	terms.args = w.args
	from, sorted := " from tasks"+d.Use(b.index(s.column())), s.column()
	switch b.kind {
	case byWords:
		sorted = "s." + d.search.id
		from = " from task_search s"
		terms.add(d.search.matches("task_search", "s", terms.arg(d.search.all(s.words))))
		if len(columns) > 1 {
			from += " cross join tasks t"
			terms.add("t.id = " + sorted)
		}
		columns = slices.Clone(columns)
		for i, c := range columns {
			columns[i] = "t." + c
			if c == "id" {
				columns[i] = sorted + " as id"
			}
		}
	case byKey:
		from = " from tasks"
	default:
		terms.add(string(b.kind) + " = " + terms.arg(b.values[i]))
	}
	if r := s.columnRanges().hull(); r != nil && !r.all() {
		value := timeValue
		if s.column() == "id" || s.column() == "priority" {
			value = numberValue
		}
		terms.add(r.term(&terms, sorted, value))
	}
	if s.after != nil {
		terms.add(s.start(&terms, sorted, "id"))
	}
	w.args = terms.args
	return "select " + strings.Join(columns, ", ") + from + terms.sql()
}

// columnRanges are the values asked for of what the list is sorted by.
func (s *selection) columnRanges() ranges {
	switch c := s.column(); c {
	case "id":
		return s.ids
	case "priority":
		return s.priorities
	default:
		return s.times[c]
	}
}

// behind compares with what comes later in the list.
func (s *selection) behind() string {
	if s.descending {
		return " < "
	}
	return " > "
}

// index is the one that has a stream in the order of the column.
func (b base) index(column string) string {
	index := "idx_tasks_" + string(b.kind)
	if column != "id" {
		index += "_" + column
	}
	return index
}

// union selects the columns from all streams, and what they are sorted by.
func (b base) union(w *where, l *Listing, columns []string) string {
	need := slices.Clone(columns)
	for _, c := range []string{l.s.column(), "id"} {
		if !slices.Contains(need, c) {
			need = append(need, c)
		}
	}
	streams := make([]string, max(1, len(b.values)))
	for i := range streams {
		streams[i] = b.stream(w, l, need, i)
	}
	return strings.Join(streams, " union all ")
}

// counted selects the ids of all streams, in any order. Those of all tasks
// come from an index that has many on a page.
func (b base) counted(w *where, l *Listing) string {
	if b.kind == byKey && l.s.ids.all() {
		b = base{byStatus, words(l.s.statuses)}
	}
	return b.union(w, l, nil)
}

// merged is union, in the order of the list.
func (b base) merged(w *where, l *Listing, columns []string) string {
	return b.union(w, l, columns) + " order by " + l.s.order()
}

// everyRow selects all tasks of the list by whatever index the planner likes.
func (s *selection) everyRow(w *where, d *engine) string {
	tests := append(s.allTests(), s.afterTest()...)
	if len(s.words) > 0 {
		tests = append(tests, test{nil, func(w *where) string { return "t.id in (" + wordsQuery(d.search, s.words)(w) + ")" }})
	}
	return "select " + aliased(taskColumns, "t") + " from tasks t" + testsOf(w, tests)
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
