package store

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/query"
)

// parts are the words of has: what says it of a row, the columns that this
// reads, and a select of the ids, if another table than tasks knows them.
var parts = map[string]struct {
	columns []string
	sql     string
	ids     string
}{
	query.Notes:        {nil, exists("notes n where n.item_id = t.id"), ofTasks("notes", "item_id")},
	query.Dependencies: {nil, exists("task_dependencies d where d.task_id = t.id"), ofTasks("task_dependencies", "task_id")},
	query.OfType:       {[]string{"agent_type"}, "agent_type is not null", ""},
	query.Assigned:     {[]string{"assigned_agent"}, "assigned_agent is not null", ""},
	query.Description:  {[]string{"description"}, isDescribed + " = 1", ""},
	query.File:         {[]string{"file_path"}, hasFile + " = 1", ""},
	query.Labels:       {nil, inheritedLabel(anyLabel)(nil), inheritedIDs(anyLabel)(nil)},
	query.Refs:         {nil, exists("refs r where r.item_id = t.id"), ofTasks("refs", "item_id")},
	query.Links: {nil, "(" + exists("links a where a.item_id = t.id") + " or " + exists("links a where a.to_id = t.id") + ")",
		fmt.Sprintf("select item_id from links where item_id %% %[1]d <> 0 union all select to_id from links where to_id %% %[1]d <> 0", plan.MaxTask+1)},
	query.DueDate:     {[]string{"due"}, "due is not null", ""},
	query.Estimated:   {[]string{"estimate"}, "estimate is not null", ""},
	query.DeferDate:   {[]string{"not_before"}, "not_before is not null", ""},
	query.ForSomebody: {[]string{"assignee"}, "assignee is not null", ""},
	query.Staged:      {[]string{"stage"}, "stage is not null", ""},
	query.Checklist:   {[]string{"checks"}, "coalesce(checks like '%\"items\":[{%', 1 = 0)", ""}, // an emptied one keeps its numbers
}

// ofTasks selects the ids of the tasks that rows of a table are of.
func ofTasks(table, id string) string {
	return fmt.Sprintf("select %[2]s from %[1]s where %[2]s %% %[3]d <> 0", table, id, plan.MaxTask+1)
}

// byKey are the tables of which an index has these ids in front, with its columns.
var byKey = map[string]entries{
	query.Notes:        {table: "notes", index: "idx_notes_item_id", id: "item_id"},
	query.Dependencies: {table: "task_dependencies", index: "idx_task_dependencies_task_id", id: "task_id"},
	query.Refs:         {table: "refs", index: "idx_refs_item_id", id: "item_id"},
}

// A choice is which of two kinds of tasks are listed: without something, with
// it, or both.
type choice int

const (
	without choice = 1
	with    choice = 2
	anyOf          = without | with
)

// narrow leaves those that have it, or with not those that have it not.
func (c *choice) narrow(not bool) {
	if not {
		*c &= without
		return
	}
	*c &= with
}

// each returns 0 for without and 1 for with, as idx_tasks_has has them.
func (c choice) each() (out []int) {
	if c&without != 0 {
		out = append(out, 0)
	}
	if c&with != 0 {
		out = append(out, 1)
	}
	return out
}

func (c choice) values() string { return map[choice]string{without: "0", with: "1", anyOf: "0, 1"}[c] }

