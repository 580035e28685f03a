package store

import (
	"strings"

	"pm/internal/plan"
)

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
	return way{func(w *where) string { return "select id from tasks" + s.d.Use(index) + " where " + term(w) }, true}
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
		add("idx_tasks_agent_type", func(w *where) string { return "agent_type in (" + listed(w, s.types) + ")" })
	}
	if len(s.agents) > 0 {
		add("idx_tasks_assigned_agent", func(w *where) string { return "assigned_agent in (" + listed(w, s.agents) + ")" })
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
			return s.ofStatuses(w) + " and priority in (" + listed(w, each) + ")"
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
	return "status in (" + listed(w, words(s.statuses)) + ")"
}

func words[T ~string](of []T) []string {
	out := make([]string, len(of))
	for i, w := range of {
		out[i] = string(w)
	}
	return out
}

// wordsQuery selects the ids of the tasks whose title and description hold
// all the words.
func wordsQuery(s searcher, words []Word) func(*where) string {
	return func(w *where) string {
		return "select s." + s.id + " from task_search s where " + s.matches("task_search", "s", w.arg(s.all(words)))
	}
}
