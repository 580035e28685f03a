package store

import (
	"math"
	"slices"

	"pm/internal/plan"
	"pm/internal/query"
)

// A list of what can never be there would read all tasks to find none: no index
// tells. So terms that exclude each other are found before.

// hasWord are the words of has for what a term asks for a value of.
var hasWord = map[query.Field]string{query.Due: query.DueDate, query.Estimate: query.Estimated, query.InStage: query.Staged}

// excluding reports whether two of the terms hold of no task together.
func excluding(terms []query.Term) bool {
	for i, a := range terms {
		for _, b := range terms[i+1:] {
			if a.Not && !b.Not && denies(a, b) || b.Not && !a.Not && denies(b, a) || !a.Not && !b.Not && (apart(a, b) || unready(a, b) || unready(b, a)) {
				return true
			}
		}
	}
	return false
}

// denies reports whether the first term, negated, says of no task that the second
// can hold of it: it names all values of the second, or that there is none.
func denies(no, yes query.Term) bool {
	if no.Field == yes.Field && len(yes.Words) > 0 {
		return !slices.ContainsFunc(yes.Words, func(w string) bool { return !slices.Contains(no.Words, w) })
	}
	if no.Field != query.Has {
		return false
	}
	word := hasWord[yes.Field]
	switch {
	case yes.Field == query.Is && slices.Equal(yes.Words, []string{query.Overdue}):
		word = query.DueDate
	case yes.Field == query.Own:
		word = hasOwn(yes.Own.Name, true).Words[0]
	}
	return slices.Contains(no.Words, word)
}

// unready reports whether the first term asks for what is ready, and the second for
// what waits or is deferred until later, and so is not.
func unready(ready, other query.Term) bool {
	is := func(t query.Term, word string) bool {
		return t.Field == query.Is && slices.Equal(t.Words, []string{word})
	}
	return is(ready, query.Ready) && (is(other, query.Waiting) || is(other, query.Deferred))
}

// begun leaves, where only what is deferred until some time is listed, and what is
// ready, the times that have come.
func (s *selection) begun() {
	of, asked := s.times["not_before"]
	if !s.ready || !asked && s.has("not_before") != with {
		return
	}
	if !asked {
		of = everything
	}
	s.times["not_before"] = of.and(ranges{{math.MinInt64, s.now.UnixMilli()}})
}

// ended leaves nothing of what is open, where only what was completed at some time is
// listed: what is reopened was not.
func (s *selection) ended() {
	if _, asked := s.times["completed_at"]; asked && !slices.ContainsFunc(s.statuses, func(st plan.TaskStatus) bool { return slices.Contains(endedStatuses, st) }) {
		s.empty = true
	}
}

// apart reports whether the terms ask for different values of one field of the
// project's own.
func apart(a, b query.Term) bool {
	if a.Field != query.Own || b.Field != query.Own || a.Own.Name != b.Own.Name || a.Own.Type == plan.DateField {
		return false
	}
	return !slices.ContainsFunc(a.Spans, func(x query.OwnSpan) bool {
		return slices.ContainsFunc(b.Spans, func(y query.OwnSpan) bool { return !ends(x, y) && !ends(y, x) })
	})
}

// ends reports whether the first span ends before the second begins.
func ends(x, y query.OwnSpan) bool {
	return x.To != "" && y.From != "" && (x.To < y.From || x.To == y.From && (x.Below || y.Above))
}
