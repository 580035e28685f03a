package store

import (
	"math"
	"slices"
	"sort"
	"strings"
	"time"

	"pm/internal/db"
)

// An interval is the whole numbers from from to to, both included. Ids,
// priorities and times in milliseconds are such numbers.
type interval struct{ from, to int64 }

// ranges are intervals in order, apart from each other. They are a set of
// numbers: nil is the empty one.
type ranges []interval

var everything = ranges{{math.MinInt64, math.MaxInt64}}

// union returns the numbers that lie in any of the intervals.
func union(of ranges) ranges {
	sorted := slices.Clone(of)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i].from < sorted[j].from })
	var out ranges
	for _, i := range sorted {
		if i.from > i.to {
			continue
		}
		if n := len(out); n > 0 && (out[n-1].to == math.MaxInt64 || i.from <= out[n-1].to+1) {
			out[n-1].to = max(out[n-1].to, i.to)
			continue
		}
		out = append(out, i)
	}
	return out
}

// and returns the numbers that lie in both.
func (r ranges) and(other ranges) ranges {
	var both ranges
	for _, a := range r {
		for _, b := range other {
			if from, to := max(a.from, b.from), min(a.to, b.to); from <= to {
				both = append(both, interval{from, to})
			}
		}
	}
	return both
}

// not returns the numbers that do not lie in r.
func (r ranges) not() ranges {
	var out ranges
	from := int64(math.MinInt64)
	for _, i := range r {
		if i.from > from {
			out = append(out, interval{from, i.from - 1})
		}
		if i.to == math.MaxInt64 {
			return out
		}
		from = i.to + 1
	}
	return append(out, interval{from, math.MaxInt64})
}

func (r ranges) all() bool { return len(r) == 1 && r[0] == everything[0] }

// hull returns the one range from the first to the last number.
func (r ranges) hull() ranges {
	if len(r) == 0 {
		return nil
	}
	return ranges{{r[0].from, r[len(r)-1].to}}
}

// term returns the term that the column lies in r, which is neither empty nor
// everything; value makes an argument of a number.
func (r ranges) term(w *where, column string, value func(int64) any) string {
	terms := make([]string, len(r))
	for i, one := range r {
		switch {
		case one.from == one.to:
			terms[i] = column + " = " + w.arg(value(one.from))
		case one.from == math.MinInt64:
			terms[i] = column + " <= " + w.arg(value(one.to))
		case one.to == math.MaxInt64:
			terms[i] = column + " >= " + w.arg(value(one.from))
		default:
			terms[i] = column + " between " + w.arg(value(one.from)) + " and " + w.arg(value(one.to))
		}
	}
	if len(terms) == 1 {
		return terms[0]
	}
	return "(" + strings.Join(terms, " or ") + ")"
}

func numberValue(n int64) any { return n }

func timeValue(n int64) any {
	t := time.UnixMilli(n)
	return db.Stamp(&t)
}
