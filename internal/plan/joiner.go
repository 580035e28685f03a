package plan

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
)

// A Joiner writes one JSON value from consecutive parts, so that the whole
// value need not be in memory at once. Its methods write objects with members
// and lists, nested to any depth; To closes what is open. After an error,
// nothing more is written.
type Joiner struct {
	w    io.Writer
	open []byte // the closing brackets of what is open, innermost last
	some []bool // whether each has a member or an item already
	text bytes.Buffer
	e    *json.Encoder
	err  error
}

// NewJoiner returns a Joiner that writes to w.
func NewJoiner(w io.Writer) *Joiner {
	j := &Joiner{w: w}
	j.e = json.NewEncoder(&j.text)
	j.e.SetEscapeHTML(false)
	return j
}

// Depth returns how many objects and lists are open.
func (j *Joiner) Depth() int { return len(j.open) }

// Err returns the first error: of the writer, or of a value.
func (j *Joiner) Err() error { return j.err }

// Object begins an object: the value itself, or an item of the open list.
func (j *Joiner) Object() {
	j.comma()
	j.begin("{", '}')
}

// List begins a list, which is a member of the open object.
func (j *Joiner) List(name string) {
	j.comma()
	j.begin(`"`+name+`":[`, ']')
}

func (j *Joiner) begin(text string, end byte) {
	j.write([]byte(text))
	j.open, j.some = append(j.open, end), append(j.some, false)
}

// Members writes the members of v, which must be an object in JSON, into the
// open object.
func (j *Joiner) Members(v any) {
	if b := j.encode(v); len(b) > len("{}") {
		j.comma()
		j.write(b[1 : len(b)-1])
	}
}

// Item writes an item into the open list.
func (j *Joiner) Item(v any) {
	if b := j.encode(v); b != nil {
		j.comma()
		j.write(b)
	}
}

// To closes open objects and lists down to a depth; at 0 the value is
// complete.
func (j *Joiner) To(depth int) {
	if depth < len(j.open) {
		ends := slices.Clone(j.open[depth:])
		slices.Reverse(ends)
		j.write(ends)
		j.open, j.some = j.open[:depth], j.some[:depth]
	}
}

// comma writes the separator before the next part.
func (j *Joiner) comma() {
	last := len(j.some) - 1
	if last < 0 {
		return
	}
	if j.some[last] {
		j.write([]byte{','})
	}
	j.some[last] = true
}

func (j *Joiner) encode(v any) []byte {
	if j.err != nil {
		return nil
	}
	j.text.Reset()
	if j.err = j.e.Encode(v); j.err != nil {
		return nil
	}
	return EscapeJSON(bytes.TrimSuffix(j.text.Bytes(), []byte("\n")))
}

func (j *Joiner) write(b []byte) {
	if j.err == nil {
		_, j.err = j.w.Write(b)
	}
}
