package store

import (
	"strconv"
	"strings"

	"pm/internal/plan"
	"pm/internal/query"
)

// addOwn folds in a term on a field that the project has declared itself, where
// what has no value has none of them.
func (s *selection) addOwn(t query.Term) {
	terms := func(w *where) string {
		field := "v.field = " + w.arg(t.Own.Name)
		if t.Own.Type == plan.DateField {
			return field + " and " + inDatesOf(w, "v.value", t.Dates)
		}
		each := make([]string, len(t.Spans))
		for i, span := range t.Spans {
			each[i] = ownSpan(w, span)
		}
		return field + " and (" + strings.Join(each, " or ") + ")"
	}
	s.addOwnTerms(t.Not, len(t.Spans)+len(t.Dates) == 1, terms)
	if name, own := s.sort.own(); own && name == t.Own.Name && !t.Not {
		s.valued = append(s.valued, terms)
	}
	if !t.Not && len(t.Spans) == 1 && t.Spans[0].From == t.Spans[0].To && t.Own.Type != plan.DateField {
		s.bases = append(s.bases, entries{name: s.tests[len(s.tests)-1].name, table: "field_values", index: "idx_field_values_value", terms: func(w *where) string {
			return "s.field = " + w.arg(t.Own.Name) + " and s.value = " + w.arg(t.Spans[0].From)
		}}.base())
	}
}

// addHasOwn folds in whether a task has a value of the field.
func (s *selection) addHasOwn(not bool, name string) {
	if own, is := s.sort.own(); is && own == name && !not {
		s.hasValue = "own " + strconv.Itoa(len(s.tests))
	}
	s.addOwnTerms(not, true, func(w *where) string { return "v.field = " + w.arg(name) })
}

func (s *selection) addOwnTerms(negated, exact bool, terms func(*where) string) {
	name := "own " + strconv.Itoa(len(s.tests))
	s.tests = append(s.tests, test{name: name, sql: func(w *where) string {
		return not(negated) + exists("field_values v where v.item_id = t.id and "+terms(w))
	}})
	if !negated {
		s.ways = append(s.ways, way{exact: exact, sees: []string{name}, ids: func(w *where) string { return "select v.item_id from field_values v where " + terms(w) }})
	}
}

func ownSpan(w *where, span query.OwnSpan) string {
	if span.From == span.To {
		return "v.value = " + w.arg(span.From)
	}
	var parts []string
	bound := func(at string, than string, open bool) {
		if open {
			than = strings.TrimSuffix(than, "=")
		}
		if at != "" {
			parts = append(parts, "v.value "+than+" "+w.arg(at))
		}
	}
	bound(span.From, ">=", span.Above)
	bound(span.To, "<=", span.Below)
	return "(" + strings.Join(parts, " and ") + ")"
}
