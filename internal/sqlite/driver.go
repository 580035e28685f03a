// Package sqlite is a database/sql driver over modernc.org/sqlite/lib, which
// is SQLite's C translated to Go.
//
// It is what the store needs of a driver and no more, because the driver is
// where the time of a read goes (docs/adr/0008): a connection is opened
// without SQLite's own mutex, which guards every column of every row though
// database/sql lets one goroutine at a time use a connection; statements are
// parsed once a connection; texts are bound without an allocation each; and a
// context costs no goroutine.
package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"net/url"
	"path/filepath"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// Options are how a file is opened.
type Options struct {
	// ReadOnly refuses every write.
	ReadOnly bool

	// Immutable takes the file to be beyond change, and looks at no lock and at
	// no WAL. It implies ReadOnly.
	Immutable bool

	// BusyTimeout is how long a transaction, or a statement outside of one,
	// waits for a lock of another connection. The end of a context cuts a
	// transaction's wait short.
	BusyTimeout time.Duration

	// Pragmas are run on every new connection: "foreign_keys=1".
	Pragmas []string
}

// Open returns what opens connections to the file at path, for sql.OpenDB. The
// file must be there. A transaction that is not for reading takes the lock
// for writing at its beginning.
//
// Values are int64, float64, string, []byte and nil; bool is bound as 0 or 1,
// and a time not at all. Parameters are ? in their order, or $1, $2 and so on.
func Open(path string, o Options) driver.Connector { return &connector{path, o} }

type connector struct {
	path string
	o    Options
}

// Connect opens a connection.
func (c *connector) Connect(context.Context) (driver.Conn, error) {
	name, flags := c.path, int32(sqlite3.SQLITE_OPEN_NOMUTEX|sqlite3.SQLITE_OPEN_EXRESCODE)
	switch {
	case c.o.Immutable:
		name = "file:" + (&url.URL{Path: filepath.ToSlash(c.path)}).EscapedPath() + "?immutable=1"
		flags |= sqlite3.SQLITE_OPEN_READONLY | sqlite3.SQLITE_OPEN_URI
	case c.o.ReadOnly:
		flags |= sqlite3.SQLITE_OPEN_READONLY
	default:
		flags |= sqlite3.SQLITE_OPEN_READWRITE
	}
	n, err := open(name, flags, c.o.BusyTimeout)
	if err != nil {
		return nil, err
	}
	for _, p := range c.o.Pragmas {
		if _, err := n.Exec(context.Background(), "pragma "+p); err != nil {
			return nil, errors.Join(err, n.Close())
		}
	}
	return n, nil
}

// Driver returns a driver that opens nothing by a name: a Connector does.
func (c *connector) Driver() driver.Driver { return unnamed{} }

type unnamed struct{}

func (unnamed) Open(string) (driver.Conn, error) {
	return nil, errors.New("sqlite: use sqlite.Open with sql.OpenDB")
}

// An Error is what SQLite has to say of a failure.
type Error struct {
	code int
	text string
}

func (e *Error) Error() string { return e.text }

// Code returns the extended result code (https://sqlite.org/rescode.html).
func (e *Error) Code() int { return e.code }
