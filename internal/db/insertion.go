package db

import (
	"strconv"
	"strings"
)

// An Insertion is an insert statement for any number of rows. Nothing of it is
// worked out before it is used: a program has many, and a run of it needs few.
type Insertion struct {
	Name    string
	Replace bool // what has the same key
	Singly  bool // SQLite gets a statement for each row: one for many would keep copies of pages after all
	Table   string
	Columns string // in the order of the arguments, between them ", "
	Row     string // one row, with $%d for its parameters; empty: one parameter for each column
	Tail    string // behind the rows
}

// width returns how many parameters a row has.
func (i Insertion) width() int { return strings.Count(i.Columns, ",") + 1 }

// text returns the statement for n rows.
func (i Insertion) text(d *Dialect, n int) string {
	width, row := i.width(), i.Row
	if row == "" {
		row = "($%d" + strings.Repeat(", $%d", width-1) + ")"
	}
	parts := strings.Split(row, "$%d")
	var b strings.Builder
	b.Grow(len("insert or replace into  () values ") + len(i.Table) + len(i.Columns) + n*(len(row)+2*width) + len(i.Tail))
	b.WriteString("insert ")
	switch {
	case i.Replace:
		b.WriteString("or replace ")
	case n > 1:
		b.WriteString(d.several)
	}
	b.WriteString("into " + i.Table + " (" + i.Columns + ") values ")
	for p := range n * width {
		if p > 0 && p%width == 0 {
			b.WriteString(parts[width])
			b.WriteString(", ")
		}
		b.WriteString(parts[p%width])
		d.writeMark(&b, p+1)
	}
	b.WriteString(parts[width])
	b.WriteString(i.Tail)
	return b.String()
}

// Insert inserts one row.
func (tx *Tx) Insert(i Insertion, args ...any) error {
	_, err := tx.Exec(Stmt{Name: i.Name, Text: tx.text(i, 1)}, args...)
	return err
}

// text returns an Insertion's statement for n rows. Those that are used again and
// again are kept.
func (tx *Tx) text(i Insertion, n int) string {
	if n != 1 && n != together {
		return i.text(tx.db.d, n)
	}
	of := insertionOf{i.Name, n}
	if kept, known := tx.db.insertions.Load(of); known {
		return kept.(string)
	}
	text := i.text(tx.db.d, n)
	tx.db.insertions.Store(of, text)
	return text
}

type insertionOf struct {
	name string
	rows int
}

// writeMark writes the n-th parameter of a statement.
func (d *Dialect) writeMark(b *strings.Builder, n int) {
	if d.mark != "" {
		b.WriteString(d.mark)
		return
	}
	b.WriteByte('$')
	b.WriteString(strconv.Itoa(n))
}

// Mark returns the n-th parameter of a statement that names each once, in order.
func (d *Dialect) Mark(n int) string {
	var b strings.Builder
	d.writeMark(&b, n)
	return b.String()
}

// Marks returns the n parameters of a statement that has no others.
func (d *Dialect) Marks(n int) string {
	var b strings.Builder
	for p := range n {
		if p > 0 {
			b.WriteString(", ")
		}
		d.writeMark(&b, p+1)
	}
	return b.String()
}
