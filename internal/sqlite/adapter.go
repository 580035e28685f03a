package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"

	sqlite3 "modernc.org/sqlite/lib"
)

// What database/sql wants of a connection, over what the connection has.

// ExecContext is Exec for database/sql.
func (c *Conn) ExecContext(ctx context.Context, sql string, args []driver.NamedValue) (driver.Result, error) {
	changed, err := c.Exec(ctx, sql, values(args)...)
	if err != nil {
		return nil, err
	}
	return result{changed, sqlite3.Xsqlite3_last_insert_rowid(c.tls, c.db)}, nil
}

// QueryContext is Query for database/sql.
func (c *Conn) QueryContext(ctx context.Context, sql string, args []driver.NamedValue) (driver.Rows, error) {
	r, err := c.Query(ctx, sql, values(args)...)
	if err != nil {
		return nil, err
	}
	return driverRows{r}, nil
}

func values(args []driver.NamedValue) []any {
	out := make([]any, len(args))
	for i, a := range args {
		out[i] = a.Value
	}
	return out
}

type result struct{ changed, id int64 }

func (r result) RowsAffected() (int64, error) { return r.changed, nil }
func (r result) LastInsertId() (int64, error) { return r.id, nil }

type driverRows struct{ rows *Rows }

func (d driverRows) Columns() []string { return d.rows.columns }
func (d driverRows) Close() error      { return d.rows.Close() }

func (d driverRows) Next(to []driver.Value) error {
	if !d.rows.Next() {
		if err := d.rows.Err(); err != nil {
			return err
		}
		return io.EOF
	}
	for i := range to {
		to[i] = d.rows.value(i)
	}
	return nil
}

// Prepare is there for the interface: the connection keeps what it has
// prepared, and nobody has to ask for it.
func (c *Conn) Prepare(string) (driver.Stmt, error) { return nil, errors.ErrUnsupported }
