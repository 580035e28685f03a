package store

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"pm/internal/plan"
)

// A way finds, through an index, all tasks that meet a condition, and perhaps
// of those that do not some more, or one of them twice.
type way struct {
	index string                // empty: another table's
	wide  string                // another index for the same terms, which holds more columns; may be empty
	terms []func(*where) string // the condition, as the index has it: any of these, which exclude each other
	ids   func(*where) string   // instead of the terms: a select of the ids
	exact bool                  // it finds no more, and each once
	sees  []string              // the columns that need no test, as with a base
	dates bool                  // its terms compare days and moments, each in their way
	reads bool                  // its terms look at rows

	beside []way // that find the rest: few, through other indexes

	statuses []plan.TaskStatus // all that it finds can have; nil: any

	front stream              // what its index has in front, the same for all that it finds
	by    string              // the text that the index has behind that, and then the ids; empty: another
	rest  func(*where) string // of the terms, what does not follow from that text; may be nil

	branches [][]way // instead: the ways to each alternative of a group, of which one is taken

	count, upTo int // how much it finds, as far as it was counted; see counter
}

// through is the way through the index to the tasks of which one of the terms
// holds. The index is named, since a planner would go by how often a value
// comes on average.
func through(index string, terms ...func(*where) string) way {
	return way{index: index, terms: terms, exact: true}
}

// lookup is how much longer it takes to go from an index to a row than to go
// on in an index.
const lookup = 10

// nearby is how much longer it takes to find a row of another table in an index
// that holds all that is asked for.
const nearby = 3

// probed is how much longer it takes to ask the index of words about one row.
const probed = 40

// dated is how much longer it takes to count what is compared as a date.
const dated = 5

// cost is how much a row costs of which the columns are needed.
func (y way) cost(columns []string) int {
	if y.terms != nil && !y.reads && (holds(y.index, columns) || y.wide != "" && holds(y.wide, columns)) {
		return 1
	}
	return lookup
}

// rows selects the columns of what the way finds.
func (y way) rows(w *where, d *engine, columns []string) string {
	from := "select " + strings.Join(columns, ", ") + " from tasks"
	if y.terms == nil {
		return from + " where id in (" + y.ids(w) + ")"
	}
	index := y.index
	if y.wide != "" && !holds(index, columns) {
		index = y.wide
	}
	// Not with "or", for which SQLite may take a whole index instead.
	parts := make([]string, len(y.terms))
	for i, term := range y.terms {
		parts[i] = from + d.Use(index) + " where " + term(w)
	}
	for _, other := range y.beside {
		parts = append(parts, other.rows(w, d, columns))
	}
	return strings.Join(parts, " union all ")
}

// onlyIDs selects the ids of what the way finds.
func (y way) onlyIDs(w *where, d *engine) string {
	if y.terms == nil {
		return y.ids(w)
	}
	return y.rows(w, d, []string{"id"})
}

// maxStretches bounds the stretches of ids that are collected.
const maxStretches = 20

// haveBy are the indexes of those that have a column, where it has two: the one
// that holds more.
var haveBy = map[string]string{"assignee": "idx_tasks_assignee_id"}

// within is the way without those beside it, and itself, that find no task with one
// of the statuses.
func (y way) within(statuses []plan.TaskStatus) way {
	all := append([]way{y}, y.beside...)
	all[0].beside = nil
	some := slices.DeleteFunc(all, func(one way) bool {
		return one.statuses != nil && !slices.ContainsFunc(one.statuses, func(st plan.TaskStatus) bool { return slices.Contains(statuses, st) })
	})
	if len(some) == 0 {
		return y
	}
	one := some[0]
	one.exact, one.sees, one.beside = y.exact, y.sees, some[1:]
	return one
}

