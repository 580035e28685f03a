package query

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pm/internal/plan"
)

// The limits of a query; they keep its statement small.
const (
	maxLength = 2000 // characters
	maxTerms  = 100
	maxValues = 100 // of one term
)

// An Env is the context in which the words of a query are understood.
type Env struct {
	Now time.Time // for words such as today, in its time zone
	Me  string    // the agent that me stands for; empty: me is a name
	// Own returns the project's custom field with that name; nil if it has no
	// custom fields.
	Own func(name string) (plan.CustomField, bool)
	// Unit returns the unit of the project's estimates; nil if it is not known.
	Unit func() string
	// Named returns the item that a reference names; nil if there are none.
	Named func(ref string) (plan.Key, bool)
	// Views returns the queries of views, by name; nil if there are none, and
	// then @NAME is a search word.
	Views func() map[string]string
}

// Parse parses a query. Every error is plan.Invalid with the code bad_query;
// it says where the problem is and what it is, and its hint names the valid
// words.
func Parse(text string, now time.Time) (Query, error) { return Env{Now: now}.Parse(text) }

// Parse works like the function Parse, for a caller.
func (env Env) Parse(text string) (Query, error) {
	p := &parser{now: env.Now, me: env.Me, own: env.Own, unit: env.Unit, refs: env.Named, views: env.Views}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return Query{}, plan.Errorf(plan.Invalid, "query is not valid UTF-8").WithCode("bad_query")
	}
	p.text = []rune(text)
	if len(p.text) > maxLength {
		return Query{}, plan.Errorf(plan.Invalid, "query is too long: %d characters (maximum %d)", len(p.text), maxLength).WithCode("bad_query").
			WithHint("split it into several queries")
	}
	group, err := p.any()
	if err != nil {
		return Query{}, err
	}
	if p.q.All = group.all(); p.q.Sort == "" {
		p.q.Order = p.viewOrder
	}
	return p.q, nil
}

type parser struct {
	text []rune
	at   int
	now  time.Time
	me   string
	own  func(name string) (plan.CustomField, bool)
	unit func() string
	refs func(string) (plan.Key, bool)
	q    Query // its order, so far

	ahead bool // the date that is read lies mostly ahead, and is a day rather than a moment

	all     All   // what is read of the alternative, outside of brackets
	inner   All   // and in them
	wordsAt []int // where its words stand
	count   int   // of terms and words
	depth   int   // how many brackets are open

	views     func() map[string]string
	deep      int   // how many views it is read for
	viewOrder Order // of the first view that has one
}

func (p *parser) end() bool { return p.at >= len(p.text) }

// peek returns the rune n positions ahead; 0 after the end.
func (p *parser) peek(n int) rune {
	if p.at+n >= len(p.text) {
		return 0
	}
	return p.text[p.at+n]
}

func (p *parser) skipSpace() {
	for !p.end() && unicode.IsSpace(p.text[p.at]) {
		p.at++
	}
}

// errorAt returns an error about the text at a position, counted from 0.
func (p *parser) errorAt(at int, format string, args ...any) *plan.Error {
	e := plan.Errorf(plan.Invalid, format, args...).WithCode("bad_query")
	e.Message = "query, column " + itoa(at+1) + ": " + e.Message
	return e
}

// part parses a term, a word or a group in brackets.
func (p *parser) part() error {
	not := false
	if next := p.peek(1); p.peek(0) == '-' && next != 0 && !unicode.IsSpace(next) {
		not = true
		p.at++
	}
	if p.peek(0) == '(' {
		return p.group(not)
	}
	if p.count++; p.count > maxTerms {
		return p.errorAt(p.at, "too many terms (maximum %d)", maxTerms).WithHint("list the values of one field with commas: status:todo,blocked")
	}
	if is, err := p.view(not); is {
		return err
	}
	from := p.at
	if p.peek(0) == '"' {
		text, err := p.quoted()
		if err == nil {
			err = p.closed()
		}
		p.add(Word{Text: text, Quoted: true, Not: not}, from)
		return err
	}
	name, op := p.name()
	if op == 0 || !IsField(name) {
		sign := p.at
		if is, err := p.ownField(from, not); is {
			return err
		}
		p.at = sign
	}
	switch {
	case op == ':' || op != 0 && IsField(name):
		return p.field(from, name, not)
	default:
		p.at = from
		text, err := p.bare(false)
		p.add(Word{Text: text, Not: not}, from)
		return err
	}
}

func (p *parser) add(w Word, at int) {
	p.all.Words, p.wordsAt = append(p.all.Words, w), append(p.wordsAt, at)
}

// name reads what can be the name of a field and the sign after it; 0 if there
// is none. A comparison needs no colon: priority<3.
func (p *parser) name() (name string, op rune) {
	from := p.at
	for !p.end() && (isLetter(p.peek(0)) || p.at > from && (p.peek(0) == '-' || p.peek(0) == '_')) {
		p.at++
	}
	name = string(p.text[from:p.at])
	if next := p.peek(0); name != "" && next != 0 && strings.ContainsRune(":=<>", next) {
		return name, next
	}
	return name, 0
}

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }

// field parses the sign and the values after the name of a field.
func (p *parser) field(from int, name string, not bool) error {
	info, ok := fieldOf(name)
	if !ok {
		info, ok = p.otherName(name)
	}
	if !ok {
		return p.errorAt(from, "unknown field %q", name).
			WithHint("%s; put text with a colon in quotes: \"%s:\"", nearest(name, fieldNames()), name)
	}
	if c := p.peek(0); c == ':' || c == '=' {
		p.at++
	}
	values, err := p.values(info, compares(info))
	if err != nil {
		return err
	}
	if Field(info.Name) == sorting {
		return p.sort(from, values, not)
	}
	t := Term{Field: Field(info.Name), Not: not}
	for _, v := range values {
		if err := p.value(&t, info, v); err != nil {
			return err
		}
	}
	p.all.Terms = append(p.all.Terms, t)
	return nil
}

