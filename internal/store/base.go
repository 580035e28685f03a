package store

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"pm/internal/db"
	"pm/internal/plan"
)

// A base gives tasks in the order of a list: one stream from an index, or
// several, which are merged. Each of the few statuses has an index in each
// order, so that these also give all tasks in any order.
type base struct {
	index    string              // empty: the table itself, which is in the order of the keys
	entries  *entries            // instead: an index of another table, whose entries are, too
	streams  []stream            // of rows with these values in front; none: one stream of all
	only     string              // the condition of a partial index that holds no other rows
	and      func(*where) string // what must hold besides; may be nil
	few      bool                // it gives less, mostly, than the tasks of a status
	statuses []plan.TaskStatus   // all that its rows can have; nil: any
	within   ranges              // only what lies in these stretches of ids; nil: all
	sees     []string            // the columns that need no test for what is asked for of them

	beside []base // that give the rest: what is in none of the others
}

// entries are rows of another table, under the alias s, that name the tasks of
// which a condition holds, in the order of their keys, each once; but for those
// in some stretches of ids, where it holds of all.
type entries struct {
	name         string // of the test that is not needed
	table, index string
	terms        func(*where) string
	id           string // the column with the id of the task; empty: item_id
	found        string // that column, so that no planner sorts by it; empty: it need not be
	under        ranges
	few          bool // they are less, mostly, than the tasks of a status
}

// base is that of the entries.
func (e entries) base() base {
	b := base{entries: &e, few: e.few, sees: []string{e.name}}
	if len(e.under) > 0 {
		b.beside = []base{{within: e.under}}
	}
	return b
}

// of is the base for the tasks with one of the statuses, which need no test if
// its rows can have no others.
func (b base) of(statuses []plan.TaskStatus) base {
	if b.statuses != nil && !slices.ContainsFunc(b.statuses, func(s plan.TaskStatus) bool { return !slices.Contains(statuses, s) }) {
		b.sees = append(slices.Clone(b.sees), "status")
	}
	return b
}

// A stream is the values of the first columns of an index.
type stream []value

type value struct {
	column string
	of     any
}

// The most streams that are merged, and the most agents that these are of:
// SQLite takes its time to read a statement with many.
const (
	maxStreams = 48
	maxValues  = 8
	maxAgents  = 4
)

// base chooses the base of a walk.
func (s *selection) base() base {
	all := len(s.statuses) == len(plan.TaskStatuses())
	switch column := s.column(); {
	case column == "updated_at" && s.fewFeatures():
		b := base{index: "idx_tasks_feature_id", sees: []string{"id"}}
		for _, one := range s.ids {
			b.streams = append(b.streams, stream{{"feature_id", one.from}})
		}
		return b
	case column == "not_before":
		return base{index: "idx_tasks_not_before", only: "not_before is not null", streams: []stream{{{"deferred", 0}}, {{"deferred", 1}}}, sees: []string{"with not_before"}}
	case column == "position":
		b := base{index: "idx_tasks_position", only: "position is not null", sees: []string{"with position"}}
		for _, ready := range []int{0, 1} {
			for p := plan.MinPriority; p <= plan.MaxPriority; p++ {
				b.streams = append(b.streams, stream{{movedNow, ready}, {"priority", p}})
			}
		}
		return b
	case s.sort.lacked() != "":
		return base{index: "idx_tasks_" + column, only: column + " is not null", sees: []string{"with " + column}}
	case column != "id":
		return base{index: "idx_tasks_status_" + column, streams: s.statusStreams(nil), sees: []string{"status"}}
	case s.text != nil:
		return s.wordEntries().base()
	case len(s.bases) > 0 && (s.bases[0].few || all && s.types == nil && s.kinds == nil) && s.agents == nil:
		return s.bases[0].of(s.statuses)
	case s.agents != nil && len(s.agents) <= maxAgents:
		b := base{index: "idx_tasks_assigned_agent", sees: []string{"assigned_agent", "status"}}
		for _, a := range s.agents {
			b.streams = append(b.streams, s.statusStreams(stream{{"assigned_agent", a}})...)
		}
		return b
	case !all:
		return base{index: "idx_tasks_status", streams: s.statusStreams(nil), sees: []string{"status"}}
	case s.types != nil && len(s.types) <= maxValues:
		b := base{index: "idx_tasks_agent_type", sees: []string{"agent_type"}}
		for _, t := range s.types {
			b.streams = append(b.streams, stream{{"agent_type", t}})
		}
		return b
	case s.kinds != nil && len(s.kinds) <= maxValues:
		b := base{index: "idx_tasks_kind", sees: []string{"kind"}}
		for _, k := range s.kinds {
			b.streams = append(b.streams, stream{{"kind", k}})
		}
		return b
	case s.file != anyOf || s.described != anyOf:
		b := base{index: "idx_tasks_has", sees: []string{"has"}}
		for _, file := range s.file.each() {
			for _, described := range s.described.each() {
				b.streams = append(b.streams, stream{{hasFile, file}, {isDescribed, described}})
			}
		}
		return b
	}
	return base{}
}

// statusStreams returns a stream for each status, behind the values in front.
func (s *selection) statusStreams(front stream) []stream {
	out := make([]stream, len(s.statuses))
	for i, status := range s.statuses {
		out[i] = append(slices.Clone(front), value{"status", string(status)})
	}
	return out
}

