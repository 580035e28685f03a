package query

import (
	"strings"

	"pm/internal/plan"
)

// Own is the field of a term on a custom field: severity:high,
// field.severity:high. Term.Own says which.
const Own Field = "field"

// An OwnSpan is a range of values of a custom field, by the texts that
// plan.CustomField.Sorted returns: from From to To, both included unless Above
// or Below say otherwise. Empty means open on that side.
type OwnSpan struct {
	From, To     string
	Above, Below bool   // behind From, before To
	Typed        string // as it was typed
}

// ownField parses a term on a custom field, if there is one at this position.
func (p *parser) ownField(from int, not bool) (is bool, err error) {
	if p.own == nil {
		return false, nil
	}
	for p.at = from; !p.end() && (isLetter(p.peek(0)) || p.at > from && strings.ContainsRune("0123456789_-.", p.peek(0))); p.at++ {
	}
	word := string(p.text[from:p.at])
	if next := p.peek(0); word == "" || next == 0 || !strings.ContainsRune(":=<>", next) {
		return false, nil
	}
	f, is := p.ownNamed(word)
	if !is && strings.HasPrefix(strings.ToLower(word), plan.OwnPrefix) {
		return true, p.errorAt(from, "unknown field %q", clip(word)).WithHint("to see the custom fields: pm field list")
	}
	if !is {
		return false, nil
	}
	if c := p.peek(0); c == ':' || c == '=' {
		p.at++
	}
	info := FieldInfo{Name: f.Name, Help: string(f.Type), Words: f.Choices}
	values, err := p.values(info, f.Ordered())
	t := Term{Field: Own, Not: not, Own: f}
	for _, v := range values {
		if err == nil {
			err = p.ownValue(&t, info, v)
		}
	}
	p.all.Terms = append(p.all.Terms, t)
	return true, err
}

// ownNamed returns the custom field with that name, in any case, with - for _.
func (p *parser) ownNamed(word string) (plan.CustomField, bool) {
	if p.own == nil {
		return plan.CustomField{}, false
	}
	name := strings.TrimPrefix(strings.ToLower(word), plan.OwnPrefix)
	return p.own(strings.ReplaceAll(name, "-", "_"))
}

func (p *parser) ownValue(t *Term, info FieldInfo, v value) error {
	if t.Own.Type == plan.DateField {
		p.ahead = true
		s, err := p.span(info, v)
		p.ahead = false
		t.Dates = append(t.Dates, p.dates(s))
		return err
	}
	var bad error
	sorted := func(s string) string {
		value, err := t.Own.Parse(plan.TextValue(s), nil)
		if err != nil {
			bad = p.errorAt(v.at, "%v", err).WithHint("%s", plan.Describe(err).Hint)
		}
		return t.Own.Sorted(value)
	}
	span := OwnSpan{Typed: v.op + bareOrQuoted(v.text)}
	from, to, isRange := strings.Cut(v.text, "..")
	switch isRange = isRange && t.Own.Ordered(); {
	case isRange && v.op != "" || isRange && from+to == "":
		return p.errorAt(v.at, "invalid range %q", clip(v.op+v.text)).WithHint("write %s:1..3 or %s:>=2", info.Name, info.Name)
	case isRange:
		if from != "" {
			span.From = sorted(from)
		}
		if to != "" {
			span.To = sorted(to)
		}
	case v.op == "<" || v.op == "<=":
		span.To, span.Below = sorted(v.text), v.op == "<"
	case v.op == ">" || v.op == ">=":
		span.From, span.Above = sorted(v.text), v.op == ">"
	default:
		span.From = sorted(v.text)
		span.To = span.From
	}
	t.Spans = append(t.Spans, span)
	return bad
}

// OwnName returns the name of the custom field in a has: term or a sort order.
func OwnName(word string) (name string, is bool) { return strings.CutPrefix(word, plan.OwnPrefix) }
