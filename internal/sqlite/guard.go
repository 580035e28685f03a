package sqlite

import (
	"errors"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Unguarded runs f while foreign keys and triggers of the schema are off on
// this connection, and switches them on again. SQLite runs a program of its own
// for each row and each of them: a statement that deletes thousands of rows
// takes half as long without. What they would do, f has to do.
func (c *Conn) Unguarded(f func() error) (err error) {
	defer func() { err = errors.Join(err, c.guard(true)) }()
	if err := c.guard(false); err != nil {
		return err
	}
	return f()
}

// guard switches foreign keys and triggers. Unlike the pragma this works
// within a transaction too (https://sqlite.org/c3ref/c_dbconfig_defensive.html);
// statements that were prepared before are prepared anew.
func (c *Conn) guard(on bool) error {
	var want int32
	if on {
		want = 1
	}
	for _, option := range []int32{sqlite3.SQLITE_DBCONFIG_ENABLE_FKEY, sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER} {
		args := libc.NewVaList(want, c.answers.address)
		rc := sqlite3.Xsqlite3_db_config(c.tls, c.db, option, args)
		libc.Xfree(c.tls, args)
		if err := c.error(rc); err != nil {
			return err
		}
		if is := *(*int32)(pointer(c.answers.address)); is != want {
			return errors.New("sqlite: foreign keys and triggers cannot be switched")
		}
	}
	return nil
}
