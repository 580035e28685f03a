package sqlite

import (
	"context"
	"database/sql/driver"
	"io"

	sqlite3 "modernc.org/sqlite/lib"
)

// rows are the rows of a statement that is being run.
type rows struct {
	s    *statement
	ctx  context.Context
	stop func()         // ends the watch over the context
	last []driver.Value // the row before
}

// Columns returns the names of the columns.
func (r *rows) Columns() []string { return r.s.columns }

// Close gives the statement back.
func (r *rows) Close() error {
	if r.s != nil {
		r.stop()
		r.s.c.release(r.s)
		r.s = nil
	}
	return nil
}

// Next reads the next row. A text that is that of the row before, in the same
// column, is not copied again.
func (r *rows) Next(to []driver.Value) error {
	more, err := r.s.step(r.ctx)
	if err != nil {
		return err
	}
	if !more {
		return io.EOF
	}
	tls, p := r.s.c.tls, r.s.p
	if r.last == nil {
		if int(sqlite3.Xsqlite3_data_count(tls, p)) != len(to) {
			r.s.text = "" // SQLite has parsed a kept statement anew: it is not kept again
			return &Error{sqlite3.SQLITE_SCHEMA, "the table has other columns now"}
		}
		r.last = make([]driver.Value, len(to))
	}
	for i := range to {
		column := int32(i)
		switch sqlite3.Xsqlite3_column_type(tls, p, column) {
		case sqlite3.SQLITE_NULL:
			to[i] = nil
		case sqlite3.SQLITE_INTEGER:
			to[i] = sqlite3.Xsqlite3_column_int64(tls, p, column)
		case sqlite3.SQLITE_FLOAT:
			to[i] = sqlite3.Xsqlite3_column_double(tls, p, column)
		case sqlite3.SQLITE_TEXT:
			address := sqlite3.Xsqlite3_column_text(tls, p, column)
			n := sqlite3.Xsqlite3_column_bytes(tls, p, column)
			if before, ok := r.last[i].(string); !ok || before != view(address, n) {
				r.last[i] = text(address, n)
			}
			to[i] = r.last[i]
		default:
			address := sqlite3.Xsqlite3_column_blob(tls, p, column)
			to[i] = []byte(text(address, sqlite3.Xsqlite3_column_bytes(tls, p, column)))
		}
	}
	return nil
}