// otherName returns the field that another name stands for, as flags do: tag:bug,
// and in:E01 by the level of the key.
func (p *parser) otherName(name string) (info FieldInfo, ok bool) {
	if name = strings.ToLower(name); IsText(name) {
		return info, false
	}
	value, _, _ := strings.Cut(string(p.text[p.at+1:]), " ")
	k, err := plan.ParseKey(strings.TrimRight(value, ")"))
	for _, kind := range []plan.SynonymKind{plan.ForTerm, plan.ForFlag} {
		for _, means := range plan.MeaningsOf(kind, name) {
			info, ok = fieldOf(strings.TrimSuffix(means, ":"))
			if ok && (Field(info.Name) == Feature || Field(info.Name) == Epic) && err == nil && k.Level() != plan.LevelTask {
				return fieldOf(string(k.Level()))
			}
			if ok {
				return info, true
			}
		}
	}
	return info, false
}

// A value is one value of a field as it was typed.
type value struct {
	op     string // a comparison: <, <=, > or >=
	text   string
	quoted bool
	at     int // where it stands
}

// values parses the values of a field: separated by commas, up to a space.
// They can have comparison signs if compares is set.
func (p *parser) values(f FieldInfo, compares bool) ([]value, error) {
	var out []value
	for {
		v := value{at: p.at}
		if c := p.peek(0); c == '<' || c == '>' {
			v.op = string(c)
			if p.at++; p.peek(0) == '=' {
				v.op += "="
				p.at++
			}
			if !compares {
				return nil, p.errorAt(v.at, "%s does not support %s", f.Name, v.op).WithHint("%s", wanted(f))
			}
		} else if c == '=' {
			p.at++
		}
		if p.peek(0) == '"' {
			text, err := p.quoted()
			if err != nil {
				return nil, err
			}
			v.text, v.quoted = text, true
			if p.peek(0) != ',' {
				if err := p.closed(); err != nil {
					return nil, err
				}
			}
		} else {
			text, err := p.bare(true)
			if err != nil {
				return nil, err
			}
			v.text = text
		}
		if strings.TrimSpace(v.text) == "" {
			hint := wanted(f) + ", with no space after the colon"
			if compares {
				hint += "; in a shell, quote < and >"
			}
			return nil, p.errorAt(v.at, "missing value for %s", f.Name).WithHint("%s", hint)
		}
		if out = append(out, v); len(out) > maxValues {
			return nil, p.errorAt(v.at, "too many values for %s (maximum %d)", f.Name, maxValues).WithHint("split it into several queries")
		}
		if p.peek(0) != ',' {
			return out, nil
		}
		p.at++
	}
}

// bare reads up to a space, for a value also up to a comma, and inside
// brackets up to their end; brackets opened within the text belong to it.
func (p *parser) bare(asValue bool) (string, error) {
	from, open := p.at, 0
	for ; !p.end() && !unicode.IsSpace(p.peek(0)) && !(asValue && p.peek(0) == ','); p.at++ {
		switch p.peek(0) {
		case '(':
			open++
		case ')':
			if open == 0 && p.depth > 0 {
				return string(p.text[from:p.at]), nil
			}
			open--
		}
		if open < 0 {
			return "", p.errorAt(p.at, "unexpected )").WithHint(bracketHint)
		}
	}
	if open > 0 {
		return "", p.errorAt(from, "unclosed bracket in %q", clip(string(p.text[from:p.at]))).WithHint(bracketHint)
	}
	return string(p.text[from:p.at]), nil
}

// quoted reads a text in double quotes, in which \" is a quote and \\ a
// backslash.
func (p *parser) quoted() (string, error) {
	from := p.at
	var b strings.Builder
	for p.at++; !p.end(); p.at++ {
		c := p.peek(0)
		if next := p.peek(1); c == '\\' && (next == '"' || next == '\\') {
			p.at++
			c = next
		} else if c == '"' {
			p.at++
			return b.String(), nil
		}
		b.WriteRune(c)
	}
	return "", p.errorAt(from, "unclosed quote").WithHint(`add a closing "; inside quotes, write \" for a quote`)
}

// closed rejects text directly after a closing quote.
func (p *parser) closed() error {
	if p.end() || unicode.IsSpace(p.peek(0)) || p.depth > 0 && p.peek(0) == ')' {
		return nil
	}
	at := p.at
	text, _ := p.bare(false)
	return p.errorAt(at, "unexpected %q after the closing quote", clip(text)).WithHint(`put a space between them; inside quotes, write \" for a quote`)
}

// sort parses a sort order.
func (p *parser) sort(from int, values []value, not bool) error {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = v.text
	}
	switch {
	case p.q.Sort != "":
		return p.errorAt(from, "sort specified twice").WithHint(twoFields)
	case not:
		return p.errorAt(from, "sort cannot be negated").WithHint("use sort:-%s to reverse the order", strings.TrimPrefix(words[0], "-"))
	}
	order, at, err := p.orderOf(words)
	if err != nil {
		e := p.errorAt(values[at].at, "%s", err.Message)
		e.Hint = err.Hint
		return e
	}
	p.q.Order = order
	return nil
}
