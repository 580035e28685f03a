package store

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"pm/internal/plan"
	"pm/internal/query"
)

// A selection is what a filter amounts to: its conditions folded into sets,
// one per column, and what cannot be folded as tests of a row.
type selection struct {
	d          *engine
	sort       Sort
	descending bool
	then       Sort // empty: by key
	reversed   bool // the order that is then meant
	after      *plan.Task

	statuses      []plan.TaskStatus // the only ones
	types, agents []string          // nil: any
	kinds         []string          // nil: any; none of them plan.DefaultKind
	stages        []string          // nil: any
	line          plan.Line         // of a list in the order of the stages
	own           owns              // of one in the order of a field of the project's own
	ids           ranges
	priorities    ranges
	times         map[string]ranges                // by column; not there: any
	hulls         map[string][]func(*where) string // of due and estimate: stretches that hold what is asked for
	file          choice
	described     choice
	lacked        map[string]choice // of the columns that a task may lack; not there: any
	text          *textQuery        // words in the texts; nil: any
	asSet         bool              // the tasks with common words are collected for a test, and not asked one by one

	tests    []test
	ways     []way
	bases    []base                // for a list by key
	valued   []func(*where) string // of an order by an own field: what must hold of its value, under the alias v
	now      time.Time             // where a term asks what is the case now
	ready    bool                  // only what is ready is asked for
	hasValue string                // of an order by an own field: the name of the test that there is a value
	terms    int                   // how many conditions the filter has
	empty    bool                  // some of them leave nothing over
}

// A test says of a row, under the alias t, whether a condition holds. It reads
// the columns beside the id.
type test struct {
	columns []string
	light   bool            // it reads no columns of this one, or alternatives, but is quick
	heavy   bool            // it looks into another table beside, which is not quick
	near    bool            // it looks into another table, once, at an index only
	probe   bool            // it asks the index of words about this one row
	of      plan.TaskStatus // it says something of tasks of this status only; empty: of all
	name    string          // by which a way says that what it finds needs no such test; may be empty
	sql     func(*where) string
}

// plain is a term without arguments.
func plain(sql string) func(*where) string { return func(*where) string { return sql } }