// fewFeatures reports whether what is asked for lies in a few features, of
// which it is all.
func (s *selection) fewFeatures() bool {
	return len(s.ids) <= maxValues && !slices.ContainsFunc(s.ids, func(one interval) bool {
		return one.from <= 0 || !one.isFeatures() || plan.KeyOf(one.from).FeatureKey() != plan.KeyOf(max(one.to, 0)).FeatureKey()
	})
}

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
		if t.name == "" || !slices.Contains(sees, t.name) {
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
	if q.whole && q.many {
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

// column is what the list is sorted by, before the id.
func (s *selection) column() string {
	switch s.sort {
	case ByPriority:
		return "priority"
	case ByCreated:
		return "created_at"
	case ByUpdated:
		return "updated_at"
	case ByDue, ByEstimate, ByDefer, byPosition:
		return s.sort.lacked()
	}
	return "id"
}

func (s *selection) order() string {
	if s.sort == ByPlace {
		if s.descending {
			return placeOf + " desc, id desc"
		}
		return placeOf + ", id"
	}
	if s.then != "" || s.sort == ByStage || s.byOwn() {
		return s.orderOfTwo()
	}
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
	case ByDue, ByEstimate, ByDefer, byPosition:
		value = s.sort.value(t)
	default:
		return column + than + w.arg(t.Key.Ordinal())
	}
	return "(" + column + ", " + id + ")" + than + "(" + w.arg(value) + ", " + w.arg(t.Key.Ordinal()) + ")"
}

// behind compares with what comes later in the list.
func (s *selection) behind() string {
	if s.descending {
		return " < "
	}
	return " > "
}

// columnRanges are the values asked for of what the list is sorted by; nil
// for any.
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

// parts are the stretches of its order that each stream is cut to.
func (s *selection) parts(b base) ranges {
	r := s.columnRanges()
	if s.column() == "id" && b.entries == nil && len(r)*max(1, len(b.streams)) <= maxStreams {
		return r
	}
	if r == nil {
		return everything
	}
	return r.hull()
}

// behindAfter cuts a stretch of the order to what comes behind the page before.
// It returns the task to compare with besides, if that is still needed.
func (s *selection) behindAfter(cut interval) (interval, *plan.Task) {
	byKey, last := s.column() == "id", s.afterValue()
	switch {
	case byKey && s.descending:
		cut.to = min(cut.to, last-1)
	case byKey:
		cut.from = max(cut.from, last+1)
	case s.descending && last <= cut.to:
		cut.to = math.MaxInt64
		return cut, s.after
	case !s.descending && last >= cut.from:
		cut.from = math.MinInt64
		return cut, s.after
	}
	return cut, nil
}

// afterValue is what the list is sorted by of the last task of the page before.
func (s *selection) afterValue() int64 {
	switch s.sort {
	case ByPriority:
		return int64(s.after.Priority)
	case ByCreated:
		return s.after.CreatedAt.UnixMilli()
	case ByUpdated:
		return s.after.UpdatedAt.UnixMilli()
	case ByDefer:
		at, _ := s.after.NotBefore.Time()
		return at.UnixMilli()
	case ByDue, ByEstimate, byPosition:
		return 0 // which lies in the stretch of all: these have no numbers
	}
	return s.after.Key.Ordinal()
}

// part selects columns of one stream, cut to one stretch of its order.
func (b base) part(w *where, l *Listing, columns []string, of stream, cut interval) string {
	s, d := l.s, l.tx.engine
	terms := where{args: w.args}
	from, sorted := " from tasks"+d.Use(b.index), s.column()
	switch {
	case b.entries != nil:
		e := *b.entries
		if sorted = "s.item_id"; e.id != "" {
			sorted = "s." + e.id
		}
		if from = " from " + e.table + " s"; e.index != "" {
			from += d.Use(e.index)
		}
		terms.add(e.terms(&terms))
		if len(e.under) > 0 {
			terms.add("not (" + e.under.term(&terms, sorted, numberValue) + ")")
		}
		if len(columns) > 1 {
			from += " cross join tasks t"
			if len(s.statuses) < len(plan.TaskStatuses()) && holds("idx_tasks_status", columns) {
				from += d.Use("idx_tasks_status") // which needs the term for it
				terms.add("t." + s.ofStatuses(&terms))
			}
			terms.add("t.id = " + sorted)
		}
		columns = slices.Clone(columns)
		for i, c := range columns {
			columns[i] = "t." + c
			if c == "id" {
				columns[i] = cmp.Or(e.found, sorted) + " as id"
			}
		}
	case b.index == "":
		from = " from tasks"
	}
	if b.only != "" {
		terms.add(b.only)
	}
	if b.and != nil {
		terms.add(b.and(&terms))
	}
	for _, v := range of {
		terms.add(v.column + " = " + terms.arg(v.of))
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
	w.args = terms.args
	return "select " + strings.Join(columns, ", ") + from + terms.sql()
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
		for _, cut := range one.cuts(l.s, b) {
			for _, of := range streams {
				sql := one.part(w, l, need, of, cut)
				if rows > 0 {
					sql = "(" + sql + " order by " + l.s.order() + " limit " + w.arg(rows) + ")"
				}
				parts = append(parts, sql)
			}
		}
	}
	return strings.Join(parts, " union all ")
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

// merged is union, in the order of the list. Where the engine cannot merge
// streams as far as it needs them, each ends after as many rows as are wanted.
func (b base) merged(w *where, l *Listing, columns []string, rows int64) string {
	each := int64(0)
	if l.tx.engine.IndexedBy == "" && max(1, len(b.streams))*len(l.s.parts(b))+len(b.beside) > 1 && rows < allRows {
		each = rows
	}
	return b.union(w, l, columns, each) + " order by " + l.s.order()
}

// everyRow selects all tasks of the list by whatever index the planner likes.
func (s *selection) everyRow(w *where) string { return s.every(w, aliased(taskColumns, "t")) }

// every selects columns of all tasks of the list.
func (s *selection) every(w *where, columns string) string {
	return "select " + columns + " from tasks t" + testsOf(w, append(s.allTests(), s.afterTest()...))
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
