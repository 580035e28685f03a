package db

import "time"

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
// all is set. After an error some of them may be inserted.
func (b *Batch) Flush(tx *Tx, all bool) error {
	return b.FlushEach(tx, all, func(int64, []any, int) error { return nil })
}

// FlushEach is Flush that calls done behind each statement, or what stands for one,
// with how many rows it changed, its arguments and how many rows these are.
func (b *Batch) FlushEach(tx *Tx, all bool, done func(changed int64, args []any, n int) error) error {
	file, is := tx.session.(fileSession)
	if !is {
		return b.Each(tx, all, func(s Stmt, args []any, n int) error {
			changed, err := tx.Exec(s, args...)
			if err != nil {
				return err
			}
			return done(changed, args, n)
		})
	}
	return b.take(all, func(args []any, n int) error {
		changed, err := b.run(tx, file, args)
		if err != nil {
			return tx.db.translate(err)
		}
		return done(changed, args, n)
	})
}

// together is how many rows SQLite gets in a statement, which is run again for the
// next ones: with more it is hardly quicker, and the rest, which is put row by row,
// is longer.
const together = 10

// run inserts rows into a file.
func (b *Batch) run(tx *Tx, file fileSession, args []any) (changed int64, err error) {
	for _, n := range []int{together, 1} {
		width := n * b.width()
		rows := args[:len(args)-len(args)%width]
		if err != nil || len(rows) == 0 || b.Singly && n > 1 {
			continue
		}
		s, began, more := Stmt{Name: b.Name, Text: tx.text(b.Insertion, n)}, time.Now(), int64(0)
		more, err = file.execRows(s.Text, width, rows)
		tx.observe(s, rows[:width], began, more, err)
		changed, args = changed+more, args[len(rows):]
	}
	return changed, err
}

// Each calls run with the statements for the rows: all but the last have one text,
// which is prepared once.
func (b *Batch) Each(tx *Tx, all bool, run func(s Stmt, args []any, n int) error) error {
	return b.take(all, func(args []any, n int) error {
		text := b.full
		if n < b.most {
			text = tx.text(b.Insertion, n)
		} else if text == "" {
			b.full = tx.text(b.Insertion, b.most)
			text = b.full
		}
		return run(Stmt{Name: b.Name, Text: text}, args, n)
	})
}

// take calls f with the arguments of the rows that fill a statement, and at last,
// if all is set, with those of the rest.
func (b *Batch) take(all bool, f func(args []any, n int) error) error {
	width, args := b.width(), b.args
	for b.n >= b.most || all && b.n > 0 {
		n := min(b.n, b.most)
		if err := f(args[:n*width], n); err != nil {
			return err
		}
		b.n -= n
		args = args[n*width:]
	}
	rest := copy(b.args, args)
	clear(b.args[rest:])
	b.args = b.args[:rest]
	return nil
}
