package store

import (
	"strconv"
	"strings"
)

// placeholders returns "$from, …, $(from+n-1)".
func placeholders(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(from + i))
	}
	return b.String()
}

// aliased returns columns behind the alias of their table.
func aliased(columns, alias string) string {
	return alias + "." + strings.ReplaceAll(columns, ", ", ", "+alias+".")
}

// A where collects the terms of a filter and their arguments.
type where struct {
	terms []string
	args  []any
}

// arg adds an argument and returns its placeholder.
func (w *where) arg(v any) string {
	w.args = append(w.args, v)
	return "$" + strconv.Itoa(len(w.args))
}

func (w *where) add(term string) { w.terms = append(w.terms, term) }

// in adds "column in (…)"; nothing for no values.
func in[T any](w *where, column string, values []T) {
	switch len(values) {
	case 0:
	case 1:
		w.add(column + " = " + w.arg(values[0]))
	default:
		w.add(column + " in (" + listed(w, values) + ")")
	}
}

// listed adds the values as arguments and returns their placeholders.
func listed[T any](w *where, values []T) string {
	from := len(w.args) + 1
	for _, v := range values {
		w.arg(v)
	}
	return placeholders(from, len(values))
}

func (w *where) sql() string {
	if len(w.terms) == 0 {
		return ""
	}
	return " where " + strings.Join(w.terms, " and ")
}
