package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// BeginTx begins a transaction; one that is not for reading takes the lock for
// writing at once. All are serializable, whatever level is asked for.
func (c *Conn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	if !o.ReadOnly {
		return transaction{c}, c.beginWriting(ctx)
	}
	_, err := c.Exec(ctx, "begin")
	return transaction{c}, err
}

// maxPause is the longest pause between two tries to begin.
const maxPause = 25 * time.Millisecond

// beginWriting begins a transaction with the lock for writing. It waits for
// another's lock here, and not in SQLite, which would not notice that ctx has
// ended.
func (c *Conn) beginWriting(ctx context.Context) error {
	c.setBusyTimeout(0)
	defer c.setBusyTimeout(c.busy)
	for began, pause := time.Now(), time.Millisecond; ; pause = min(2*pause, maxPause) {
		_, err := c.Exec(ctx, "begin immediate")
		var e *Error
		if !errors.As(err, &e) || e.Code()&0xff != sqlite3.SQLITE_BUSY || time.Since(began) >= c.busy {
			return err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (c *Conn) setBusyTimeout(d time.Duration) {
	sqlite3.Xsqlite3_busy_timeout(c.tls, c.db, int32(d.Milliseconds()))
}

// Begin is BeginTx for those who know no contexts.
func (c *Conn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

type transaction struct{ c *Conn }

// Commit commits. If that fails, the transaction is rolled back.
func (t transaction) Commit() error {
	_, err := t.c.Exec(context.Background(), "commit")
	if err != nil && t.c.inTransaction() {
		err = errors.Join(err, t.Rollback())
	}
	return err
}

// Rollback takes back what the transaction did. SQLite may have done so
// already, after an error.
func (t transaction) Rollback() error {
	if !t.c.inTransaction() {
		return nil
	}
	_, err := t.c.Exec(context.Background(), "rollback")
	return err
}

func (c *Conn) inTransaction() bool { return sqlite3.Xsqlite3_get_autocommit(c.tls, c.db) == 0 }

// ResetSession is called before a connection is used again.
func (c *Conn) ResetSession(context.Context) error {
	if c.inTransaction() {
		return driver.ErrBadConn
	}
	return nil
}
