package sqlite

import (
	"context"
	"slices"

	sqlite3 "modernc.org/sqlite/lib"
)

// Rows are the rows of a statement that is being run.
type Rows struct {
	s       *statement // nil once it has been given back
	columns []string
	ctx     context.Context
	stop    func()   // ends the watch over the context
	last    []string // the texts of the rows before, by column; nil before the first
	err     error
}

// Columns returns the names of the columns.
func (r *Rows) Columns() ([]string, error) { return r.columns, nil }

// Next goes on to the next row, and reports whether there is one. At the end,
// and after an error, the rows are closed.
func (r *Rows) Next() bool {
	if r.s == nil {
		return false
	}
	more, err := r.s.step(r.ctx)
	if more && r.last == nil {
		if int(sqlite3.Xsqlite3_data_count(r.s.c.tls, r.s.p)) != len(r.columns) {
			r.s.text = "" // SQLite has parsed a kept statement anew: it is not kept again
			err = &Error{code: sqlite3.SQLITE_SCHEMA, text: "the table's columns have changed"}
		}
		r.last = make([]string, len(r.columns))
	}
	if r.err = err; err != nil || !more {
		r.Close()
		return false
	}
	return true
}

// Err returns what ended the rows too early; nil if nothing did.
func (r *Rows) Err() error { return r.err }

// Close gives the statement back.
func (r *Rows) Close() error {
	if r.s != nil {
		r.stop()
		c := r.s.c
		at := slices.Index(c.open, r)
		c.open = slices.Delete(c.open, at, at+1)
		c.release(r.s)
		r.s = nil
	}
	return nil
}

// value returns a column of the row: nil, an int64, a float64, a string or a
// []byte.
func (r *Rows) value(i int) any {
	tls, p, column := r.s.c.tls, r.s.p, int32(i)
	switch r.kind(i) {
	case sqlite3.SQLITE_NULL:
		return nil
	case sqlite3.SQLITE_INTEGER:
		return sqlite3.Xsqlite3_column_int64(tls, p, column)
	case sqlite3.SQLITE_FLOAT:
		return sqlite3.Xsqlite3_column_double(tls, p, column)
	case sqlite3.SQLITE_TEXT:
		return r.text(i)
	}
	address := sqlite3.Xsqlite3_column_blob(tls, p, column)
	return []byte(text(address, sqlite3.Xsqlite3_column_bytes(tls, p, column)))
}

// text returns a column that is a text. One that is that of a row before is
// not copied again.
func (r *Rows) text(i int) string {
	address := sqlite3.Xsqlite3_column_text(r.s.c.tls, r.s.p, int32(i))
	n := sqlite3.Xsqlite3_column_bytes(r.s.c.tls, r.s.p, int32(i))
	if r.last[i] != view(address, n) {
		r.last[i] = text(address, n)
	}
	return r.last[i]
}

// kind returns the type of a column in this row.
func (r *Rows) kind(i int) int32 {
	return sqlite3.Xsqlite3_column_type(r.s.c.tls, r.s.p, int32(i))
}
