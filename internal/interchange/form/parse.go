package form

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// A parser reads JSON that is as it should be, but for a comma that nothing follows,
// and gives up at anything else unless it is mending.
type parser struct {
	text  []byte
	at    int
	line  int
	words *words
	comma int // the line of the first comma that nothing follows; 0: none

	mending bool // objects of a list that are no JSON are left out
	bad     []*JSONError

	stream *stream // takes the members of some lists; nil: all stay in the value
}

// A stream takes the members of the lists of a name, which are too many to be in memory
// together. Its names are those of the objects that the list is in, and its own.
type stream struct {
	list  string
	f     func(names []string, v *Value)
	names []string
	taken int // members
	seen  int // of them, by another parser of the same text
}

// take takes a member of a list, if the list is one of its own.
func (s *stream) take(v *Value) bool {
	if n := len(s.names); n == 0 || n > 2 || s.names[n-1] != s.list {
		return false
	}
	if s.taken++; s.taken > s.seen {
		s.f(s.names, v)
	}
	return true
}

// parse reads one value, of which the first line has the number line. Its names
// and short texts are from words. A comma that nothing follows is passed over: its
// line is comma. Where it is not ok, ParseJSON says why.
func parse(text []byte, line int, words *words, to *stream) (v *Value, comma int, ok bool) {
	p := parser{text: text, line: line, words: words, stream: to}
	v = &Value{}
	if !p.value(v, 0) {
		return nil, 0, false
	}
	p.space()
	return v, p.comma, p.at == len(text)
}

// ends reports whether what holds values ends with c behind a comma, as people
// leave one there.
func (p *parser) ends(c byte) bool {
	line := p.line
	if !p.next(c) {
		return false
	}
	if p.comma == 0 {
		p.comma = line
	}
	return true
}

// space passes over what stands between values.
func (p *parser) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case '\n':
			p.line++
		case ' ', '\t', '\r':
		default:
			return
		}
		p.at++
	}
}

// next passes over spaces and over c, if that comes next.
func (p *parser) next(c byte) bool {
	if p.space(); p.at == len(p.text) || p.text[p.at] != c {
		return false
	}
	p.at++
	return true
}

func (p *parser) literal(word string) bool {
	if !bytes.HasPrefix(p.text[p.at:], []byte(word)) {
		return false
	}
	p.at += len(word)
	return true
}

func (p *parser) value(v *Value, depth int) (ok bool) {
	if p.space(); p.at == len(p.text) || depth > mostNested {
		return false
	}
	v.Line = p.line
	switch c := p.text[p.at]; c {
	case '"':
		v.Text, ok = p.string()
		return ok
	case '{':
		return p.object(v, depth)
	case '[':
		return p.list(v, depth)
	case 't':
		v.Text = "true"
		return p.literal("true")
	case 'f':
		v.Text = "false"
		return p.literal("false")
	case 'n':
		v.Null = true
		return p.literal("null")
	default:
		v.Text, ok = p.number()
		return ok
	}
}

func (p *parser) object(v *Value, depth int) bool {
	p.at++
	if v.IsMap = true; p.next('}') {
		return true
	}
	for {
		if p.space(); p.at == len(p.text) || p.text[p.at] != '"' {
			return false
		}
		name, ok := p.string()
		if !ok || !p.next(':') {
			return false
		}
		c := &Value{}
		if p.stream != nil {
			p.stream.names = append(p.stream.names, name)
		}
		read := p.value(c, depth+1)
		if p.stream != nil {
			p.stream.names = p.stream.names[:len(p.stream.names)-1]
		}
		if !read {
			return false
		}
		if v.Fields == nil {
			v.Fields = make([]Named, 0, 8)
		}
		if v.Fields = append(v.Fields, Named{name, c}); !p.next(',') {
			return p.next('}') || p.cut()
		}
		if p.ends('}') {
			return true
		}
	}
}

func (p *parser) list(v *Value, depth int) bool {
	p.at++
	if v.IsList = true; p.next(']') {
		return true
	}
	for {
		c := &Value{}
		p.space()
		begin, line, known := p.at, p.line, len(p.bad)
		switch read := p.value(c, depth+1); {
		case read && p.between():
			if p.stream == nil || !p.stream.take(c) {
				v.List = append(v.List, c)
			}
		case !p.leaveOut(begin, line, known):
			return false
		}
		if !p.next(',') {
			return p.next(']') || p.cut()
		}
		if p.ends(']') {
			return true
		}
	}
}

// string reads a text. One with escapes or with bytes that are not UTF-8 is left
// to the standard library.
func (p *parser) string() (string, bool) {
	begin := p.at
	plain := true
	for at := begin + 1; at < len(p.text); at++ {
		switch c := p.text[at]; {
		case c == '\\':
			plain = false
			at++
		case c < ' ':
			return "", false
		case c == '"':
			p.at = at + 1
			if inner := p.text[begin+1 : at]; plain && utf8.Valid(inner) {
				return p.words.of(inner), true
			}
			var s string
			err := json.Unmarshal(p.text[begin:at+1], &s)
			return s, err == nil
		}
	}
	return "", false
}

// number reads a number as it is written.
func (p *parser) number() (string, bool) {
	begin := p.at
	for p.at < len(p.text) {
		if c := p.text[p.at]; (c < '0' || c > '9') && c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E' {
			break
		}
		p.at++
	}
	word := p.text[begin:p.at]
	return p.words.of(word), len(word) > 0 && json.Valid(word)
}

// between reports whether a member of a list ends where one has to, unless nothing
// is mended.
func (p *parser) between() bool {
	p.space()
	return !p.mending || p.at == len(p.text) || p.text[p.at] == ',' || p.text[p.at] == ']'
}

// cut reports whether the text ends here, and what was read of it is wanted.
func (p *parser) cut() bool {
	p.space()
	return p.mending && len(p.bad) > 0 && p.at == len(p.text)
}

// leaveOut passes over an object of a list that is no JSON: up to the comma or the
// bracket that stands outside of its texts and brackets, or to the end. Of the objects
// that were left out so far, it keeps those that are known: the others are in it.
func (p *parser) leaveOut(begin, line, known int) bool {
	if !p.mending || begin == len(p.text) || p.text[begin] != '{' {
		return false
	}
	end, depth, quoted := begin, 0, false
scan:
	for ; end < len(p.text); end++ {
		switch c := p.text[end]; {
		case quoted && c == '\\':
			end++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case depth == 0 && (c == ',' || c == ']'):
			break scan
		case c == '}' || c == ']':
			depth--
		}
	}
	end = min(end, len(p.text))
	member := p.text[begin:end]
	_, _, err := parseJSON(member, line, p.words, nil)
	if err == nil {
		return false
	}
	p.bad = append(p.bad[:known], err.(*JSONError))
	p.at, p.line = end, line+bytes.Count(member, []byte("\n"))
	return true
}

// mend reads one value of which objects in lists may be no JSON: these are left out,
// and returned as errors. What a stream has taken is not given to it again.
func mend(text []byte, words *words, to *stream) (v *Value, bad []*JSONError) {
	p := parser{text: text, line: 1, words: words, mending: true, stream: to}
	if to != nil {
		to.names, to.taken, to.seen = nil, 0, to.taken
	}
	v = &Value{}
	if !p.value(v, 0) {
		return nil, nil
	}
	if p.space(); p.at < len(p.text) || len(p.bad) == 0 {
		return nil, nil
	}
	return v, p.bad
}
