package store

import (
	"strconv"
	"strings"
)

// An insertion is an insert statement for any number of rows. Nothing of it is
// worked out before it is used: a program has many, and a run of it needs few.
type insertion struct {
	name    string
	replace bool // what has the same key
	table   string
	columns string // in the order of the arguments, between them ", "
	row     string // one row, with $%d for its parameters; empty: one parameter for each column
	tail    string // behind the rows
}

// width returns how many parameters a row has.
func (i insertion) width() int { return strings.Count(i.columns, ",") + 1 }

// text returns the statement for n rows.
func (i insertion) text(d *dialect, n int) string {
	width, row := i.width(), i.row
	if row == "" {
		row = "($%d" + strings.Repeat(", $%d", width-1) + ")"
	}
	parts := strings.Split(row, "$%d")
	var b strings.Builder
	b.Grow(len("insert or replace into  () values ") + len(i.table) + len(i.columns) + n*(len(row)+2*width) + len(i.tail))
	b.WriteString("insert ")
	if i.replace {
		b.WriteString("or replace ")
	}
	b.WriteString("into " + i.table + " (" + i.columns + ") values ")
	for p := range n * width {
		if p > 0 && p%width == 0 {
			b.WriteString(parts[width])
			b.WriteString(", ")
		}
		b.WriteString(parts[p%width])
		d.writeMark(&b, p+1)
	}
	b.WriteString(parts[width])
	b.WriteString(i.tail)
	return b.String()
}

// insert inserts one row.
func (tx *Tx) insert(i insertion, args ...any) error {
	_, err := tx.exec(stmt{i.name, tx.text(i, 1)}, args...)
	return err
}

// text returns an insertion's statement for n rows. That for one is kept.
func (tx *Tx) text(i insertion, n int) string {
	if n != 1 {
		return i.text(tx.db.d, n)
	}
	if kept, known := tx.db.single.Load(i.name); known {
		return kept.(string)
	}
	text := i.text(tx.db.d, 1)
	tx.db.single.Store(i.name, text)
	return text
}

// writeMark writes the n-th parameter of a statement.
func (d *dialect) writeMark(b *strings.Builder, n int) {
	if d.mark != "" {
		b.WriteString(d.mark)
		return
	}
	b.WriteByte('$')
	b.WriteString(strconv.Itoa(n))
}

// marks returns the n parameters of a statement that has no others.
func (d *dialect) marks(n int) string {
	var b strings.Builder
	for p := range n {
		if p > 0 {
			b.WriteString(", ")
		}
		d.writeMark(&b, p+1)
	}
	return b.String()
}

// rows are the rows of one table that wait to be inserted.
type rows struct {
	insertion
	most int // in one statement: enough that its own cost does not count, few enough for the parameters of SQLite
	n    int
	args []any
	full string // the statement for most rows
}

func (r *rows) add(id any, rest []any) {
	if r.args == nil {
		r.args = make([]any, 0, 1+len(rest))
	}
	r.args = append(append(r.args, id), rest...)
	r.n++
}

// flush inserts the rows, but a rest that does not fill a statement only if
// all is set.
func (r *rows) flush(tx *Tx, all bool) error {
	return r.each(tx, all, func(s stmt, args []any, _ int) error {
		_, err := tx.exec(s, args...)
		return err
	})
}

// each calls run with the statements for the rows, as flush would run them:
// all but the last have one text, which is prepared once.
func (r *rows) each(tx *Tx, all bool, run func(s stmt, args []any, n int) error) error {
	width := r.width()
	for r.n >= r.most || all && r.n > 0 {
		n, text := min(r.n, r.most), r.full
		if n < r.most {
			text = tx.text(r.insertion, n)
		} else if text == "" {
			r.full = tx.text(r.insertion, r.most)
			text = r.full
		}
		if err := run(stmt{r.name, text}, r.args[:n*width], n); err != nil {
			return err
		}
		r.n -= n
		r.args = append(r.args[:0], r.args[n*width:]...)
	}
	return nil
}
