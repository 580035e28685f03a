package sqlite

import (
	"context"
	"errors"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// Begin begins a transaction; one that writes takes the lock for that at once.
func (c *Conn) Begin(ctx context.Context, writes bool) error {
	if writes {
		return c.beginWriting(ctx)
	}
	_, err := c.Exec(ctx, "begin")
	return err
}

// maxPause is the longest pause between two tries to begin.
const maxPause = 25 * time.Millisecond

// beginWriting begins a transaction with the lock for writing. It waits for
// another's lock here, and not in SQLite, which would not notice that ctx has
// ended.
func (c *Conn) beginWriting(ctx context.Context) error {
	wait := c.SetBusyTimeout(0)
	defer c.SetBusyTimeout(wait)
	for began, pause := time.Now(), time.Millisecond; ; pause = min(2*pause, maxPause) {
		_, err := c.Exec(ctx, "begin immediate")
		var e *Error
		if !errors.As(err, &e) || !e.Busy() || time.Since(began) >= wait {
			return err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// SetBusyTimeout sets how long a statement, or the beginning of a transaction,
// waits for another's lock, and returns how long it was before.
func (c *Conn) SetBusyTimeout(d time.Duration) (before time.Duration) {
	before, c.busy = c.busy, d
	sqlite3.Xsqlite3_busy_timeout(c.tls, c.db, int32(d.Milliseconds()))
	return before
}

// Commit commits. If that fails, the transaction is rolled back.
func (c *Conn) Commit() error {
	_, err := c.Exec(context.Background(), "commit")
	if err != nil {
		err = errors.Join(err, c.Rollback())
	}
	return err
}

// InTransaction reports whether a transaction is under way. After some errors
// SQLite takes one back by itself (https://sqlite.org/lang_transaction.html).
func (c *Conn) InTransaction() bool { return sqlite3.Xsqlite3_get_autocommit(c.tls, c.db) == 0 }

// Rollback takes back what the transaction did. It does nothing where there is
// none: SQLite may have taken it back already, after an error.
func (c *Conn) Rollback() error {
	if !c.InTransaction() {
		return nil
	}
	_, err := c.Exec(context.Background(), "rollback")
	return err
}
