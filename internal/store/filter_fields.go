package store

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pm/internal/plan"
	"pm/internal/query"
)

// addKind folds in a term of kinds, where a task without one is of the usual kind.
func (s *selection) addKind(t query.Term) {
	if !t.Not && !slices.Contains(t.Words, plan.DefaultKind) {
		s.keepNames(&s.kinds, t.Words)
		return
	}
	s.tests = append(s.tests, test{columns: []string{"kind"}, sql: func(w *where) string {
		return not(t.Not) + "(coalesce(kind, '" + plan.DefaultKind + "') in (" + listed(w, t.Words) + "))"
	}})
}

// addStage folds in a term of stages, where what is in none is in none of them.
func (s *selection) addStage(t query.Term) { s.addNames(t, &s.stages, "stage") }

// addRef folds in a term of references: of one, or of all of a source.
func (s *selection) addRef(t query.Term) {
	terms := func(w *where) string {
		each := make([]string, len(t.Words))
		for i, word := range t.Words {
			ref := plan.FoldRef(word)
			each[i] = "r.folded = " + w.arg(ref) + " or r.folded > " + w.arg(ref+":") + " and r.folded < " + w.arg(ref+";") // what follows the colon
		}
		return "(" + strings.Join(each, " or ") + ")"
	}
	s.tests = append(s.tests, test{sql: func(w *where) string {
		return not(t.Not) + exists("refs r where r.item_id = t.id and "+terms(w))
	}})
	if !t.Not {
		s.ways = append(s.ways, way{ids: func(w *where) string {
			return fmt.Sprintf("select r.item_id from refs r where %s and r.item_id %% %d <> 0", terms(w), plan.MaxTask+1)
		}})
	}
}

// addResolution folds in a term of resolutions, which rows hold only where they
// are not what follows from the status. Imported tasks can be completed and have
// another one than done.
func (s *selection) addResolution(t query.Term) {
	if !t.Not {
		s.keepStatuses(endedStatuses)
		s.terms++ // the set of statuses is not all there is to it
	}
	name := "resolution " + strconv.Itoa(len(s.tests))
	s.tests = append(s.tests, test{name: name, columns: resolutionColumns, sql: func(w *where) string {
		return not(t.Not) + "(status in ('completed', 'archived') and " + endedAs + " in (" + listed(w, t.Words) + "))"
	}})
	if !t.Not && !slices.Contains(t.Words, string(plan.ResolvedDone)) {
		if len(t.Words) == 1 {
			s.bases = append(s.bases, base{index: "idx_tasks_resolution", only: notDone, few: true, streams: []stream{{{resolved, t.Words[0]}}}, statuses: endedStatuses, sees: []string{name}})
		}
		s.ways = append(s.ways, through("idx_tasks_resolution", func(w *where) string { return notDone + " and " + resolved + " in (" + listed(w, t.Words) + ")" }))
	}
}

// endedAs is how a task ended that is completed or archived.
const endedAs = "coalesce(resolution, case when status = 'completed' or completed_at is not null then 'done' else 'wont_do' end)"

var resolutionColumns = []string{"status", "resolution", "completed_at"}

// What ended without being done is in idx_tasks_resolution, which serves only
// queries that repeat its condition and its column word for word.
const (
	notDone  = "(resolution is not null or status = 'archived' and completed_at is null)"
	resolved = "(coalesce(resolution, 'wont_do'))"
)

// addFile folds in a term of files: those that a task is about or linked to, and
// all in a directory.
func (s *selection) addFile(t query.Term) {
	terms := func(w *where, column string) string {
		each := make([]string, len(t.Words))
		for i, path := range t.Words {
			each[i] = column + " = " + w.arg(path) + " or " + column + " > " + w.arg(path+"/") + " and " + column + " < " + w.arg(path+"0") // what follows the slash
		}
		return "(" + strings.Join(each, " or ") + ")"
	}
	s.tests = append(s.tests, test{columns: []string{"file_path"}, sql: func(w *where) string {
		return not(t.Not) + "(coalesce(" + terms(w, "t.file_path") + ", 1 = 0) or " + exists("links a where a.item_id = t.id and a.to_id = 0 and "+terms(w, "a.target")) + ")"
	}})
	if t.Not {
		return
	}
	y := through("idx_tasks_file_path", func(w *where) string { return "file_path is not null and " + terms(w, "file_path") })
	y.exact = false // some links lead to the same tasks
	y.beside = []way{{ids: func(w *where) string {
		return fmt.Sprintf("select a.item_id from links a where a.to_id = 0 and %s and a.item_id %% %d <> 0 and not ", terms(w, "a.target"), plan.MaxTask+1) +
			exists("tasks f where f.id = a.item_id and "+terms(w, "f.file_path"))
	}}}
	s.ways = append(s.ways, y)
}

