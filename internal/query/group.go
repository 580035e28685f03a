package query

import (
	"slices"
	"strings"
	"unicode"
)

// maxDepth is how deeply brackets can be nested.
const maxDepth = 20

const (
	bracketHint = "close each bracket; put text with brackets into double quotes"
	operandHint = "write or between two terms, as in (type:docs or label:q3); " + FindWord
)

// any parses alternatives, up to the end of the query or of the brackets.
func (p *parser) any() (group Any, err error) {
	for {
		all, err := p.alternative()
		if err != nil {
			return nil, err
		}
		group = append(group, all)
		if !p.operator("or") {
			break
		}
		p.at += len("or")
	}
	if p.peek(0) == ')' && p.depth == 0 {
		return nil, p.errorAt(p.at, "unexpected )").WithHint(bracketHint)
	}
	return group, nil
}

// alternative parses terms that must all match, up to the next or.
func (p *parser) alternative() (All, error) {
	outer, outerAt, outerInner := p.all, p.wordsAt, p.inner
	p.all, p.wordsAt, p.inner = All{}, nil, All{}
	defer func() { p.all, p.wordsAt, p.inner = outer, outerAt, outerInner }()
	from, parts := p.at, 0
	for p.skipSpace(); !p.end() && p.peek(0) != ')' && !p.operator("or"); p.skipSpace() {
		if p.operator("and") {
			if parts == 0 {
				return All{}, p.missing(p.at, "before")
			}
			from, parts = p.at, 0
			p.at += len("and")
			continue
		}
		if err := p.part(); err != nil {
			return All{}, err
		}
		parts++
	}
	holds := p.all.size()+p.inner.size() > 0
	switch {
	case p.operator("or") && !holds:
		return All{}, p.missing(p.at, "before")
	case parts == 0 && strings.TrimSpace(string(p.text[from:p.at])) != "", !holds && from > 0 && p.text[from-1] != '(':
		return All{}, p.missing(from, "after")
	case p.peek(0) == ')' && !holds && p.depth > 0:
		return All{}, p.errorAt(p.at, "empty brackets").WithHint(bracketHint)
	}
	err := p.mistaken()
	p.all.and(p.inner)
	return p.all, err
}

func (a All) size() int { return len(a.Terms) + len(a.Words) + len(a.Groups) }

// missing is the error for an or, or an and, with nothing on one side.
func (p *parser) missing(at int, side string) error {
	if side == "after" && !p.operatorAt(at, "and") {
		at -= len("or")
	}
	word, _, _ := strings.Cut(string(p.text[at:min(len(p.text), at+3)]), " ")
	return p.errorAt(at, "missing term %s %q", side, strings.TrimRight(word, "() ")).WithHint(operandHint)
}

// operator reports whether the next word is this operator, standing between
// terms.
func (p *parser) operator(word string) bool { return p.operatorAt(p.at, word) }

func (p *parser) operatorAt(at int, word string) bool {
	end := at + len(word)
	if end > len(p.text) || !strings.EqualFold(string(p.text[at:end]), word) {
		return false
	}
	return end == len(p.text) || unicode.IsSpace(p.text[end]) || p.text[end] == '(' || p.text[end] == ')'
}

// group parses alternatives in brackets.
func (p *parser) group(not bool) error {
	from := p.at
	if p.depth++; p.depth > maxDepth {
		return p.errorAt(from, "brackets nested too deeply (maximum %d)", maxDepth).WithHint("split it into several queries")
	}
	p.at++
	group, err := p.any()
	if err != nil {
		return err
	}
	if p.peek(0) != ')' {
		return p.errorAt(from, "unclosed bracket").WithHint(bracketHint)
	}
	p.at++
	p.depth--
	if next := p.peek(0); next != 0 && next != ')' && !unicode.IsSpace(next) {
		return p.errorAt(p.at, "unexpected %q after the brackets", string(next)).WithHint("put a space between them")
	}
	if not {
		p.inner.and(group.not())
	} else {
		p.inner.and(group.all())
	}
	return nil
}

// and adds a condition that must match as well.
func (a *All) and(b All) {
	a.Terms = append(a.Terms, b.Terms...)
	a.Words = append(a.Words, b.Words...)
	a.Groups = append(a.Groups, b.Groups...)
}

// all returns the condition that one of the alternatives matches, in its
// simplest form: nested alternatives become one group, and alternative values
// of one field one term.
func (g Any) all() All {
	var flat Any
	for _, a := range g {
		if a.size() == 1 && len(a.Groups) == 1 {
			flat = append(flat, a.Groups[0]...)
			continue
		}
		flat = append(flat, a)
	}
	var out Any
	for _, a := range flat {
		i := slices.IndexFunc(out, func(b All) bool { return joins(b, a) })
		if i < 0 {
			out = append(out, a)
			continue
		}
		out[i] = All{Terms: []Term{out[i].Terms[0].or(a.Terms[0])}}
	}
	if len(out) == 1 {
		return out[0]
	}
	return All{Groups: []Any{out}}
}

// joins reports whether two alternatives are single terms of the same field.
func joins(a, b All) bool {
	one := func(a All) bool { return a.size() == 1 && len(a.Terms) == 1 && !a.Terms[0].Not }
	return one(a) && one(b) && a.Terms[0].Field == b.Terms[0].Field && a.Terms[0].Own.Name == b.Terms[0].Own.Name && a.Terms[0].values()+b.Terms[0].values() <= maxValues
}

func (t Term) values() int {
	return len(t.Words) + len(t.Keys) + len(t.Priorities) + len(t.Estimates) + len(t.Times) + len(t.Dates) + len(t.Spans)
}

// or returns the term with the values of both.
func (t Term) or(u Term) Term {
	t.Words, t.Keys = slices.Concat(t.Words, u.Words), slices.Concat(t.Keys, u.Keys)
	t.Priorities, t.Estimates, t.Times = slices.Concat(t.Priorities, u.Priorities), slices.Concat(t.Estimates, u.Estimates), slices.Concat(t.Times, u.Times)
	t.Spans = slices.Concat(t.Spans, u.Spans)
	if t.Field != Is || len(t.Dates) == 0 { // those of is are one, of overdue
		t.Dates = slices.Concat(t.Dates, u.Dates)
	}
	return t
}

// not returns the condition that none of the alternatives matches.
func (g Any) not() (none All) {
	for _, a := range g {
		none.and(a.not())
	}
	return none
}

// not returns the condition that at least one part of a does not match.
func (a All) not() All {
	var some Any
	for _, t := range a.Terms {
		t.Not = !t.Not
		some = append(some, All{Terms: []Term{t}})
	}
	for _, w := range a.Words {
		w.Not = !w.Not
		some = append(some, All{Words: []Word{w}})
	}
	for _, g := range a.Groups {
		some = append(some, g.not())
	}
	return some.all()
}
