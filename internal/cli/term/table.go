package term

import (
	"bufio"
	"io"
	"slices"
	"strings"
)

// Align says on which side of its column a cell stands.
type Align uint8

const (
	Left Align = iota
	Right
)

// Column describes one column of a Table.
type Column struct {
	Header string
	Align  Align
	Shrink bool // gives way first when the terminal is narrow: a title
	Drop   int  // not 0: left out, the highest first, before a title is squeezed
}

// Cell is one value of a row.
type Cell struct {
	Text  string
	Style Style
	Plain string // stands for Text in a pipe, when not empty: 45 for a bar, a full time for "3m ago"
}

// Table collects rows and prints them for a terminal or a pipe. A row may be
// shorter than Columns, its other cells are empty; or longer, its further
// columns have no header.
type Table struct {
	Columns []Column

	// Widths, where set, are those of the tables before this one, which it goes
	// on with: no column is narrower, and what it needs is kept there.
	Widths *[]int

	rows [][]Cell
}

// Row adds a row of plain cells.
func (t *Table) Row(texts ...string) {
	row := make([]Cell, len(texts))
	for i, s := range texts {
		row[i].Text = s
	}
	t.Cells(row...)
}

// Cells adds a row.
func (t *Table) Cells(row ...Cell) { t.rows = append(t.rows, row) }

// Render prints the table to w; without rows it prints nothing. Every cell
// passes Clean. The error is that of w.
//
// For a terminal the columns are aligned, two spaces apart, under a bold
// header, and lines end without spaces. Where the terminal is too narrow,
// columns with a Drop are left out first, until those that Shrink keep 24
// cells. What is still wider is truncated: columns that Shrink first, to eight
// cells; then the others, to three; last the first column, which holds the
// key, to twenty. Where that is not enough columns are left out from the
// right, those that Shrink last.
//
// In a pipe a row is its values, whole, with a tab between, without header.
func (t *Table) Render(w io.Writer, out Output) error {
	if len(t.rows) == 0 {
		return nil
	}
	b := bufio.NewWriter(w)
	if out.Terminal {
		t.renderAligned(b, out)
	} else {
		t.renderPlain(b)
	}
	return b.Flush()
}

func (t *Table) renderPlain(b *bufio.Writer) {
	n := t.len()
	for _, row := range t.rows {
		for i := range n {
			if i > 0 {
				b.WriteByte('\t')
			}
			if i < len(row) {
				b.WriteString(Clean(row[i].plain()))
			}
		}
		b.WriteByte('\n')
	}
}

func (c Cell) plain() string {
	if c.Plain != "" {
		return c.Plain
	}
	return c.Text
}

func (t *Table) renderAligned(b *bufio.Writer, out Output) {
	rows := t.cleanRows()
	widths := natural(rows, t.len())
	if t.Widths != nil {
		for i := range min(len(widths), len(*t.Widths)) {
			widths[i] = max(widths[i], (*t.Widths)[i])
		}
		*t.Widths = slices.Clone(widths)
	}
	widths = t.fit(widths, out.columns())
	for _, row := range rows {
		t.writeLine(b, out, row, widths)
	}
}

// cleanRows returns the rows as a terminal shows them, the header first if a
// column has one.
func (t *Table) cleanRows() [][]Cell {
	rows := make([][]Cell, 0, len(t.rows)+1)
	header, named := make([]Cell, len(t.Columns)), false
	for i, c := range t.Columns {
		header[i] = Cell{Text: c.Header, Style: Bold}
		named = named || c.Header != ""
	}
	if named {
		rows = append(rows, cleanRow(header))
	}
	for _, row := range t.rows {
		rows = append(rows, cleanRow(row))
	}
	return rows
}

func cleanRow(row []Cell) []Cell {
	clean := make([]Cell, len(row))
	for i, c := range row {
		clean[i] = Cell{Text: strings.TrimRight(Clean(c.Text), " "), Style: c.Style}
	}
	return clean
}

// writeLine holds spaces back until a text follows them.
func (t *Table) writeLine(b *bufio.Writer, out Output, row []Cell, widths []int) {
	gap := 0
	for i, w := range widths {
		if w == hidden {
			continue
		}
		var c Cell
		if i < len(row) {
			c = row[i]
		}
		text := truncate(c.Text, w, out.ellipsis())
		fill := w - Width(text)
		if t.column(i).Align == Right {
			gap, fill = gap+fill, 0
		}
		if text != "" {
			b.WriteString(strings.Repeat(" ", gap) + out.Paint(c.Style, text))
			gap = 0
		}
		gap += fill + len(between)
	}
	b.WriteByte('\n')
}

func (o Output) ellipsis() string {
	if o.Unicode {
		return "…"
	}
	return "..."
}