// addWays adds the ways to what is folded into sets.
func (s *selection) addWays() {
	for i, y := range s.ways {
		s.ways[i] = y.within(s.statuses)
	}
	add := func(y way, sees ...string) {
		y.sees = sees
		s.ways = append(s.ways, y)
	}
	if len(s.statuses) < len(plan.TaskStatuses()) {
		y := through("idx_tasks_status", s.ofStatuses)
		y.wide = "idx_tasks_status_updated_at"
		add(y, "status")
	}
	if len(s.types) > 0 {
		add(through("idx_tasks_agent_type", func(w *where) string { return "agent_type in (" + listed(w, s.types) + ")" }), "agent_type")
	}
	if len(s.kinds) > 0 {
		add(through("idx_tasks_kind", func(w *where) string { return "kind in (" + listed(w, s.kinds) + ")" }), "kind")
	}
	if len(s.stages) > 0 {
		some, server := len(s.statuses) < len(plan.TaskStatuses()), s.d.IndexedBy == ""
		// A server takes a column from an index alone, but nothing else. Of one status it
		// would pass over all others that way: their rows are more than those that it reads.
		reads := server && len(s.statuses) == 1
		y := through("idx_tasks_stage", func(w *where) string {
			in := "stage is not null and stage in (" + listed(w, s.stages) + ")"
			if some && (reads || !server) {
				in += " and " + stagedAs + " in (" + stagedIn(s.statuses) + ")"
			}
			if some && server {
				in += " and " + s.ofStatuses(w)
			}
			return in
		})
		y.reads = reads
		add(y, "stage")
	}
	if len(s.agents) > 0 {
		add(through("idx_tasks_assigned_agent", func(w *where) string { return "assigned_agent in (" + listed(w, s.agents) + ") and " + s.ofStatuses(w) }), "assigned_agent", "status")
	}
	if !s.ids.all() && len(s.ids) <= maxStretches {
		add(s.throughFeatures(), "id")
	}
	if !s.priorities.all() {
		add(through("idx_tasks_status_priority", func(w *where) string {
			var each []int64
			for n := int64(plan.MinPriority); n <= plan.MaxPriority; n++ {
				if len(s.priorities.and(ranges{{n, n}})) > 0 {
					each = append(each, n)
				}
			}
			return s.ofStatuses(w) + " and priority in (" + listed(w, each) + ")"
		}), "priority", "status")
	}
	if s.file != anyOf || s.described != anyOf {
		add(through("idx_tasks_has", func(*where) string {
			return hasFile + " in (" + s.file.values() + ") and " + isDescribed + " in (" + s.described.values() + ")"
		}), "has")
	}
	for _, column := range lacking {
		if s.has(column) == with {
			y := through(cmp.Or(haveBy[column], "idx_tasks_"+column), plain(column+" is not null"))
			if column == "assignee" { // days are too many
				y.by = column
			}
			add(y, "with "+column)
		}
	}
	s.addTimeWays()
	if s.text != nil {
		some := s.text.found / 2 // at least
		add(way{ids: s.withText, exact: true, count: some, upTo: some}, "text")
	}
}

func (s *selection) addTimeWays() {
	for _, column := range []string{"created_at", "updated_at", "started_at", "completed_at", "blocked_at", "not_before"} {
		r, is := s.times[column]
		hull, index, ofStatuses := r.hull(), "idx_tasks_"+column, column == "created_at" || column == "updated_at"
		if ofStatuses {
			index = "idx_tasks_status_" + column
		}
		if !is || len(r) == 0 || ofStatuses && hull.all() {
			continue
		}
		y := through(index, func(w *where) string {
			switch {
			case ofStatuses:
				return s.ofStatuses(w) + " and " + hull.term(w, column, timeValue)
			case hull.all():
				return column + " is not null"
			case column == "not_before":
				return "not_before is not null and deferred in (0, 1) and " + hull.term(w, column, timeValue)
			}
			return hull.term(w, column, timeValue)
		})
		if y.exact = len(r) == 1; y.exact {
			y.sees = append(y.sees, column)
		}
		if ofStatuses {
			y.sees = append(y.sees, "status")
		}
		s.ways = append(s.ways, y)
	}
}

// throughFeatures is the way to the stretches of ids asked for, through an
// index with the feature in front.
func (s *selection) throughFeatures() way {
	y := through("idx_tasks_feature_id")
	for _, one := range s.ids {
		features := interval{math.MinInt64, one.to}
		if one.from > 0 {
			features.from = plan.KeyOf(one.from).FeatureKey().Ordinal()
		}
		y.terms = append(y.terms, func(w *where) string {
			term := ranges{features}.term(w, "feature_id", numberValue)
			if one.isFeatures() {
				return term
			}
			return term + " and " + ranges{one}.term(w, "id", numberValue)
		})
	}
	return y
}

// isFeatures reports whether a stretch of ids is that of features or epics,
// whole.
func (i interval) isFeatures() bool {
	return (i.from <= 0 || plan.KeyOf(i.from).Task == 0) && (i.to == math.MaxInt64 || plan.KeyOf(i.to).Task == plan.MaxTask)
}

// ofStatuses is the term that lets an index with the status in front serve
// what is behind it.
func (s *selection) ofStatuses(w *where) string {
	return "status in (" + listed(w, words(s.statuses)) + ")"
}

func words[T ~string](of []T) []string {
	out := make([]string, len(of))
	for i, w := range of {
		out[i] = string(w)
	}
	return out
}

// withText selects the ids of the tasks that have all the words asked for.
func (s *selection) withText(w *where) string { return wordsQuery(s.d.search, *s.text)(w) }

// wordEntries are the tasks that have all the words asked for.
func (s *selection) wordEntries() entries {
	d := s.d.search
	return entries{name: "text", table: "task_search", id: d.id, found: d.found(s.text.rare), terms: func(w *where) string {
		return d.matches("task_search", "s", w.arg(s.text.expr))
	}}
}

// wordsQuery selects the ids of the tasks that have all the words.
func wordsQuery(s searcher, q textQuery) func(*where) string {
	return func(w *where) string {
		return "select s." + s.id + " from task_search s where " + s.matches("task_search", "s", w.arg(q.expr))
	}
}

// hasText says of one row that it has all the words.
func hasText(s searcher, q textQuery) func(*where) string {
	return func(w *where) string {
		return exists("task_search s where s." + s.id + " = t.id and " + s.matches("task_search", "s", w.arg(q.expr)))
	}
}
