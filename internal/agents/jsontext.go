package agents

import (
	"encoding/json"
	"strings"

	"pm/internal/plan"
)

// A value is a JSON value with its place in a text: bytes begin to end. Of an
// object the items are its members' values, and from says where each with its
// name begins; commas says where the comma behind each is, or -1.
type value struct {
	kind       byte // '{', '[', or 0 for what holds nothing
	begin, end int
	names      []string
	from       []int
	commas     []int
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

const (
	bom      = "\ufeff"
	maxDepth = 1000 // of values in values
)

// parseJSON reads a text of one JSON value, as tools write their settings:
// with comments, commas behind the last item, a byte order mark. An object
// that names a member twice is refused: programs differ in which one counts.
func parseJSON(text string) (*value, error) {
	p := parser{text: text, at: len(text) - len(strings.TrimPrefix(text, bom))}
	v, err := p.value(0)
	if err == nil {
		if err = p.skip(); err == nil && p.at < len(text) {
			err = plan.Errorf(plan.Invalid, "unexpected data after the value")
		}
	}
	if err != nil {
		line := 1 + strings.Count(text[:min(p.at, len(text))], "\n")
		return nil, plan.Errorf(plan.Invalid, "invalid JSON: line %d: %w", line, err)
	}
	return v, nil
}

type parser struct {
	text string
	at   int
}

// skip passes over blanks and comments.
func (p *parser) skip() error {
	for p.at < len(p.text) {
		switch rest := p.text[p.at:]; {
		case strings.IndexByte(" \t\r\n", rest[0]) >= 0:
			p.at++
		case strings.HasPrefix(rest, "//"):
			if i := strings.IndexByte(rest, '\n'); i >= 0 {
				p.at += i
			} else {
				p.at = len(p.text)
			}
		case strings.HasPrefix(rest, "/*"):
			n := comment(rest)
			if n == 0 {
				return plan.Errorf(plan.Invalid, "unclosed comment")
			}
			p.at += n
		default:
			return nil
		}
	}
	return nil
}

// comment returns the length of the comment that a text begins with; 0 if it
// is not closed.
func comment(text string) int {
	i := strings.Index(text[2:], "*/")
	if i < 0 {
		return 0
	}
	return 2 + i + 2
}

// next passes over blanks and comments and returns the byte behind them; 0 at
// the end.
func (p *parser) next() (byte, error) {
	if err := p.skip(); err != nil || p.at == len(p.text) {
		return 0, err
	}
	return p.text[p.at], nil
}

func (p *parser) value(depth int) (*value, error) {
	c, err := p.next()
	if err != nil {
		return nil, err
	}
	v := &value{begin: p.at}
	switch {
	case depth > maxDepth:
		return nil, plan.Errorf(plan.Invalid, "nested too deeply")
	case c == '{' || c == '[':
		v.kind = c
		p.at++
		err = p.items(v, depth)
	default:
		v.scalar, err = p.scalar()
	}
	v.end = p.at
	return v, err
}

// items reads the items of v and the bracket that closes it.
func (p *parser) items(v *value, depth int) error {
	for {
		c, err := p.next()
		switch {
		case err != nil:
			return err
		case c == v.kind+2: // the bracket that closes is two bytes on: [\] and {|}
			p.at++
			return nil
		case len(v.items) > 0 && v.commas[len(v.items)-1] < 0:
			return p.unexpected("a comma")
		}
		if err := p.item(v, depth); err != nil {
			return err
		}
		if c, err = p.next(); err != nil {
			return err
		}
		v.commas = append(v.commas, -1)
		if c == ',' {
			v.commas[len(v.items)-1] = p.at
			p.at++
		}
	}
}

func (p *parser) item(v *value, depth int) error {
	from := p.at
	if v.kind == '{' {
		name, err := p.scalar()
		if err != nil {
			return err
		}
		text, isText := name.(string)
		if !isText {
			p.at = from
			return p.unexpected("a name in quotes")
		}
		if v.member(text) != nil {
			return plan.Errorf(plan.Invalid, "duplicate member %q", text)
		}
		c, err := p.next()
		if err != nil {
			return err
		}
		if c != ':' {
			return p.unexpected("a colon")
		}
		p.at++
		v.names = append(v.names, text)
	}
	item, err := p.value(depth + 1)
	v.items, v.from = append(v.items, item), append(v.from, from)
	return err
}

// scalar reads a text, a number, true, false or null.
func (p *parser) scalar() (out any, err error) {
	end := p.at
	if end < len(p.text) && p.text[end] == '"' {
		for end++; end < len(p.text) && p.text[end] != '"'; end++ {
			if p.text[end] == '\\' {
				end++
			}
		}
		end++
	} else {
		for end < len(p.text) && strings.IndexByte(" \t\r\n,:/[]{}\"", p.text[end]) < 0 {
			end++
		}
	}
	word := p.text[p.at:min(end, len(p.text))]
	if json.Unmarshal([]byte(word), &out) != nil {
		return nil, p.unexpected("a value")
	}
	p.at = end
	return out, nil
}

func (p *parser) unexpected(want string) error {
	if p.at >= len(p.text) {
		return plan.Errorf(plan.Invalid, "unexpected end: expected %s", want)
	}
	return plan.Errorf(plan.Invalid, "unexpected %q: expected %s", []rune(p.text[p.at:])[0], want)
}