func (s *selection) addHas(t query.Term) {
	if name, own := query.OwnName(t.Words[0]); own && len(t.Words) == 1 {
		s.addHasOwn(t.Not, name)
		return
	}
	if len(t.Words) == 1 && t.Words[0] == query.File {
		s.file.narrow(t.Not)
		return
	}
	if len(t.Words) == 1 && t.Words[0] == query.Description {
		s.described.narrow(t.Not)
		return
	}
	if column := lackedBy[t.Words[0]]; len(t.Words) == 1 && column != "" {
		c := s.has(column)
		c.narrow(t.Not)
		s.lacked[column] = c
		return
	}
	var any test
	var terms []string
	for _, word := range t.Words {
		p := parts[word]
		if name, own := query.OwnName(word); own {
			p.sql = exists("field_values v where v.item_id = t.id and v.field = '" + name + "'")
		}
		any.columns = append(any.columns, p.columns...)
		terms = append(terms, p.sql)
	}
	any.sql = plain(not(t.Not) + "(" + strings.Join(terms, " or ") + ")")
	s.tests = append(s.tests, any)
	if len(t.Words) > 1 {
		return
	}
	s.tests[len(s.tests)-1].near = t.Words[0] == query.Dependencies
	if of, is := byKey[t.Words[0]]; is && !t.Not && s.terms == 1 {
		of.name, of.each, of.terms = "has "+t.Words[0], true, plain(fmt.Sprintf("s.%s %% %d <> 0", of.id, plan.MaxTask+1))
		s.tests[len(s.tests)-1].name = of.name
		s.bases = append(s.bases, of.base())
	}
	switch word := t.Words[0]; {
	case word == query.OfType && t.Not:
		s.ways = append(s.ways, through("idx_tasks_agent_type", plain("agent_type is null")))
	case t.Not:
	case word == query.OfType:
		s.ways = append(s.ways, through("idx_tasks_agent_type", plain(parts[word].sql)))
	case word == query.Assigned:
		s.ways = append(s.ways, through("idx_tasks_assigned_agent", plain(parts[word].sql)))
	case parts[word].ids != "":
		s.ways = append(s.ways, way{ids: plain(parts[word].ids)})
	}
}

// A state is a word of is: the statuses it can have, and what else must hold
// of the row.
type state struct {
	statuses []plan.TaskStatus
	tests    []test // none: nothing else
	ways     []way  // one for each part of them, if any finds them
}

var (
	openStatuses  = []plan.TaskStatus{plan.Todo, plan.InProgress, plan.Blocked, plan.ReadyForReview}
	endedStatuses = []plan.TaskStatus{plan.Completed, plan.Archived}
)

func stateOf(word string, now time.Time, dates []query.DateSpan, rejections func(*where) string) state {
	switch word {
	case query.Open:
		return state{statuses: openStatuses}
	case query.Overdue:
		over := func(w *where) string { return "due is not null and " + inDates(w, dates) }
		y := through("idx_tasks_due", func(w *where) string {
			return hullOfDates(w, dates) + " and " + inDates(w, dates) + " and status in (" + listed(w, words(openStatuses)) + ")"
		})
		y.dates, y.by, y.statuses = true, "due", openStatuses
		y.rest = func(w *where) string { return "status in (" + listed(w, words(openStatuses)) + ")" }
		return state{openStatuses, []test{{columns: []string{"due"}, sql: over}}, []way{y}}
	case query.Done:
		return state{statuses: endedStatuses}
	case query.Held:
		return state{statuses: []plan.TaskStatus{plan.InProgress}}
	case query.Blocked:
		return state{statuses: []plan.TaskStatus{plan.Blocked}}
	case query.Review:
		return state{statuses: []plan.TaskStatus{plan.ReadyForReview}}
	case query.Ready:
		return state{[]plan.TaskStatus{plan.Todo, plan.InProgress}, []test{{columns: []string{"open_dependencies", "offered", "deferred", "not_before"}, sql: func(w *where) string {
			return "open_dependencies = 0 and offered = 1 and (deferred = 0 or not_before <= " + w.arg(db.Stamp(&now)) + ")"
		}}, {columns: []string{"status", "lease_until"}, of: plan.InProgress, sql: func(w *where) string {
			return "(status = 'todo' or lease_until is not null and lease_until <= " + w.arg(db.Stamp(&now)) + ")"
		}}}, readyWays(now)}
	case query.Deferred:
		until := func(w *where) string { return "deferred = 1 and not_before > " + w.arg(db.Stamp(&now)) }
		y := through("idx_tasks_not_before", func(w *where) string { return "not_before is not null and " + until(w) + " and status = 'todo'" })
		y.front, y.by, y.rest, y.statuses = stream{{"deferred", 1}}, "not_before", plain("status = 'todo'"), []plan.TaskStatus{plan.Todo}
		return state{y.statuses, []test{{columns: []string{"deferred", "not_before"}, sql: until}}, []way{y}}
	case query.Rejected:
		return rejected(rejections)
	case query.Waiting:
		return state{[]plan.TaskStatus{plan.Todo}, []test{{columns: []string{"open_dependencies"}, sql: plain("open_dependencies > 0")}},
			[]way{through("idx_tasks_waiting", plain("status = 'todo' and open_dependencies > 0"))}}
	}
	ran := func(w *where) string { return "lease_until is not null and lease_until <= " + w.arg(db.Stamp(&now)) }
	held := func(w *where) string { return ran(w) + " and status = 'in_progress'" }
	return state{[]plan.TaskStatus{plan.InProgress}, []test{{columns: []string{"lease_until"}, sql: ran}}, []way{through("idx_tasks_lease_until", held)}}
}

