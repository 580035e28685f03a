package store

import (
	"math"
	"slices"
	"strings"
	"time"

	"pm/internal/plan"
	"pm/internal/query"
)

// A selection is what a filter amounts to: its conditions folded into sets,
// one per column, and what cannot be folded as tests of a row.
type selection struct {
	d          *dialect
	sort       Sort
	descending bool
	after      *plan.Task

	statuses      []plan.TaskStatus // the only ones
	types, agents []string          // nil: any
	ids           ranges
	priorities    ranges
	times         map[string]ranges // by column; not there: any
	words         []Word            // in title or description

	tests []test
	ways  []way
	terms int  // how many conditions the filter has
	empty bool // some of them leave nothing over
}

// A test says of a row, under the alias t, whether a condition holds. It reads
// the columns beside the id.
type test struct {
	columns []string
	sql     func(*where) string
}

// A way finds, through an index, the ids of all tasks that meet a condition,
// and perhaps of more or some of them twice.
type way struct {
	ids   func(*where) string
	exact bool // of no more, and each once
}

// through is the way through the index to the tasks of which the term holds.
// The index is named, since a planner would go by how often a value comes on
// average.
func (s *selection) through(index string, term func(*where) string) way {
	return way{func(w *where) string { return "select id from tasks" + s.d.use(index) + " where " + term(w) }, true}
}

// plain is a term without arguments.
func plain(sql string) func(*where) string { return func(*where) string { return sql } }

// selection folds the filter. The transaction's clock tells which leases have
// run out.
func (tx *Tx) selection(f TaskFilter) (*selection, error) {
	s := &selection{d: tx.db.d, sort: f.Sort, descending: f.Descending, after: f.After, statuses: plan.TaskStatuses(),
		ids: everything, priorities: everything, times: map[string]ranges{}, words: f.Words}
	s.terms = len(f.Terms) + len(f.NotWords)
	for _, given := range []bool{!f.Under.IsZero(), len(f.Statuses) > 0, len(f.AgentTypes) > 0, len(f.Agents) > 0, f.MaxPriority > 0, f.Ready} {
		if given {
			s.terms++
		}
	}
	if !f.Under.IsZero() {
		s.ids = underAny([]plan.Key{f.Under})
	}
	if len(f.Statuses) > 0 {
		s.keepStatuses(f.Statuses)
	}
	if len(f.AgentTypes) > 0 {
		s.keepNames(&s.types, f.AgentTypes)
	}
	if len(f.Agents) > 0 {
		s.keepNames(&s.agents, f.Agents)
	}
	if f.MaxPriority > 0 {
		s.priorities = ranges{{math.MinInt64, int64(f.MaxPriority)}}
	}
	terms := f.Terms
	if f.Ready {
		terms = append(slices.Clone(terms), query.Term{Field: query.Is, Words: []string{query.Ready}})
	}
	for _, t := range terms {
		if err := s.add(t, tx.Now); err != nil {
			return nil, err
		}
	}
	for _, words := range f.NotWords {
		s.tests = append(s.tests, test{nil, func(w *where) string { return "t.id not in (" + wordsQuery(tx.db.d.search, words)(w) + ")" }})
	}
	if len(s.priorities) == 1 && s.priorities[0].from <= plan.MinPriority && s.priorities[0].to >= plan.MaxPriority {
		s.priorities = everything
	}
	s.empty = len(s.statuses) == 0 || len(s.ids) == 0 || len(s.priorities) == 0 || s.types != nil && len(s.types) == 0 || s.agents != nil && len(s.agents) == 0
	for _, r := range s.times {
		s.empty = s.empty || len(r) == 0
	}
	if !s.empty {
		s.addWays()
	}
	return s, nil
}

func (s *selection) keepStatuses(only []plan.TaskStatus) {
	s.statuses = slices.DeleteFunc(s.statuses, func(x plan.TaskStatus) bool { return !slices.Contains(only, x) })
}

// keepNames narrows a set of names, where nil means any.
func (s *selection) keepNames(names *[]string, only []string) {
	kept := []string{}
	for _, n := range only {
		if (*names == nil || slices.Contains(*names, n)) && !slices.Contains(kept, n) {
			kept = append(kept, n)
		}
	}
	*names = kept
}