// addDue folds in a term of due dates, where what has none is due in none of them.
func (s *selection) addDue(t query.Term) {
	name := "due " + strconv.Itoa(len(s.tests))
	s.tests = append(s.tests, test{name: name, columns: []string{"due"}, sql: func(w *where) string {
		if t.Not {
			return "(due is null or not " + inDates(w, t.Dates) + ")"
		}
		return inDates(w, t.Dates)
	}})
	if !t.Not {
		y := through("idx_tasks_due", func(w *where) string { return hullOfDates(w, t.Dates) + " and " + inDates(w, t.Dates) })
		y.dates, y.by, y.sees = true, "due", []string{name}
		s.ways = append(s.ways, y)
		s.hulls["due"] = append(s.hulls["due"], func(w *where) string { return hullOfDates(w, t.Dates) })
	}
}

// addSame keeps the tasks with that value of what a task may lack and no other.
func (s *selection) addSame(v value) {
	is := func(w *where) string { return v.column + " = " + w.arg(v.of) }
	s.terms++
	s.tests = append(s.tests, test{columns: []string{v.column}, sql: is})
	s.ways = append(s.ways, through("idx_tasks_"+v.column, func(w *where) string { return v.column + " is not null and " + is(w) }))
}

// addEstimate folds in a term of estimates, where what has none has none of them.
func (s *selection) addEstimate(t query.Term) {
	var of ranges
	for _, r := range t.Estimates {
		of = append(of, interval{int64(r.From), int64(r.To)})
	}
	of = union(of)
	s.tests = append(s.tests, test{columns: []string{"estimate"}, sql: func(w *where) string {
		if t.Not {
			return "(estimate is null or not " + of.term(w, "estimate", numberValue) + ")"
		}
		return "estimate is not null and " + of.term(w, "estimate", numberValue)
	}})
	if !t.Not {
		hull := func(w *where) string { return of.hull().term(w, "estimate", numberValue) }
		s.hulls["estimate"] = append(s.hulls["estimate"], hull)
		y := through("idx_tasks_estimate", func(w *where) string { return "estimate is not null and " + hull(w) })
		y.exact = len(of) == 1
		s.ways = append(s.ways, y)
	}
}

// inDates is the term that a due date lies in one of the spans: days and
// moments each in theirs.
func inDates(w *where, spans []query.DateSpan) string { return inDatesOf(w, "due", spans) }

// inDatesOf is inDates for another column.
func inDatesOf(w *where, column string, spans []query.DateSpan) string {
	terms := make([]string, len(spans))
	for i, s := range spans {
		terms[i] = "length(" + column + ") = 10" + between(w, column, s.Days) + " or length(" + column + ") > 10" + between(w, column, s.Moments)
	}
	return "(" + strings.Join(terms, " or ") + ")"
}

func between(w *where, column string, of [2]plan.Date) (sql string) {
	if of[0] != "" {
		sql += " and " + column + " >= " + w.arg(string(of[0]))
	}
	if of[1] != "" {
		sql += " and " + column + " < " + w.arg(string(of[1]))
	}
	return sql
}

// hullOfDates is the term that a due date lies in the one stretch, of all
// texts of dates, in which the spans lie.
func hullOfDates(w *where, spans []query.DateSpan) string {
	var hull [2]plan.Date
	for i, s := range spans {
		from, to := min(s.Days[0], s.Moments[0]), max(s.Days[1], s.Moments[1])
		if s.Days[1] == "" {
			to = ""
		}
		if i == 0 {
			hull = [2]plan.Date{from, to}
			continue
		}
		hull[0] = min(hull[0], from) // empty, which is open, is the least
		if to == "" || hull[1] == "" {
			hull[1] = ""
		} else {
			hull[1] = max(hull[1], to)
		}
	}
	return "due is not null" + between(w, "due", hull)
}