// readyWays are the ways to what is ready. What is held is, where its lease has run out.
func readyWays(now time.Time) []way {
	ways := []way{through("idx_tasks_ready", plain(readyTerms)), through("idx_tasks_assignee", plain(assignedReady)), through("idx_tasks_position", plain(movedReady)), through("idx_tasks_staged", plain(stagedTrade)),
		through("idx_tasks_not_before", func(w *where) string { return begunAt(w.arg(db.Stamp(&now))) + " and " + begunReady }),
		through("idx_tasks_lease_until", func(w *where) string { return expiredAt(w.arg(db.Stamp(&now))) })}
	for i := range ways {
		ways[i].statuses = []plan.TaskStatus{plan.Todo}
	}
	ways[len(ways)-1].statuses = []plan.TaskStatus{plan.InProgress}
	return ways
}

func (s *selection) addIs(t query.Term, tx *Tx) (err error) {
	if slices.ContainsFunc(t.Words, func(w string) bool { return w == query.Expired || w == query.Ready || w == query.Deferred }) {
		if s.now, err = tx.Now(); err != nil {
			return err
		}
	}
	var rejections func(*where) string
	if slices.Contains(t.Words, query.Rejected) {
		if rejections, err = tx.rejections(); err != nil {
			return err
		}
	}
	var possible []plan.TaskStatus
	var states []state
	var columns []string
	pure := true
	for _, word := range t.Words {
		st := stateOf(word, s.now, t.Dates, rejections)
		states = append(states, st)
		possible = append(possible, st.statuses...)
		columns = append(columns, columnsOf(st.tests)...)
		pure = pure && len(st.tests) == 0
	}
	if pure || !t.Not {
		s.keepStatuses(slices.DeleteFunc(plan.TaskStatuses(), func(x plan.TaskStatus) bool { return slices.Contains(possible, x) == t.Not }))
	}
	if pure {
		return nil
	}
	if len(states) == 1 && !t.Not {
		name := "is " + strconv.Itoa(len(s.tests))
		for _, t := range states[0].tests {
			t.name = name
			s.tests = append(s.tests, t)
		}
		both := states[0].ways[0]
		if t.Words[0] == query.Overdue {
			s.hulls["due"] = append(s.hulls["due"], func(w *where) string { return hullOfDates(w, t.Dates) })
		}
		both.sees, s.ready = []string{name}, s.ready || t.Words[0] == query.Ready
		both.beside = states[0].ways[1:]
		s.ways = append(s.ways, both)
		return nil
	}
	s.terms++ // the set of statuses is not all there is to it
	s.tests = append(s.tests, test{columns: append(columns, "status"), sql: func(w *where) string {
		terms := make([]string, len(states))
		for i, st := range states {
			terms[i] = "status in (" + listed(w, words(st.statuses)) + ")"
			for _, t := range st.tests {
				terms[i] += " and " + t.sql(w)
			}
		}
		return not(t.Not) + "(" + strings.Join(terms, " or ") + ")"
	}})
	return nil
}