// timeColumns are the columns of the fields of times.
var timeColumns = map[query.Field]string{query.Created: "created_at", query.Updated: "updated_at", query.Started: "started_at", query.Completed: "completed_at"}

// add folds one term in.
func (s *selection) add(t query.Term, now func() (time.Time, error)) error {
	switch t.Field {
	case query.Status:
		var only []plan.TaskStatus
		for _, st := range plan.TaskStatuses() {
			if slices.Contains(t.Words, string(st)) != t.Not {
				only = append(only, st)
			}
		}
		s.keepStatuses(only)
	case query.Type:
		s.addNames(t, &s.types, "agent_type")
	case query.Agent:
		s.addNames(t, &s.agents, "assigned_agent")
	case query.Priority:
		var of ranges
		for _, r := range t.Priorities {
			of = append(of, interval{int64(r.From), int64(r.To)})
		}
		// Within what a priority can be, so that "all but these" has ends.
		s.priorities = s.priorities.and(orNot(of, t.Not)).and(ranges{{plan.MinPriority, plan.MaxPriority}})
	case query.Key, query.Epic, query.Feature:
		s.ids = s.ids.and(orNot(underAny(t.Keys), t.Not))
	case query.Created, query.Updated, query.Started, query.Completed:
		s.addTimes(t)
	case query.DependsOn:
		s.addEdges(t, "task_id", "depends_on_id")
	case query.NeededBy:
		s.addEdges(t, "depends_on_id", "task_id")
	case query.Has:
		s.addHas(t)
	case query.Is:
		return s.addIs(t, now)
	default:
		return plan.Errorf(plan.Internal, "no list is filtered by %q", t.Field)
	}
	return nil
}

// underAny returns the ids of what the keys name and of all that lies under it.
func underAny(keys []plan.Key) ranges {
	var of ranges
	for _, k := range keys {
		first, last := k.Range()
		of = append(of, interval{first, last})
	}
	return union(of)
}

func orNot(of ranges, not bool) ranges {
	of = union(of)
	if not {
		return of.not()
	}
	return of
}

// addNames folds in a term of a column of names, where a task without one has
// none of them.
func (s *selection) addNames(t query.Term, names *[]string, column string) {
	if !t.Not {
		s.keepNames(names, t.Words)
		return
	}
	s.tests = append(s.tests, test{[]string{column}, func(w *where) string {
		return "coalesce(" + column + ", '') not in (" + w.list(t.Words) + ")"
	}})
}

func (s *selection) addTimes(t query.Term) {
	column := timeColumns[t.Field]
	var of ranges
	for _, span := range t.Times {
		i := everything[0]
		if !span.From.IsZero() {
			i.from = span.From.UnixMilli()
		}
		if !span.To.IsZero() {
			i.to = span.To.UnixMilli() - 1
		}
		of = append(of, i)
	}
	of = orNot(of, t.Not)
	if t.Not && (t.Field == query.Started || t.Field == query.Completed) {
		// What never happened did not happen then.
		s.tests = append(s.tests, test{[]string{column}, func(w *where) string {
			if len(of) == 0 {
				return column + " is null"
			}
			return "(" + column + " is null or " + of.term(w, column, timeValue) + ")"
		}})
		return
	}
	if has, is := s.times[column]; is {
		of = of.and(has)
	}
	s.times[column] = of
}

// addEdges adds a term about dependencies: of the tasks in the column end,
// the one in the column task is listed.
func (s *selection) addEdges(t query.Term, task, end string) {
	ids := make([]int64, len(t.Keys))
	for i, k := range t.Keys {
		ids[i] = k.Ordinal()
	}
	s.tests = append(s.tests, test{nil, func(w *where) string {
		return not(t.Not) + exists("task_dependencies d where d."+task+" = t.id and d."+end+" in ("+list64(w, ids)+")")
	}})
	if !t.Not {
		s.ways = append(s.ways, way{func(w *where) string {
			return "select " + task + " from task_dependencies where " + end + " in (" + list64(w, ids) + ")"
		}, len(ids) == 1})
	}
}

// exists is "exists (select 1 from rest)" in a form that no planner turns into
// a join, which would lose the order of the rows that are tested.
func exists(rest string) string {
	return "(coalesce((select 1 from " + rest + " limit 1), 0) = 1)"
}

