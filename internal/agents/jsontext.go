package agents

import (
	"encoding/json"
	"errors"
	"io"
	"strings"

	"pm/internal/plan"
)

// A value is a JSON value with its place in a text: bytes begin to end. Of an
// object the items are its members' values, and from says where each with its
// name begins.
type value struct {
	kind       byte // '{', '[', or 0 for what holds nothing
	begin, end int
	names      []string
	from       []int
	items      []*value
	scalar     any
}

func (v *value) is(kind byte) bool { return v != nil && v.kind == kind }

// member returns the value of that name; nil if v is no object or has none.
func (v *value) member(name string) *value {
	if v.is('{') {
		for i, n := range v.names {
			if n == name {
				return v.items[i]
			}
		}
	}
	return nil
}

func (v *value) text() string {
	if v == nil {
		return ""
	}
	s, _ := v.scalar.(string)
	return s
}

// parseJSON reads a text of one JSON value. An object that names a member
// twice is refused: programs differ in which one counts.
func parseJSON(text string) (*value, error) {
	p := parser{text: text, d: json.NewDecoder(strings.NewReader(text))}
	v, err := p.value()
	if err == nil {
		if _, more := p.d.Token(); !errors.Is(more, io.EOF) {
			err = plan.Errorf(plan.Invalid, "unexpected data after the value")
		}
	}
	if err != nil {
		return nil, plan.Errorf(plan.Invalid, "invalid JSON: %w", err)
	}
	return v, nil
}

type parser struct {
	text string
	d    *json.Decoder
}

// token returns the next token and where it begins.
func (p parser) token() (json.Token, int, error) {
	at := int(p.d.InputOffset())
	for at < len(p.text) && strings.IndexByte(" \t\r\n,:", p.text[at]) >= 0 {
		at++
	}
	t, err := p.d.Token()
	return t, at, err
}

func (p parser) value() (*value, error) {
	t, at, err := p.token()
	if err != nil {
		return nil, err
	}
	v := &value{begin: at, scalar: t}
	d, isDelim := t.(json.Delim)
	if isDelim {
		v.kind = byte(d)
		for p.d.More() {
			if err := p.item(v); err != nil {
				return nil, err
			}
		}
		if _, _, err := p.token(); err != nil {
			return nil, err
		}
	}
	v.end = int(p.d.InputOffset())
	return v, nil
}

func (p parser) item(v *value) error {
	from := -1
	if v.kind == '{' {
		name, at, err := p.token()
		if err != nil {
			return err
		}
		if v.member(name.(string)) != nil {
			return plan.Errorf(plan.Invalid, "duplicate member %q", name)
		}
		v.names, from = append(v.names, name.(string)), at
	}
	item, err := p.value()
	if err != nil {
		return err
	}
	if from < 0 {
		from = item.begin
	}
	v.items, v.from = append(v.items, item), append(v.from, from)
	return nil
}

// insert returns the text with an item more at the end of v, laid out as the
// items before it are. In an empty v it stands right behind the bracket.
func (v *value) insert(text, item string) string {
	if len(v.items) == 0 {
		return text[:v.begin+1] + item + text[v.begin+1:]
	}
	last := len(v.items) - 1
	end := v.items[last].end
	gap := text[v.begin+1 : v.from[0]]
	i := strings.LastIndexByte(gap, '\n')
	if i < 0 {
		return text[:end] + ", " + item + text[end:]
	}
	eol, indent := lineEnd(gap), gap[i+1:]
	return text[:end] + "," + eol + indent + indented(item, indent, unitOf(text), eol) + text[end:]
}

// without returns the text without one of the items of v, and without the
// comma that set it apart.
func (v *value) without(text string, item *value) string {
	for i, one := range v.items {
		if one != item {
			continue
		}
		switch {
		case i > 0:
			return text[:v.items[i-1].end] + text[one.end:]
		case len(v.items) > 1:
			return text[:v.from[0]] + text[v.from[1]:]
		}
		return text[:v.from[0]] + text[one.end:]
	}
	return text
}

// unitOf returns by how much a JSON text sets in what is nested: the blanks
// before its first member.
func unitOf(text string) string {
	if _, rest, found := strings.Cut(text, "\n"); found {
		if unit := rest[:len(rest)-len(strings.TrimLeft(rest, " \t"))]; unit != "" {
			return unit
		}
	}
	return "  "
}
