package db

import (
	"context"
	"errors"
	"strconv"
	"time"

	"pm/internal/sqlite"
)

// A handle is a pool of connections to a database.
type handle interface {
	// within begins a transaction, calls f with it, and takes back what f has
	// not committed.
	within(ctx context.Context, b beginning, f func(session) error) error
	Close() error
}

// A beginning is how a transaction begins.
type beginning struct {
	writes  bool
	until   time.Time // when SQLite stops waiting for the lock of another program; zero: after busyTimeout
	overlay bool      // it reads, and makes temporary tables: see Overlay
}

// A session is a connection within a transaction. Errors are the driver's.
type session interface {
	exec(text string, args ...any) (changed int64, err error)
	query(text string, args ...any) (cursor, error)
	// varying adds to the arguments of a query that it is to be planned for them.
	varying(args []any) []any
	// unguarded calls f, which deletes rows and all that belongs to them by
	// itself: an engine may leave that to it, where it has to do it row by row.
	unguarded(f func() error) error
	// cache bounds, in KiB, what the connection keeps of the database in memory,
	// where the engine leaves that to each.
	cache(kib int) error
	// commit commits. It reports whether the engine was told to: an error before
	// that leaves nothing behind.
	commit() (tried bool, err error)
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

// first reads the first row, if there is one, and closes the rows.
func first(rows cursor, into ...any) (found bool, err error) {
	defer rows.Close()
	if rows.Next() {
		if err = rows.Scan(into...); err != nil {
			return false, err
		}
		found = true
	}
	if err = rows.Err(); err == nil {
		err = rows.Close()
	}
	return found, err
}

// ask runs a query for its first row.
func ask(s session, text string, into ...any) error {
	rows, err := s.query(text)
	if err == nil {
		_, err = first(rows, into...)
	}
	return err
}

// A file is SQLite's handle.
type file struct{ *sqlite.Pool }

func (h file) within(ctx context.Context, b beginning, f func(session) error) error {
	return h.Use(ctx, func(c *sqlite.Conn) error {
		if !b.until.IsZero() {
			before := c.SetBusyTimeout(max(0, time.Until(b.until)))
			defer c.SetBusyTimeout(before)
		}
		if err := c.Begin(ctx, b.writes); err != nil {
			var e *sqlite.Error
			if errors.As(err, &e) && e.Busy() {
				return lockedOut{err}
			}
			return err
		}
		return f(fileSession{ctx, c, true})
	})
}

// A lockedOut error is that of a transaction which could not begin in time,
// because a program that does not wait in the queue of writers holds the lock.
type lockedOut struct{ error }

func (e lockedOut) Unwrap() error { return e.error }

type fileSession struct {
	ctx   context.Context
	c     *sqlite.Conn
	begun bool // a transaction
}

// errTakenBack answers statements behind an error after which SQLite has taken
// the whole transaction back, as it does when it cannot read or write. They
// would run outside of any, and each of them would be stored.
var errTakenBack = errors.New("sqlite: the transaction was rolled back after an error")

func (s fileSession) takenBack() bool { return s.begun && !s.c.InTransaction() }

func (s fileSession) exec(text string, args ...any) (int64, error) {
	if s.takenBack() {
		return 0, errTakenBack
	}
	return s.c.Exec(s.ctx, text, args...)
}

// execRows runs a statement for each so many arguments.
func (s fileSession) execRows(text string, width int, args []any) (int64, error) {
	if s.takenBack() {
		return 0, errTakenBack
	}
	return s.c.ExecRows(s.ctx, text, width, args)
}

func (s fileSession) query(text string, args ...any) (cursor, error) {
	if s.takenBack() {
		return nil, errTakenBack
	}
	rows, err := s.c.Query(s.ctx, text, args...)
	if err != nil {
		return nil, err
	}
	return rows, nil
}

func (s fileSession) varying(args []any) []any { return args } // it plans a statement once

func (s fileSession) unguarded(f func() error) error { return s.c.Unguarded(f) }

func (s fileSession) cache(kib int) error {
	_, err := s.c.Exec(context.WithoutCancel(s.ctx), "pragma cache_size="+strconv.Itoa(-kib))
	return err
}

// commit commits, unless the context has ended: who waited for it has been
// told that nothing was done.
func (s fileSession) commit() (tried bool, err error) {
	if err := s.ctx.Err(); err != nil {
		return false, err
	}
	if s.takenBack() {
		return false, errTakenBack
	}
	return true, s.c.Commit()
}

func (s fileSession) rollback() error { return s.c.Rollback() }
