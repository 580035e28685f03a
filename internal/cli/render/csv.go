package render

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"unicode"

	"pm/internal/cli/term"
)

// CSV writes rows as RFC 4180 has them, the names of the columns first. In a
// spreadsheet it is inert: what that would take for a formula has an
// apostrophe before it, unless it is a number.
type CSV struct {
	w *csv.Writer
}

// NewCSV begins a table with these columns.
func NewCSV(w io.Writer, columns []string) *CSV {
	c := &CSV{csv.NewWriter(w)}
	c.w.Write(columns)
	return c
}

// Row writes the values of a row, as JSON has them: of a list its members
// between commas.
func (c *CSV) Row(values []any) error {
	cells := make([]string, len(values))
	for i, value := range values {
		cells[i] = inert(cellOf(value))
	}
	return c.w.Write(cells)
}

// Flush writes what is held.
func (c *CSV) Flush() error {
	c.w.Flush()
	return c.w.Error()
}

// cellOf is a value of JSON in one cell.
func cellOf(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return v.String()
	case []any:
		words := make([]string, len(v))
		for i, one := range v {
			words[i] = cellOf(one)
		}
		return strings.Join(words, ", ")
	}
	b, _ := json.Marshal(v)
	return string(b)
}

// formulas are the characters that spreadsheets begin a formula with, or a
// command of old ones, in their wide forms too.
const formulas = "=+-@|%＝＋－＠"

// inert returns a cell that a spreadsheet takes for a text or a number,
// whatever the cell says, and in which nothing is hidden.
func inert(s string) string {
	s = term.CleanText(s)
	first := strings.TrimLeftFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == 0xfeff || r == 0x200b })
	if first == "" {
		return s
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil && !strings.ContainsAny(s, "xXnN_") {
		return s
	}
	if strings.ContainsRune(formulas, []rune(first)[0]) || s[0] == '\t' || s[0] == '\n' || s[0] == '\'' {
		return "'" + s
	}
	return s
}
