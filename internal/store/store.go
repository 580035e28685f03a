// Package store keeps plans in SQLite or PostgreSQL. All SQL of pm is here,
// written once for both engines; no rule of the domain is.
//
// Who may do what: the store begins a transaction only for Read and Write,
// which a use case calls with a body. A body may run twice (a write that lost
// a race is run again), so it does no I/O besides its statements. Errors of
// the drivers are translated here, by code, and leave as plan.Error.
package store

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"pm/internal/plan"
)

// Options are the ways to open a database. The zero value is right for work.
type Options struct {
	// NormalDurability gives up, on SQLite, what a power cut finds unsynced:
	// committed changes of the last moments. The default loses none.
	NormalDurability bool

	// WriteWait is how long a write waits for its turn; 0 means DefaultWriteWait.
	WriteWait time.Duration

	// ReadOnly refuses every write.
	ReadOnly bool

	// Rehearse lets every write run and then takes it back: it answers as if
	// it had been done, and leaves no trace.
	Rehearse bool

	// Lazy leaves what Open checks to the first transaction, which does it on
	// the connection that it needs anyway, and a read within itself: a process
	// that only writes opens one, and not a second one to look at the file
	// before.
	Lazy bool

	// Observe, where set, is told of every statement that has run. It may be
	// called by several goroutines at once.
	Observe func(Statement)
}

// DefaultWriteWait is how long a write waits for its turn before it fails
// with plan.Unavailable.
const DefaultWriteWait = 10 * time.Second

// A Statement is one statement that ran: its name, its text, how long it
// took, from the call to the last row, how many rows it returned or changed,
// and the error it ended with. A step of a transaction, such as tx.commit, has
// a name and no text.
type Statement struct {
	Name string
	Text string
	Args []any
	Took time.Duration
	Rows int64
	Err  error
}

func (o Options) wait() time.Duration {
	if o.WriteWait > 0 {
		return o.WriteWait
	}
	return DefaultWriteWait
}

// waited is the code of a fault: another writer did not let go in time.
const waited = "waited"

func waitedFor(d time.Duration, path string) error {
	return plan.Errorf(plan.Unavailable, "waited %s for another writer of %s", d, path).
		WithCode("busy").WithHint("try again; nothing was changed")
}

func (o Options) synchronous() string {
	if o.NormalDurability {
		return "normal"
	}
	return "full"
}

// A DB is an open database. It is safe for use by several goroutines.
type DB struct {
	checked  atomic.Bool
	single   sync.Map // texts of insertions of one row, by their names
	d        *dialect
	opts     Options
	path     string // the file, or host and database; for messages
	schema   string // PostgreSQL's search_path, where the DSN names one
	reader   handle
	writer   handle
	queue    *queue   // SQLite: writers wait in it
	wal      walWatch // SQLite
	patience string   // PostgreSQL: the statement that says how long a write waits for others
}

// IsPostgres reports whether address is a DSN and not the path of a file.
func IsPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// Open opens the database at address, the path of an SQLite file or a DSN
// postgres://…, and makes none. A file or a schema that is not pm's, is
// damaged, or was written by another version of pm is refused untouched.
func Open(ctx context.Context, address string, o Options) (*DB, error) {
	db, err := connect(address, o)
	if err != nil || o.Lazy {
		return db, err
	}
	if err := db.look(func() error { return db.reader.within(ctx, false, db.check) }); err != nil {
		db.Close()
		return nil, db.translate(err)
	}
	return db, nil
}

// check refuses a database that this program cannot work on.
func (db *DB) check(s session) error {
	version, err := db.d.version(db, s)
	if err == nil {
		err = db.checkVersion(version)
	}
	db.checked.Store(err == nil)
	return err
}

func connect(address string, o Options) (*DB, error) {
	if IsPostgres(address) {
		return openPostgres(address, o)
	}
	return openSQLite(address, o)
}

// Close gives the connections back. On SQLite the last process to close
// copies the WAL into the file, which costs as much as several writes: a
// command that ends anyway does not call it.
func (db *DB) Close() error {
	err := errors.Join(db.reader.Close(), db.writer.Close())
	if db.queue != nil {
		err = errors.Join(err, db.queue.close())
	}
	return err
}

// Engine returns "sqlite" or "postgres".
func (db *DB) Engine() string { return db.d.name }

// Path returns the file of an SQLite database; of a PostgreSQL one its host
// and name. It never holds a password.
func (db *DB) Path() string { return db.path }

// Version returns the schema version of the database; 0 when it has none.
func (db *DB) Version(ctx context.Context) (version int, err error) {
	err = db.look(func() error {
		return db.reader.within(ctx, false, func(s session) (err error) {
			version, err = db.d.version(db, s)
			return err
		})
	})
	return version, db.translate(err)
}

// translate turns a driver's error into a plan.Error, by its code. Errors
// that are none of a driver's pass unchanged.
func (db *DB) translate(err error) error {
	if err == nil {
		return nil
	}
	var pe *plan.Error
	if errors.As(err, &pe) {
		return err
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &plan.Error{Kind: plan.Unavailable, Code: "timeout", Message: db.path + " did not answer in time",
			Hint: "try again", Err: err}
	}
	f := db.d.classify(err)
	if f.code == waited {
		return waitedFor(db.opts.wait(), db.path)
	}
	e := &plan.Error{Kind: f.kind, Code: f.code, Err: err}
	switch f.kind {
	case plan.Unavailable:
		e.Message, e.Hint = db.path+" is busy or cannot be reached", "try again; nothing was changed"
	case plan.Storage:
		e.Message, e.Hint = "the disk under "+db.path+" is full or failing", "free some space and try again; nothing was changed"
		if f.code == "moved" {
			e.Message = db.path + " was moved or deleted while it was open"
		}
	case plan.Permission:
		e.Message, e.Hint = db.path+" cannot be written", "check the rights of the file and of its folder"
		if f.code == "cannot_open" {
			e.Message = db.path + " cannot be opened"
		}
		if f.code == "login" {
			e.Message, e.Hint = db.path+" does not let this user in", "check the user and the password of the address"
		}
	case plan.Corrupt:
		e.Message, e.Hint = db.path+" is damaged, or is no database of pm", "keep a copy of it, then restore a backup into a new database"
	case plan.NotFound:
		e.Message, e.Hint = "what this belongs to does not exist in "+db.path, "pm tree shows what is there"
		if f.code == "no_database" {
			e.Message, e.Hint = db.path+" does not exist", "pm init makes the tables in an existing database"
		}
	case plan.Conflict:
		e.Message, e.Hint = "an item of this key exists", "pm list shows what is there"
	case plan.Invalid:
		e.Message = "a value breaks a rule of the database"
	default:
		return err
	}
	return e
}
