package store

import (
	"context"
	"database/sql"
	"database/sql/driver"

	"pm/internal/sqlite"
)

// A session is a connection within a transaction. Errors are the driver's.
type session interface {
	exec(text string, args []any) (changed int64, err error)
	query(text string, args []any) (cursor, error)
	commit() error
	rollback() error
}

// A cursor goes through the rows that a query answers with, as sql.Rows does.
type cursor interface {
	Columns() ([]string, error)
	Next() bool
	Scan(into ...any) error
	Err() error
	Close() error
}

// withinSQL begins a transaction, calls f with it, and takes back what f has
// not committed.
func withinSQL(ctx context.Context, h *sql.DB, options sql.TxOptions, f func(session) error) error {
	tx, err := h.BeginTx(ctx, &options)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	return f(sqlSession{ctx, tx})
}

type sqlSession struct {
	ctx context.Context
	tx  *sql.Tx
}

func (s sqlSession) exec(text string, args []any) (int64, error) {
	result, err := s.tx.ExecContext(s.ctx, text, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (s sqlSession) query(text string, args []any) (cursor, error) {
	return s.tx.QueryContext(s.ctx, text, args...)
}

func (s sqlSession) commit() error   { return s.tx.Commit() }
func (s sqlSession) rollback() error { return s.tx.Rollback() }

// withinSQLite is withinSQL on the connection itself: database/sql would start
// a goroutine for the transaction and one for each query, and take every
// value into its hands twice (docs/adr/0008).
func withinSQLite(ctx context.Context, h *sql.DB, options sql.TxOptions, f func(session) error) error {
	return onSQLite(ctx, h, func(c *sqlite.Conn) error {
		tx, err := c.BeginTx(ctx, driver.TxOptions{ReadOnly: options.ReadOnly})
		if err != nil {
			return err
		}
		defer tx.Rollback() // does nothing after a commit
		return f(sqliteSession{ctx, c, tx})
	})
}

// onSQLite calls f with a connection of the pool.
func onSQLite(ctx context.Context, h *sql.DB, f func(*sqlite.Conn) error) error {
	conn, err := h.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(c any) error { return f(c.(*sqlite.Conn)) })
}

type sqliteSession struct {
	ctx context.Context
	c   *sqlite.Conn
	tx  driver.Tx
}

func (s sqliteSession) exec(text string, args []any) (int64, error) {
	return s.c.Exec(s.ctx, text, args...)
}

func (s sqliteSession) query(text string, args []any) (cursor, error) {
	r, err := s.c.Query(s.ctx, text, args...)
	if err != nil {
		return nil, err
	}
	return r, nil
}

// commit commits, unless the context has ended: who waited for it has been
// told that nothing was done.
func (s sqliteSession) commit() error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	return s.tx.Commit()
}

func (s sqliteSession) rollback() error { return s.tx.Rollback() }
