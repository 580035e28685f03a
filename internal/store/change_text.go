package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"pm/internal/plan"
)

// readChange reads a stored change. Histories are read by the thousands, and nearly
// all of their changes are of fields from one plain value to another, which is read
// here without the detour of a decoder for all of JSON.
func readChange(text string) (plan.Change, error) {
	if c, plain := readPlain(text); plain {
		return c, nil
	}
	var c plan.Change
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	err := d.Decode(&c)
	if err == nil && d.InputOffset() < int64(len(text)) {
		err = errors.New("text after the end of a change")
	}
	return c, err
}

// readPlain reads {"field":[before,after],…} whose values are texts without
// escapes, numbers, true, false and null, and that has no spaces between them.
func readPlain(text string) (c plan.Change, plain bool) {
	p := plainReader{text}
	c = make(plan.Change, 4)
	for sep := "{"; len(c) == 0 || !p.skip("}"); sep = "," {
		var v [2]any
		if !p.skip(sep) {
			return nil, false
		}
		field, plain := p.text()
		if !plain || !p.skip(":[") || !p.value(&v[0]) || !p.skip(",") || !p.value(&v[1]) || !p.skip("]") {
			return nil, false
		}
		c[field] = v
	}
	return c, p.rest == ""
}

type plainReader struct{ rest string }

func (p *plainReader) skip(s string) bool {
	rest, found := strings.CutPrefix(p.rest, s)
	p.rest = rest
	return found
}

// text reads a text in quotes.
func (p *plainReader) text() (s string, plain bool) {
	if !p.skip(`"`) {
		return "", false
	}
	end := strings.IndexAny(p.rest, `"\`)
	if end < 0 || p.rest[end] != '"' || strings.ContainsFunc(p.rest[:end], func(r rune) bool { return r < ' ' || r == '\uFFFD' }) {
		return "", false
	}
	s, p.rest = p.rest[:end], p.rest[end+1:]
	return s, true
}

func (p *plainReader) value(v *any) (plain bool) {
	switch {
	case p.skip("null"):
	case p.skip("true"):
		*v = true
	case p.skip("false"):
		*v = false
	case strings.HasPrefix(p.rest, `"`):
		*v, plain = p.text()
		return plain
	default:
		n := len(p.rest) - len(strings.TrimLeft(p.rest, "0123456789"))
		if n == 0 || n > 1 && p.rest[0] == '0' || n < len(p.rest) && strings.IndexByte(",]", p.rest[n]) < 0 {
			return false
		}
		*v, p.rest = json.Number(p.rest[:n]), p.rest[n:]
	}
	return true
}
