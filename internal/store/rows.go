package store

import (
	"strconv"
	"strings"
)

// An insertion is an insert statement for any number of rows.
type insertion struct {
	name       string
	head, tail string // around the rows
	row        string // one row, with $%d for its parameters
	width      int    // parameters of a row
}

// text returns the statement for n rows.
func (i insertion) text(d *dialect, n int) string {
	var b strings.Builder
	b.Grow(len(i.head) + n*(len(i.row)+2*i.width) + len(i.tail))
	b.WriteString(i.head)
	parts := strings.Split(i.row, "$%d")
	for p := range n * i.width {
		if p > 0 && p%i.width == 0 {
			b.WriteString(parts[i.width])
			b.WriteString(", ")
		}
		b.WriteString(parts[p%i.width])
		d.writeMark(&b, p+1)
	}
	b.WriteString(parts[i.width])
	b.WriteString(i.tail)
	return b.String()
}

// text returns an insertion's statement for n rows. That for one is kept.
func (tx *Tx) text(i insertion, n int) string {
	if n != 1 {
		return i.text(tx.db.d, n)
	}
	if kept, known := tx.db.single.Load(i.head); known {
		return kept.(string)
	}
	text := i.text(tx.db.d, 1)
	tx.db.single.Store(i.head, text)
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

// returning returns the insertion whose statement answers with a column of
// each row, in no order.
func (i insertion) returning(column string) insertion {
	i.tail += " returning " + column
	return i
}

// insertion returns the insert of all columns.
func (c columns) insertion(name, table string) insertion {
	return insertion{name: name, head: "insert into " + table + " (" + c.of("") + ") values ",
		row: "($%d" + strings.Repeat(", $%d", len(c)-1) + ")", width: len(c)}
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
		r.args = make([]any, 0, r.width)
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
	for r.n >= r.most || all && r.n > 0 {
		n, text := min(r.n, r.most), r.full
		if n < r.most {
			text = tx.text(r.insertion, n)
		} else if text == "" {
			r.full = tx.text(r.insertion, r.most)
			text = r.full
		}
		if err := run(stmt{r.name, text}, r.args[:n*r.width], n); err != nil {
			return err
		}
		r.n -= n
		r.args = append(r.args[:0], r.args[n*r.width:]...)
	}
	return nil
}
