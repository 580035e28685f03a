package ops

import (
	"io"
	"slices"
)

// Members is a writer for one JSON object: it passes on the named members, as they
// come, and holds nothing but the name of the one it is in.
type Members struct {
	w     io.Writer
	names []string

	depth   int
	text    bool // in a string
	escaped bool // behind a backslash
	name    []byte
	value   bool // of a member; else its name
	keep    bool // the member is a named one
	any     bool // one was passed on
}

// NewMembers returns a writer that passes the named members on to w.
func NewMembers(w io.Writer, names []string) *Members { return &Members{w: w, names: names} }

// Write takes the next part of the object.
func (m *Members) Write(b []byte) (int, error) {
	out := make([]byte, 0, len(b))
	for _, c := range b {
		out = m.next(out, c)
	}
	if _, err := m.w.Write(out); err != nil {
		return 0, err
	}
	return len(b), nil
}

// next appends what is to be passed on with a byte.
func (m *Members) next(out []byte, c byte) []byte {
	if m.text {
		switch {
		case m.escaped:
			m.escaped = false
		case c == '\\':
			m.escaped = true
		case c == '"':
			m.text = false
		}
		return m.put(out, c)
	}
	switch {
	case c == '"':
		m.text = true
	case c == '{' || c == '[':
		if m.depth++; m.depth == 1 {
			return append(out, c)
		}
	case c == '}' || c == ']':
		if m.depth--; m.depth == 0 {
			m.value, m.keep = false, false
			return append(out, c)
		}
	case m.depth == 0:
		return append(out, c)
	case m.depth == 1 && c == ',':
		m.value, m.keep, m.name = false, false, m.name[:0]
		return out
	case m.depth == 1 && c == ':' && !m.value:
		m.value = true
		if m.keep = slices.Contains(m.names, string(trimQuotes(m.name))); m.keep {
			if m.any {
				out = append(out, ',')
			}
			m.any = true
			out = append(append(out, m.name...), ':')
		}
		return out
	}
	return m.put(out, c)
}

// put appends a byte of a value that is passed on, or keeps it of a name.
func (m *Members) put(out []byte, c byte) []byte {
	switch {
	case m.value && m.keep:
		return append(out, c)
	case !m.value:
		m.name = append(m.name, c)
	}
	return out
}

func trimQuotes(name []byte) []byte {
	if len(name) < 2 {
		return name
	}
	return name[1 : len(name)-1]
}
