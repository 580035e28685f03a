// Package sqlite runs statements in SQLite files, through the C interface of
// modernc.org/sqlite/lib, which is SQLite's C translated to Go.
//
// It is what the store needs of a driver and no more, because the driver is
// where the time of a read goes (docs/adr/0008): a connection is opened
// without SQLite's own mutex, which guards every column of every row though
// one goroutine at a time uses it; statements are parsed once a connection;
// texts are bound without an allocation each; values go straight to where they
// belong; and a context costs no goroutine.
package sqlite

import (
	"context"
	"errors"
	"net/url"
	"path/filepath"
	"sync"
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

	// Roomless makes the index of the WAL in memory where no other process has
	// it open, so that nothing is written beside the file. It implies ReadOnly.
	Roomless bool

	// BusyTimeout is how long a transaction, or a statement outside of one,
	// waits for a lock of another connection. The end of a context cuts a
	// transaction's wait short.
	BusyTimeout time.Duration

	// Pragmas are run on every new connection: "foreign_keys=1".
	Pragmas []string

	// Opened, where set, is called when a connection has been opened, which its
	// error closes again.
	Opened func() error

	// Connections is how many there are at most at a time; 0 means one.
	Connections int
}

// A Pool opens connections to a file as they are needed, and keeps them. Its
// methods may be called by several goroutines at once.
type Pool struct {
	path   string
	o      Options
	places chan struct{} // one for each connection in use

	mu     sync.Mutex
	idle   []*Conn
	closed bool
}

// NewPool returns a pool of connections to the file at path, which must be
// there. It opens none yet.
func NewPool(path string, o Options) *Pool {
	return &Pool{path: path, o: o, places: make(chan struct{}, max(1, o.Connections))}
}

var errClosed = errors.New("sqlite: the pool is closed")

// Use calls f with a connection that is f's alone until it returns. It waits
// for one until ctx ends. A transaction that f leaves open is taken back.
func (p *Pool) Use(ctx context.Context, f func(*Conn) error) error {
	select {
	case p.places <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-p.places }()
	c, err := p.take()
	if err != nil {
		return err
	}
	returned := false
	defer func() { p.give(c, returned) }()
	err = f(c)
	returned = true // and did not panic in the middle of something
	return err
}

// take returns an idle connection, or else a new one.
func (p *Pool) take() (*Conn, error) {
	p.mu.Lock()
	last, closed := len(p.idle)-1, p.closed
	if last >= 0 {
		defer p.mu.Unlock()
		c := p.idle[last]
		p.idle = p.idle[:last]
		return c, nil
	}
	p.mu.Unlock()
	if closed {
		return nil, errClosed
	}
	return connect(p.path, p.o)
}

// give takes a connection back, and closes it unless it is sound.
func (p *Pool) give(c *Conn, sound bool) {
	c.closeRows()
	sound = sound && c.Rollback() == nil
	p.mu.Lock()
	defer p.mu.Unlock()
	if !sound || p.closed {
		c.Close()
		return
	}
	p.idle = append(p.idle, c)
}

// Close closes the connections: one that is in use when it is given back.
func (p *Pool) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	var errs []error
	for _, c := range p.idle {
		errs = append(errs, c.Close())
	}
	p.idle = nil
	return errors.Join(errs...)
}

// connect opens a connection.
func connect(path string, o Options) (*Conn, error) {
	name, flags := path, int32(sqlite3.SQLITE_OPEN_NOMUTEX|sqlite3.SQLITE_OPEN_EXRESCODE)
	as := func(how string) {
		name = "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?" + how
		flags |= sqlite3.SQLITE_OPEN_READONLY | sqlite3.SQLITE_OPEN_URI
	}
	switch {
	case o.Immutable:
		as("immutable=1")
	case o.Roomless:
		as("readonly_shm=1")
	case o.ReadOnly:
		flags |= sqlite3.SQLITE_OPEN_READONLY
	default:
		flags |= sqlite3.SQLITE_OPEN_READWRITE
	}
	c, err := open(name, flags, o.BusyTimeout)
	if err != nil {
		return nil, err
	}
	if o.Opened != nil {
		if err := o.Opened(); err != nil {
			return nil, errors.Join(err, c.Close())
		}
	}
	for _, p := range o.Pragmas {
		if _, err := c.Exec(context.Background(), "pragma "+p); err != nil {
			return nil, errors.Join(err, c.Close())
		}
	}
	return c, nil
}

// An Error is what SQLite has to say of a failure.
type Error struct {
	code int
	text string
	full bool
}

func (e *Error) Error() string { return e.text }

// Code returns the extended result code (https://sqlite.org/rescode.html).
func (e *Error) Code() int { return e.code }

// Busy reports whether another connection's lock was in the way.
func (e *Error) Busy() bool { return e.code&0xff == sqlite3.SQLITE_BUSY }

// Full reports whether a write was refused for want of room: on the disk, in a
// quota, or below the limit of a file's size.
func (e *Error) Full() bool { return e.full || e.code&0xff == sqlite3.SQLITE_FULL }
