package query

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"pm/internal/plan"
)

// String returns the query in its canonical form, which Parse parses to the
// same query at any time and place: all times in it are in UTC.
func (q Query) String() string {
	var parts []string
	if text := q.All.String(); text != "" {
		parts = append(parts, text)
	}
	if q.Sort != "" {
		parts = append(parts, "sort:"+q.Order.String())
	}
	return strings.Join(parts, " ")
}

// String returns the condition in its canonical form.
func (a All) String() string {
	var parts []string
	for _, t := range a.Terms {
		parts = append(parts, t.String())
	}
	for _, w := range a.Words {
		parts = append(parts, w.String())
	}
	for _, g := range a.Groups {
		parts = append(parts, g.String())
	}
	return strings.Join(parts, " ")
}

// String returns the alternatives, in brackets.
func (g Any) String() string {
	parts := make([]string, len(g))
	for i, a := range g {
		parts[i] = a.String()
	}
	return "(" + strings.Join(parts, " or ") + ")"
}

// String returns the term in its canonical form.
func (t Term) String() string {
	var values []string
	for _, w := range t.Words {
		if w == Me && t.namesAgents() {
			w = quote(w) // an agent of that name
		} else {
			w = bareOrQuoted(w)
		}
		values = append(values, w)
	}
	for _, k := range t.Keys {
		values = append(values, k.String())
	}
	for _, r := range t.Priorities {
		values = append(values, r.String())
	}
	for _, r := range t.Estimates {
		values = append(values, r.hundredths())
	}
	for _, s := range t.Times {
		values = append(values, s.String())
	}
	for _, s := range t.Dates {
		if t.Field == Due || t.Field == Own {
			values = append(values, s.String())
		}
	}
	for _, s := range t.Spans {
		values = append(values, s.Typed)
	}
	if t.Field == Own {
		return sign(t.Not) + plan.OwnPrefix + t.Own.Name + ":" + strings.Join(values, ",")
	}
	return sign(t.Not) + string(t.Field) + ":" + strings.Join(values, ",")
}

// String returns the word as it is typed.
func (w Word) String() string {
	if w.Quoted {
		return sign(w.Not) + quote(w.Text)
	}
	return sign(w.Not) + w.Text
}

// String returns 3 or 1..3.
func (r Range) String() string {
	if r.From == r.To {
		return itoa(r.From)
	}
	return itoa(r.From) + ".." + itoa(r.To)
}

// hundredths returns a range of estimates as it is typed.
func (r Range) hundredths() string {
	from, to := plan.Estimate(r.From).String(), plan.Estimate(r.To).String()
	if r.From == r.To {
		return from
	}
	return from + ".." + to
}

const canonicalTime = "2006-01-02T15:04:05.000Z"

// String formats the span as its first and its last millisecond.
func (s Span) String() string {
	from := s.From.UTC().Format(canonicalTime)
	switch {
	case s.To.IsZero():
		return from + ".."
	case s.From.IsZero():
		return "<" + s.To.UTC().Format(canonicalTime)
	}
	if to := s.To.Add(-time.Millisecond).UTC().Format(canonicalTime); to != from {
		return from + ".." + to
	}
	return from
}

func sign(not bool) string {
	if not {
		return "-"
	}
	return ""
}

// bareOrQuoted returns a value as it is typed, in quotes if it needs them.
func bareOrQuoted(s string) string {
	if s == "" || strings.ContainsRune(`"<>=`, rune(s[0])) || strings.ContainsFunc(s, func(r rune) bool { return strings.ContainsRune(",()", r) || unicode.IsSpace(r) }) {
		return quote(s)
	}
	return s
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

func itoa(n int) string { return strconv.Itoa(n) }
