package plan

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MarshalJSON writes the values in the order of their names, like a map, but
// without reflecting on each value.
func (f Fields) MarshalJSON() ([]byte, error) {
	if f == nil {
		return []byte("null"), nil
	}
	out := append(make([]byte, 0, 128), '{')
	var room [8]string // for the names: a list writes these for every row
	names := slices.AppendSeq(room[:0], maps.Keys(f))
	slices.Sort(names)
	for i, name := range names {
		if i > 0 {
			out = append(out, ',')
		}
		if isFieldName(name) {
			out = append(append(append(out, '"'), name...), '"', ':')
		} else {
			out = append(append(out, TextValue(name)...), ':')
		}
		if v := f[name]; v != "" {
			out = append(out, v...)
		} else {
			out = append(out, "null"...)
		}
	}
	return append(out, '}'), nil
}

// ReadFields reads fields in the form that MarshalJSON writes, and any other
// JSON form.
func ReadFields(text string) (Fields, error) {
	if f, plain := readPlainFields(text); plain {
		return f, nil
	}
	var f Fields
	err := json.Unmarshal([]byte(text), &f)
	return f, err
}

// readPlainFields reads JSON without escapes, and without white space outside
// texts: lists read fields for every row.
func readPlainFields(text string) (f Fields, plain bool) {
	if len(text) < 2 || text[0] != '{' || text[len(text)-1] != '}' || strings.ContainsAny(text, "\\\u2028\u2029") || !utf8.ValidString(text) {
		return nil, false
	}
	f = Fields{}
	for rest := text[1 : len(text)-1]; ; {
		name, after, ok := cutText(rest)
		if !ok || !strings.HasPrefix(after, ":") {
			return nil, false
		}
		value, left := after[1:], ""
		if strings.HasPrefix(value, `"`) {
			if _, left, ok = cutText(value); !ok {
				return nil, false
			}
		} else if end := strings.IndexByte(value, ','); end >= 0 {
			left = value[end:]
		}
		value = value[:len(value)-len(left)]
		if !isFieldValue(value) {
			return nil, false
		}
		if strings.ContainsFunc(name, unicode.IsControl) {
			return nil, false
		}
		f[name[1:len(name)-1]] = FieldValue(value)
		if left == "" {
			return f, true
		}
		if left[0] != ',' {
			return nil, false
		}
		rest = left[1:]
	}
}

// cutText splits a quoted text without escapes off the beginning of s.
func cutText(s string) (text, after string, ok bool) {
	if len(s) < 2 || s[0] != '"' {
		return "", "", false
	}
	end := strings.IndexByte(s[1:], '"')
	if end < 0 {
		return "", "", false
	}
	return s[:end+2], s[end+2:], true
}

// isFieldValue reports whether JSON without escapes is a text, a number or a
// boolean.
func isFieldValue(s string) bool {
	switch {
	case s == "":
		return false
	case len(s) == 1:
		return s[0] >= '0' && s[0] <= '9'
	case s[0] == '"':
		return len(s) > 2 && !strings.ContainsFunc(s, unicode.IsControl)
	case s == string(Yes), s == string(No):
		return true
	}
	return (s[0] == '-' || s[0] >= '0' && s[0] <= '9') && json.Valid([]byte(s))
}
