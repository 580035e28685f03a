package form

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"pm/internal/interchange"
)

// mostNested bounds how deep JSON nests.
const mostNested = 200

// MaxLine bounds a line of JSON, in bytes.
const MaxLine = 16 << 20

// A Value is a value of JSON that knows its line.
type Value struct {
	Line   int
	Text   string // of a text, a number, true or false
	List   []*Value
	Fields []Named // of an object, in its order
	Null   bool
	IsList bool
	IsMap  bool
}

// A Named is a field of an object.
type Named struct {
	Name  string
	Value *Value
}

// A valueReader reads JSON, and counts its lines.
type valueReader struct {
	*json.Decoder
	text []byte
	read int
	line int
}

// ParseJSON reads one value, of which the first line has the number line.
func ParseJSON(text []byte, line int) (*Value, error) {
	v, _, err := parseJSON(text, line, &words{}, nil)
	return v, err
}

// parseJSON is ParseJSON; comma is the line of a comma that nothing follows, which
// is passed over.
func parseJSON(text []byte, line int, w *words, to *stream) (v *Value, comma int, err error) {
	if v, comma, ok := parse(text, line, w, to); ok {
		return v, comma, nil
	}
	r := &valueReader{Decoder: json.NewDecoder(bytes.NewReader(text)), text: text, line: line}
	r.UseNumber()
	v, err = r.value(0)
	if err == nil && len(bytes.TrimSpace(text[r.InputOffset():])) > 0 {
		err = fmt.Errorf("more than one JSON value")
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("the JSON is truncated")
	}
	if err != nil {
		at := r.InputOffset()
		var bad *json.SyntaxError
		if errors.As(err, &bad) {
			at = bad.Offset
		}
		at = min(max(at, 0), int64(len(text)))
		return v, 0, &JSONError{Line: line + bytes.Count(text[:at], []byte("\n")), Err: err}
	}
	return v, 0, nil
}

// tellComma reports a comma that nothing follows, by its line; 0 is none.
func (o *Outline) tellComma(name string, line int) {
	if line > 0 {
		o.Find(name, line, interchange.Warning, "nothing follows a comma: it is ignored")
	}
}

// A JSONError is why a text is not JSON, and in which line.
type JSONError struct {
	Line int
	Err  error
}

func (e *JSONError) Error() string { return e.Err.Error() }

// Unwrap returns what the reader of JSON says.
func (e *JSONError) Unwrap() error { return e.Err }

// LineOf returns the line of an error in JSON; 0 where none is known.
func LineOf(err error) int {
	var bad *JSONError
	if errors.As(err, &bad) {
		return bad.Line
	}
	return 0
}

func (r *valueReader) value(depth int) (*Value, error) {
	token, err := r.Token()
	if err != nil {
		return nil, err
	}
	if depth > mostNested {
		return nil, fmt.Errorf("nested deeper than %d levels", mostNested)
	}
	at := int(r.InputOffset())
	r.line += bytes.Count(r.text[r.read:at], []byte("\n"))
	r.read = at
	v := &Value{Line: r.line}
	switch t := token.(type) {
	case json.Delim:
		v.IsList, v.IsMap = t == '[', t == '{'
		for r.More() {
			name := ""
			if v.IsMap {
				key, err := r.Token()
				if err != nil {
					return nil, err
				}
				name, _ = key.(string)
			}
			c, err := r.value(depth + 1)
			if err != nil {
				return nil, err
			}
			if v.IsMap {
				v.Fields = append(v.Fields, Named{name, c})
			} else {
				v.List = append(v.List, c)
			}
		}
		_, err = r.Token()
		return v, err
	case json.Number:
		v.Text = t.String()
	case bool:
		v.Text = strconv.FormatBool(t)
	case nil:
		v.Null = true
	case string:
		v.Text = t
	}
	return v, nil
}

// Get returns a field of an object; nil if there is none, or it is null.
func (v *Value) Get(names ...string) *Value {
	if v == nil {
		return nil
	}
	for _, name := range names {
		for _, f := range v.Fields {
			if f.Name == name && !f.Value.Null {
				return f.Value
			}
		}
	}
	return nil
}

// Has reports whether an object has a field, which may be null.
func (v *Value) Has(name string) bool {
	return v != nil && slices.ContainsFunc(v.Fields, func(f Named) bool { return f.Name == name })
}

// Str returns the text of a field; empty if there is none.
func (v *Value) Str(names ...string) string { return v.Get(names...).String() }

// String returns v as a text: that of a list is its members between commas.
func (v *Value) String() string {
	switch {
	case v == nil || v.Null:
		return ""
	case v.IsList:
		return strings.Join(v.Texts(), ", ")
	case v.IsMap:
		var words []string
		for _, f := range v.Fields {
			if text := f.Value.String(); text != "" {
				words = append(words, f.Name+": "+text)
			}
		}
		return strings.Join(words, ", ")
	}
	return v.Text
}

// Texts returns the members of a list as texts; a text is a list of one.
func (v *Value) Texts() (out []string) {
	switch {
	case v == nil || v.Null:
		return nil
	case !v.IsList:
		if v.Text == "" && !v.IsMap {
			return nil
		}
		return []string{v.String()}
	}
	for _, c := range v.List {
		if text := c.String(); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// Rest counts the fields of a record that the reader has not named: pm has no
// place for them.
func (o *Outline) Rest(i *Item, v *Value, known ...string) {
	for _, f := range v.Fields {
		if !slices.Contains(known, f.Name) {
			o.NoHome(i, f.Name, f.Value.String())
		}
	}
}

// JSON reads a file that is one value. One that cannot be read is a finding, and nil.
func (s *Source) JSON(o *Outline, name string) *Value { return s.json(o, name, nil) }

// JSONOf is JSON, with the members of the lists of a name given to f one at a time, with
// the names of what they are in: they are not in the value.
func (s *Source) JSONOf(o *Outline, name, list string, f func(names []string, v *Value)) *Value {
	return s.json(o, name, &stream{list: list, f: f})
}

func (s *Source) json(o *Outline, name string, to *stream) *Value {
	text, err := s.Read(name, MaxFile)
	if err != nil {
		o.Find(name, 0, interchange.Failed, "cannot be read: %s", Reason(err))
		return nil
	}
	v, comma, err := parseJSON(text, 1, &o.words, to)
	if err != nil {
		var bad []*JSONError
		if v, bad = mend(text, &o.words, to); v == nil {
			o.Find(name, LineOf(err), interchange.Failed, "cannot be read: %s", Reason(err))
			return nil
		}
		for _, b := range bad {
			o.Records++
			o.Find(name, b.Line, interchange.Failed, "not a record: %s", b)
		}
	}
	o.Files++
	o.tellComma(name, comma)
	return v
}

// Items returns the members of a list; none of what is no list.
func (v *Value) Items() []*Value {
	if v == nil {
		return nil
	}
	return v.List
}

// IsAList reports whether v is there, and a list.
func (v *Value) IsAList() bool { return v != nil && v.IsList }

// IsObject reports whether v is there, and an object.
func (v *Value) IsObject() bool { return v != nil && v.IsMap }
