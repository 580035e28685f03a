package store

import (
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
	spread   bool                // its streams differ in their last value, and may be many
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
	each         bool   // a task has several, and is given once; then no more than the id is known
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

// An expression is a value that stands in the statement, not beside it.
type expression string

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
		b := base{index: "idx_tasks_" + column, only: column + " is not null", sees: []string{"with " + column}}
		if hulls := s.hulls[column]; len(hulls) > 0 {
			b.and = allTerms(hulls)
		}
		return b
	case column != "id":
		return base{index: "idx_tasks_status_" + column, streams: s.statusStreams(nil), sees: []string{"status"}}
	case s.text != nil && !s.asksEach():
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

// allTerms is the term that all of these hold.
func allTerms(of []func(*where) string) func(*where) string {
	return func(w *where) string {
		terms := make([]string, len(of))
		for i, term := range of {
			terms[i] = term(w)
		}
		return strings.Join(terms, " and ")
	}
}

// asksEach reports whether a list by key goes through what matches the other terms,
// and asks of each task whether it has the words. Where these are common, a server
// would read a dozen texts for each task that has them, and then its row.
func (s *selection) asksEach() bool {
	return s.text.found > 0 && s.text.whole && s.terms > 1
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
