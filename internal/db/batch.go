package db

// A Batch holds rows of one table that wait to be inserted.
type Batch struct {
	Insertion
	most int // in one statement: enough that its own cost does not count, few enough for the parameters of SQLite
	n    int
	args []any
	full string // the statement for most rows
}

// NewBatch returns an empty batch that inserts at most most rows in a statement.
func NewBatch(i Insertion, most int) Batch { return Batch{Insertion: i, most: most} }

// Waiting returns how many rows wait.
func (b *Batch) Waiting() int { return b.n }

// Add adds a row: its id, and the rest of the columns.
func (b *Batch) Add(id any, rest []any) {
	if b.args == nil {
		b.args = make([]any, 0, 1+len(rest))
	}
	b.args = append(append(b.args, id), rest...)
	b.n++
}

// Flush inserts the rows, but a rest that does not fill a statement only if
// all is set.
func (b *Batch) Flush(tx *Tx, all bool) error {
	return b.Each(tx, all, func(s Stmt, args []any, _ int) error {
		_, err := tx.Exec(s, args...)
		return err
	})
}

// Each calls run with the statements for the rows, as Flush would run them:
// all but the last have one text, which is prepared once.
func (b *Batch) Each(tx *Tx, all bool, run func(s Stmt, args []any, n int) error) error {
	width := b.width()
	for b.n >= b.most || all && b.n > 0 {
		n, text := min(b.n, b.most), b.full
		if n < b.most {
			text = tx.text(b.Insertion, n)
		} else if text == "" {
			b.full = tx.text(b.Insertion, b.most)
			text = b.full
		}
		if err := run(Stmt{b.Name, text}, b.args[:n*width], n); err != nil {
			return err
		}
		b.n -= n
		b.args = append(b.args[:0], b.args[n*width:]...)
	}
	return nil
}