func not(is bool) string {
	if is {
		return "not "
	}
	return ""
}

// parts are the words of has: what says it of a row, the columns that this
// reads, and a select of the ids, if another table than tasks knows them.
var parts = map[string]struct {
	columns []string
	sql     string
	ids     string
}{
	query.Notes:        {nil, exists("task_notes n where n.task_id = t.id"), "select task_id from task_notes"},
	query.Dependencies: {nil, exists("task_dependencies d where d.task_id = t.id"), "select task_id from task_dependencies"},
	query.OfType:       {[]string{"agent_type"}, "agent_type is not null", ""},
	query.Assigned:     {[]string{"assigned_agent"}, "assigned_agent is not null", ""},
	query.Description:  {[]string{"description"}, "description <> ''", ""},
	query.File:         {[]string{"file_path"}, "file_path is not null", ""},
}

func (s *selection) addHas(t query.Term) {
	var any test
	var terms []string
	for _, word := range t.Words {
		p := parts[word]
		any.columns = append(any.columns, p.columns...)
		terms = append(terms, p.sql)
	}
	any.sql = plain(not(t.Not) + "(" + strings.Join(terms, " or ") + ")")
	s.tests = append(s.tests, any)
	if len(t.Words) > 1 {
		return
	}
	switch word := t.Words[0]; {
	case word == query.OfType && t.Not:
		s.ways = append(s.ways, s.through("idx_tasks_agent_type", plain("agent_type is null")))
	case t.Not:
	case word == query.OfType:
		s.ways = append(s.ways, s.through("idx_tasks_agent_type", plain(parts[word].sql)))
	case word == query.Assigned:
		s.ways = append(s.ways, s.through("idx_tasks_assigned_agent", plain(parts[word].sql)))
	case parts[word].ids != "":
		s.ways = append(s.ways, way{ids: plain(parts[word].ids)})
	}
}

// A state is a word of is: the statuses it can have, and what else must hold
// of the row.
type state struct {
	statuses []plan.TaskStatus
	columns  []string
	sql      func(*where) string // nil: nothing else
	index    string              // the one of these tasks
	way      func(*where) string // the whole condition, as the index has it
}

func stateOf(word string, now time.Time) state {
	switch word {
	case query.Open:
		return state{statuses: []plan.TaskStatus{plan.Todo, plan.InProgress, plan.Blocked, plan.ReadyForReview}}
	case query.Done:
		return state{statuses: []plan.TaskStatus{plan.Completed, plan.Archived}}
	case query.Held:
		return state{statuses: []plan.TaskStatus{plan.InProgress}}
	case query.Blocked:
		return state{statuses: []plan.TaskStatus{plan.Blocked}}
	case query.Review:
		return state{statuses: []plan.TaskStatus{plan.ReadyForReview}}
	case query.Ready:
		return state{[]plan.TaskStatus{plan.Todo}, []string{"open_dependencies", "offered"}, plain("open_dependencies = 0 and offered = 1"), "idx_tasks_ready", plain(readyTerms)}
	case query.Waiting:
		return state{[]plan.TaskStatus{plan.Todo}, []string{"open_dependencies"}, plain("open_dependencies > 0"), "idx_tasks_waiting", plain("status = 'todo' and open_dependencies > 0")}
	}
	ran := func(w *where) string { return "lease_until is not null and lease_until <= " + w.arg(stamp{&now}) }
	held := func(w *where) string { return ran(w) + " and status = 'in_progress'" }
	return state{[]plan.TaskStatus{plan.InProgress}, []string{"lease_until"}, ran, "idx_tasks_lease_until", held}
}

