package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"syscall"
	"time"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// maxLength is how long a text may be, in bytes (https://sqlite.org/limits.html).
const maxLength = 1_000_000_000

var (
	errNoMemory = &Error{code: sqlite3.SQLITE_NOMEM, text: "out of memory"}
	errTooBig   = &Error{code: sqlite3.SQLITE_TOOBIG, text: "a string is too long"}
)

// patched says that the library has been told how to ask for the size of a
// page on arm64, as its own driver tells it.
var patched sync.Once

// A Conn is a connection. One goroutine at a time may use it. Values are
// int64, float64, string, []byte and nil; bool is bound as 0 or 1, what has a
// method Value as driver.Valuer as that says, and a time not at all.
// Parameters are ? in their order, or $1, $2 and so on.
type Conn struct {
	tls     *libc.TLS
	db      uintptr
	busy    time.Duration // how long to wait for another's lock
	answers memory        // where sqlite3_open and sqlite3_prepare put theirs
	source  memory        // the text that is prepared
	kept    cache
	open    []*Rows // not yet closed
}

func open(name string, flags int32, busy time.Duration) (*Conn, error) {
	patched.Do(sqlite3.PatchIssue199)
	c := &Conn{tls: libc.NewTLS()}
	err := errors.Join(c.answers.reserve(c.tls, 2*int(wordSize)), c.source.reserve(c.tls, len(name)+1))
	if err == nil {
		rc := sqlite3.Xsqlite3_open_v2(c.tls, c.source.put(0, name+"\x00"), c.answers.address, flags, 0)
		c.db = c.answers.word(0)
		err = c.error(rc)
	}
	if err == nil {
		err = c.settle()
	}
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	c.SetBusyTimeout(busy)
	return c, nil
}

// Close closes the connection, with rows that are still open, and gives back
// its memory.
func (c *Conn) Close() error {
	c.closeRows()
	c.kept.drop(c.kept.all()...)
	rc := sqlite3.Xsqlite3_close_v2(c.tls, c.db)
	c.answers.free(c.tls)
	c.source.free(c.tls)
	c.tls.Close()
	c.db = 0
	if rc != sqlite3.SQLITE_OK {
		return &Error{code: int(rc), text: "the database cannot be closed"}
	}
	return nil
}

// error turns a result code into an error; nil for success.
func (c *Conn) error(rc int32) error {
	if rc == sqlite3.SQLITE_OK {
		return nil
	}
	if c.db == 0 {
		return &Error{code: int(rc), text: fmt.Sprintf("%s (%d)", libc.GoString(sqlite3.Xsqlite3_errstr(c.tls, rc)), rc)}
	}
	e := &Error{code: int(rc), text: fmt.Sprintf("%s (%d)", libc.GoString(sqlite3.Xsqlite3_errmsg(c.tls, c.db)), rc)}
	if rc == sqlite3.SQLITE_IOERR_WRITE {
		e.full = noRoom(syscall.Errno(sqlite3.Xsqlite3_system_errno(c.tls, c.db)))
	}
	return e
}

// Exec runs the statements of a text, and returns how many rows the last one
// changed. Only a single one can have arguments.
func (c *Conn) Exec(ctx context.Context, sql string, args ...any) (changed int64, err error) {
	for {
		s, rest, err := c.prepare(sql)
		if err != nil {
			return 0, err
		}
		if len(args) > 0 && rest != "" {
			err = errors.New("sqlite: several statements with arguments")
		}
		if err == nil && s != nil {
			err = s.exec(ctx, args)
		}
		c.release(s)
		if err != nil {
			return 0, err
		}
		if rest == "" {
			return sqlite3.Xsqlite3_changes64(c.tls, c.db), nil
		}
		sql = rest
	}
}

// ExecRows runs a single statement once for each width of the arguments, up to the
// first error, and returns how many rows were changed.
func (c *Conn) ExecRows(ctx context.Context, sql string, width int, args []any) (changed int64, err error) {
	s, err := c.single(sql)
	defer c.release(s)
	defer c.watch(ctx)()
	for ; err == nil && len(args) >= width; args = args[width:] {
		if err = s.run(ctx, args[:width]); err == nil {
			changed += sqlite3.Xsqlite3_changes64(c.tls, c.db)
			s.reset()
		}
	}
	return changed, err
}

// Query runs a single statement, whose rows are read one by one. They must be
// closed, or read to their end.
func (c *Conn) Query(ctx context.Context, sql string, args ...any) (*Rows, error) {
	s, err := c.single(sql)
	if err == nil {
		err = s.bind(args)
	}
	if err != nil {
		c.release(s)
		return nil, err
	}
	r := &Rows{s: s, columns: s.columns, ctx: ctx, stop: c.watch(ctx)}
	c.open = append(c.open, r)
	return r, nil
}

// single prepares a text that has to be a single statement. With an error, what was
// prepared of it is still to be released.
func (c *Conn) single(sql string) (*statement, error) {
	s, rest, err := c.prepare(sql)
	if err == nil && (s == nil || rest != "") {
		err = errors.New("sqlite: not a single statement")
	}
	return s, err
}

// closeRows closes what was left open: each still has a hold on the database,
// and a watch over its context.
func (c *Conn) closeRows() {
	for len(c.open) > 0 {
		c.open[0].Close()
	}
}

// prepare returns the first statement of a text, nil if there is only blank
// space and comments, and the rest of the text. Every statement must be
// given back by release.
func (c *Conn) prepare(sql string) (*statement, string, error) {
	if s := c.kept.take(sql); s != nil {
		return s, "", nil
	}
	switch {
	case strings.Contains(sql, "\x00"):
		return nil, "", errors.New("sqlite: a zero byte in a statement")
	case len(sql) > maxLength:
		return nil, "", errTooBig
	}
	if err := c.source.reserve(c.tls, len(sql)+1); err != nil {
		return nil, "", err
	}
	source := c.source.put(0, sql+"\x00")
	rc := sqlite3.Xsqlite3_prepare_v3(c.tls, c.db, source, int32(len(sql)+1), sqlite3.SQLITE_PREPARE_PERSISTENT,
		c.answers.address, c.answers.address+wordSize)
	if err := c.error(rc); err != nil {
		return nil, "", err
	}
	rest := strings.TrimSpace(sql[c.answers.word(1)-source:])
	p := c.answers.word(0)
	if p == 0 {
		return nil, rest, nil
	}
	s := newStatement(c, p)
	if rest == "" {
		s.text = sql // it can be kept
	}
	return s, rest, nil
}

// release takes a statement back: to be used again, or to be gone.
func (c *Conn) release(s *statement) {
	if s != nil {
		s.reset()
		c.kept.put(s)
	}
}
