package sqlite

import (
	"errors"
	"fmt"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// settle makes of a new connection what every one is: its schema can call no
// function that reaches out of the database, and a statement has one plan
// whatever is bound to it. Otherwise SQLite, where it looked at a limit or at
// the end of a range for the plan, would parse the statement anew for each
// value, the first included: a statement would be parsed twice to run once.
func (c *Conn) settle() error {
	return errors.Join(c.configure(sqlite3.SQLITE_DBCONFIG_TRUSTED_SCHEMA, false), c.configure(sqlite3.SQLITE_DBCONFIG_ENABLE_QPSG, true))
}

// Unguarded runs f while foreign keys and triggers of the schema are off on
// this connection, and switches them on again. SQLite runs a program of its own
// for each row and each of them: a statement that deletes thousands of rows
// takes half as long again with them. What they would do, f has to do.
func (c *Conn) Unguarded(f func() error) (err error) {
	defer func() { err = errors.Join(err, c.guard(true)) }()
	if err := c.guard(false); err != nil {
		return err
	}
	return f()
}

func (c *Conn) guard(on bool) error {
	return errors.Join(c.configure(sqlite3.SQLITE_DBCONFIG_ENABLE_FKEY, on), c.configure(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, on))
}

// configure switches an option of the connection
// (https://sqlite.org/c3ref/c_dbconfig_defensive.html), within a transaction
// too. Statements that were prepared before are prepared anew.
func (c *Conn) configure(option int32, on bool) error {
	var want int32
	if on {
		want = 1
	}
	args := libc.NewVaList(want, c.answers.address)
	if args == 0 {
		return errNoMemory
	}
	defer libc.Xfree(c.tls, args)
	if err := c.error(sqlite3.Xsqlite3_db_config(c.tls, c.db, option, args)); err != nil {
		return err
	}
	if *(*int32)(pointer(c.answers.address)) != want {
		return fmt.Errorf("sqlite: option %d cannot be switched", option)
	}
	return nil
}