// selection folds the filter. The transaction's clock tells which leases have
// run out.
func (tx *Tx) selection(f TaskFilter) (*selection, error) {
	s := tx.everything()
	s.sort, s.descending, s.then, s.reversed, s.after, s.own = f.Sort, f.Descending, f.Then, f.ThenDescending, f.After, f.own
	maps.Copy(s.lacked, f.lacked)
	s.terms = len(f.Terms) + len(f.NotWords) + 2*len(f.Groups) // each is more than a way tells
	for _, given := range []bool{!f.Under.IsZero(), len(f.Statuses) > 0, len(f.AgentTypes) > 0, len(f.Agents) > 0, f.Session != nil, f.MaxPriority > 0, f.Ready, len(f.Words) > 0} {
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
	if f.Session != nil {
		s.tests = append(s.tests, test{columns: []string{"session"}, sql: func(w *where) string { return "coalesce(session, '') = " + w.arg(*f.Session) }})
	}
	if f.MaxPriority > 0 {
		s.priorities = ranges{{math.MinInt64, int64(f.MaxPriority)}}
	}
	if s.terms += len(f.lacked); f.lacked[f.Sort.lacked()] == without {
		s.sort = ByKey
	}
	for _, v := range f.same {
		s.addSame(v)
	}
	c := f.Condition
	if f.Ready {
		c.Terms = append(slices.Clone(c.Terms), query.Term{Field: query.Is, Words: []string{query.Ready}})
	}
	return s, tx.addCondition(s, c)
}

// everything is the selection of all tasks.
func (tx *Tx) everything() *selection {
	return &selection{d: tx.engine, statuses: plan.TaskStatuses(), ids: everything, priorities: everything, times: map[string]ranges{}, hulls: map[string][]func(*where) string{}, file: anyOf, described: anyOf, lacked: map[string]choice{}}
}

// addCondition folds a condition in, and finds the ways to what is selected.
func (tx *Tx) addCondition(s *selection, c Condition) error {
	for _, t := range c.Terms {
		if err := s.add(t, tx); err != nil {
			return err
		}
	}
	if err := tx.addTexts(s, c); err != nil {
		return err
	}
	for _, g := range c.Groups {
		if err := tx.addGroup(s, g); err != nil {
			return err
		}
	}
	if len(s.priorities) == 1 && s.priorities[0].from <= plan.MinPriority && s.priorities[0].to >= plan.MaxPriority {
		s.priorities = everything
	}
	s.begun()
	s.ended()
	s.empty = s.empty || len(s.statuses) == 0 || len(s.ids) == 0 || len(s.priorities) == 0 || s.types != nil && len(s.types) == 0 || s.agents != nil && len(s.agents) == 0 || s.kinds != nil && len(s.kinds) == 0 || s.stages != nil && len(s.stages) == 0
	s.empty = s.empty || s.file == 0 || s.described == 0 || excluding(c.Terms)
	for _, c := range s.lacked {
		s.empty = s.empty || c == 0
	}
	for column, r := range s.times {
		s.empty = s.empty || len(r) == 0 || s.has(column) == without
	}
	for column := range s.hulls {
		s.empty = s.empty || s.has(column) == without
	}
	if !s.empty {
		s.addWays()
	}
	return nil
}

// addTexts folds in the words that must be in the texts of a task, and those
// that must not.
func (tx *Tx) addTexts(s *selection, f Condition) error {
	for _, words := range f.NotWords {
		q, err := tx.countedText(words)
		if err != nil {
			return err
		}
		s.tests = append(s.tests, s.textTest(q, "not "))
	}
	if len(f.Words) == 0 {
		return nil
	}
	counted := tx.countedText
	if s.terms == 1 && s.column() == "id" && tx.engine.search.sample == 0 { // nobody asks how many there are
		counted = func(words []Word) (textQuery, error) { return tx.textQuery("task_search", words) }
	}
	q, err := counted(f.Words)
	s.text = &q
	return err
}

// has returns whether tasks with a column or without are listed.
func (s *selection) has(column string) choice {
	if c, asked := s.lacked[column]; asked {
		return c
	}
	return anyOf
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
var timeColumns = map[query.Field]string{query.Created: "created_at", query.Updated: "updated_at", query.Started: "started_at", query.Completed: "completed_at", query.BlockedAt: "blocked_at", query.Defer: "not_before"}

// add folds one term in.
func (s *selection) add(t query.Term, tx *Tx) error {
	switch t.Field {
	case query.Status:
		s.addStatus(t)
	case query.Type:
		s.addNames(t, &s.types, "agent_type")
	case query.Agent:
		s.addNames(t, &s.agents, "assigned_agent")
	case query.Kind:
		s.addKind(t)
	case query.InStage:
		s.addStage(t)
	case query.Label:
		return tx.addLabel(s, t)
	case query.OwnLabel:
		s.addOwnLabel(t)
	case query.Resolution:
		s.addResolution(t)
	case query.InFile:
		s.addFile(t)
	case query.Ref:
		s.addRef(t)
	case query.Due:
		s.addDue(t)
	case query.Own:
		s.addOwn(t)
	case query.Estimate:
		s.addEstimate(t)
	case query.HeldBy:
		s.addHeldBy(t)
	case query.Assignee:
		s.addAssignee(t)
	case query.Priority:
		s.addPriority(t)
	case query.Key, query.Epic, query.Feature:
		s.ids = s.ids.and(orNot(underAny(t.Keys), t.Not))
	case query.Created, query.Updated, query.Started, query.Completed, query.BlockedAt, query.Defer:
		s.addTimes(t)
	case query.DependsOn:
		s.addEdges(t, "task_id", "depends_on_id")
	case query.NeededBy:
		s.addEdges(t, "depends_on_id", "task_id")
	case query.Has:
		s.addHas(t)
	case query.Is:
		return s.addIs(t, tx)
	default:
		return plan.Errorf(plan.Internal, "cannot filter a list by %q", t.Field)
	}
	return nil
}

func (s *selection) addStatus(t query.Term) {
	var only []plan.TaskStatus
	for _, st := range plan.TaskStatuses() {
		if slices.Contains(t.Words, string(st)) != t.Not {
			only = append(only, st)
		}
	}
	s.keepStatuses(only)
}

func (s *selection) addPriority(t query.Term) {
	var of ranges
	for _, r := range t.Priorities {
		of = append(of, interval{int64(r.From), int64(r.To)})
	}
	// Within what a priority can be, so that "all but these" has ends.
	s.priorities = s.priorities.and(orNot(of, t.Not)).and(ranges{{plan.MinPriority, plan.MaxPriority}})
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
	s.tests = append(s.tests, test{columns: []string{column}, sql: func(w *where) string {
		return "coalesce(" + column + ", '') not in (" + listed(w, t.Words) + ")"
	}})
}

// addHeldBy folds in who holds a task now, not who held it last.
func (s *selection) addHeldBy(t query.Term) {
	if !t.Not {
		s.keepNames(&s.agents, t.Words)
		s.keepStatuses([]plan.TaskStatus{plan.InProgress})
		s.terms++ // two conditions
		return
	}
	s.tests = append(s.tests, test{columns: []string{"status", "assigned_agent"}, sql: func(w *where) string {
		return "not (status = " + w.arg(string(plan.InProgress)) + " and coalesce(assigned_agent, '') in (" + listed(w, t.Words) + "))"
	}})
}

// addAssignee folds in whom a task is meant for, or who holds it now.
func (s *selection) addAssignee(t query.Term) {
	held := func(w *where) string {
		return "status = 'in_progress' and assigned_agent in (" + listed(w, t.Words) + ")"
	}
	name := "assignee " + strconv.Itoa(len(s.tests))
	s.tests = append(s.tests, test{name: name, columns: []string{"assignee", "status", "assigned_agent"}, sql: func(w *where) string {
		return not(t.Not) + "(coalesce(assignee, '') in (" + listed(w, t.Words) + ") or status = 'in_progress' and coalesce(assigned_agent, '') in (" + listed(w, t.Words) + "))"
	}})
	if t.Not {
		return
	}
	y := through("idx_tasks_assignee_id", func(w *where) string {
		return "assignee is not null and assignee in (" + listed(w, t.Words) + ")"
	})
	y.beside = []way{through("idx_tasks_assigned_agent", func(w *where) string {
		return "assigned_agent is not null and " + held(w) + " and coalesce(assignee, '') not in (" + listed(w, t.Words) + ")"
	})}
	s.ways = append(s.ways, y)
	if len(t.Words) == 1 {
		of := t.Words[0]
		s.bases = append(s.bases, base{index: "idx_tasks_assignee_id", only: "assignee is not null", streams: []stream{{{"assignee", of}}}, few: true, sees: []string{name},
			beside: []base{{index: "idx_tasks_assigned_agent", only: "assigned_agent is not null", streams: []stream{{{"assigned_agent", of}, {"status", string(plan.InProgress)}}},
				and: func(w *where) string { return "coalesce(assignee, '') <> " + w.arg(of) }}}})
	}
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
	if t.Field == query.BlockedAt && !t.Not {
		s.keepStatuses([]plan.TaskStatus{plan.Blocked}) // no other has that time
		s.terms++
	}
	if t.Not && t.Field != query.Created && t.Field != query.Updated {
		// What never happened did not happen then.
		s.tests = append(s.tests, test{columns: []string{column}, sql: func(w *where) string {
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
	s.tests = append(s.tests, test{sql: func(w *where) string {
		return not(t.Not) + exists("task_dependencies d where d."+task+" = t.id and d."+end+" in ("+listed(w, ids)+")")
	}})
	if !t.Not {
		s.ways = append(s.ways, way{exact: len(ids) == 1, ids: func(w *where) string {
			return "select " + task + " from task_dependencies where " + end + " in (" + listed(w, ids) + ")"
		}})
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
