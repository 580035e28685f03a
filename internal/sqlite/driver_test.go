package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"

	sqlite3 "modernc.org/sqlite/lib"
)

// A driver for database/sql over Conn, so that the tests can ask this package
// and the library's own driver the same questions.

// Open returns what opens connections to the file at path, for sql.OpenDB.
func Open(path string, o Options) driver.Connector { return connector{path, o} }

type connector struct {
	path string
	o    Options
}

func (c connector) Connect(context.Context) (driver.Conn, error) {
	n, err := connect(c.path, c.o)
	if err != nil {
		return nil, err
	}
	return driverConn{n}, nil
}

func (c connector) Driver() driver.Driver { return nil }

type driverConn struct{ *Conn }

func (c driverConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return c, c.Conn.Begin(ctx, !o.ReadOnly)
}

func (c driverConn) Begin() (driver.Tx, error) { return nil, errors.ErrUnsupported }

func (c driverConn) Prepare(string) (driver.Stmt, error) { return nil, errors.ErrUnsupported }

// ExecContext is Exec for database/sql.
func (c driverConn) ExecContext(ctx context.Context, sql string, args []driver.NamedValue) (driver.Result, error) {
	changed, err := c.Exec(ctx, sql, values(args)...)
	if err != nil {
		return nil, err
	}
	return result{changed, sqlite3.Xsqlite3_last_insert_rowid(c.tls, c.db)}, nil
}

// QueryContext is Query for database/sql.
func (c driverConn) QueryContext(ctx context.Context, sql string, args []driver.NamedValue) (driver.Rows, error) {
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