func (s *selection) addIs(t query.Term, clock func() (time.Time, error)) error {
	var now time.Time
	if slices.Contains(t.Words, query.Expired) {
		var err error
		if now, err = clock(); err != nil {
			return err
		}
	}
	var possible []plan.TaskStatus
	var states []state
	var columns []string
	pure := true
	for _, word := range t.Words {
		st := stateOf(word, now)
		states = append(states, st)
		possible = append(possible, st.statuses...)
		columns = append(columns, st.columns...)
		pure = pure && st.sql == nil
	}
	if pure || !t.Not {
		s.keepStatuses(slices.DeleteFunc(plan.TaskStatuses(), func(x plan.TaskStatus) bool { return slices.Contains(possible, x) == t.Not }))
	}
	if pure {
		return nil
	}
	if len(states) == 1 && !t.Not {
		s.tests = append(s.tests, test{columns, states[0].sql})
		s.ways = append(s.ways, s.through(states[0].index, states[0].way))
		return nil
	}
	s.terms++ // the set of statuses is not all there is to it
	s.tests = append(s.tests, test{append(columns, "status"), func(w *where) string {
		terms := make([]string, len(states))
		for i, st := range states {
			terms[i] = "status in (" + w.list(words(st.statuses)) + ")"
			if st.sql != nil {
				terms[i] += " and " + st.sql(w)
			}
		}
		return not(t.Not) + "(" + strings.Join(terms, " or ") + ")"
	}})
	return nil
}

// maxStretches bounds the stretches of ids that are collected, since an
// engine takes only so many selects in one.
const maxStretches = 100

// addWays adds the ways to what is folded into sets.
func (s *selection) addWays() {
	add := func(index string, term func(*where) string) { s.ways = append(s.ways, s.through(index, term)) }
	if len(s.statuses) < len(plan.TaskStatuses()) {
		add("idx_tasks_status", s.ofStatuses)
	}
	if len(s.types) > 0 {
		add("idx_tasks_agent_type", func(w *where) string { return "agent_type in (" + w.list(s.types) + ")" })
	}
	if len(s.agents) > 0 {
		add("idx_tasks_assigned_agent", func(w *where) string { return "assigned_agent in (" + w.list(s.agents) + ")" })
	}
	if !s.ids.all() && len(s.ids) <= maxStretches {
		s.ways = append(s.ways, way{func(w *where) string {
			// Not with "or", for which SQLite may take a whole index instead.
			parts := make([]string, len(s.ids))
			for i, one := range s.ids {
				parts[i] = "select id from tasks where " + ranges{one}.term(w, "id", numberValue)
			}
			return strings.Join(parts, " union all ")
		}, true})
	}
	if !s.priorities.all() {
		add("idx_tasks_status_priority", func(w *where) string {
			var each []int64
			for n := int64(plan.MinPriority); n <= plan.MaxPriority; n++ {
				if len(s.priorities.and(ranges{{n, n}})) > 0 {
					each = append(each, n)
				}
			}
			return s.ofStatuses(w) + " and priority in (" + list64(w, each) + ")"
		})
	}
	for _, column := range []string{"created_at", "updated_at", "started_at", "completed_at"} {
		r, is := s.times[column]
		hull, index, ofStatuses := r.hull(), "idx_tasks_"+column, column == "created_at" || column == "updated_at"
		if ofStatuses {
			index = "idx_tasks_status_" + column
		}
		if !is || len(r) == 0 || ofStatuses && hull.all() {
			continue
		}
		add(index, func(w *where) string {
			switch {
			case ofStatuses:
				return s.ofStatuses(w) + " and " + hull.term(w, column, timeValue)
			case hull.all():
				return column + " is not null"
			}
			return hull.term(w, column, timeValue)
		})
		s.ways[len(s.ways)-1].exact = len(r) == 1
	}
}

// ofStatuses is the term that lets an index with the status in front serve
// what is behind it.
func (s *selection) ofStatuses(w *where) string {
	return "status in (" + w.list(words(s.statuses)) + ")"
}

func words[T ~string](of []T) []string {
	out := make([]string, len(of))
	for i, w := range of {
		out[i] = string(w)
	}
	return out
}

// list adds the values and returns their placeholders.
func (w *where) list(values []string) string {
	from := len(w.args) + 1
	for _, v := range values {
		w.arg(v)
	}
	return placeholders(from, len(values))
}

func list64(w *where, values []int64) string {
	from := len(w.args) + 1
	for _, v := range values {
		w.arg(v)
	}
	return placeholders(from, len(values))
}

// wordsQuery selects the ids of the tasks whose title and description hold
// all the words.
func wordsQuery(s searcher, words []Word) func(*where) string {
	return func(w *where) string {
		return "select s." + s.id + " from task_search s where " + s.matches("task_search", "s", w.arg(s.inRow(words)))
	}
}
