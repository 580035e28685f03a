package db

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"pm/internal/outfile"
	"pm/internal/plan"
	"pm/internal/sqlite"

	sqlite3 "modernc.org/sqlite/lib"
)

const (
	// applicationID marks a file as pm's: "pmdb" in ASCII.
	applicationID = 0x706d6462

	// busyTimeout is how long SQLite itself waits for a lock that a program
	// outside pm's queue of writers holds.
	busyTimeout = 5 * time.Second

	// readers is how many connections read at once in a process.
	readers = 4

	// pageSize is that of the files that pm makes, SQLite's default.
	pageSize = 4096

	// writerCache is how much of the file a writer keeps in memory at most, in
	// KiB: a large transaction that does not fit is written twice.
	writerCache = 64 << 10

	// orderedCache is that of one who writes in order, and what SQLite sorts at
	// a time for an index; with more an import takes as long (docs/performance.md).
	orderedCache = 16 << 10
)

// SQLite is the dialect of SQLite files.
var SQLite = Dialect{
	Name: "sqlite",
	types: []string{"{{id}}", "integer primary key", "{{int}}", "integer",
		"{{text}}", "text", "{{real}}", "real", "{{strict}}", " strict", "{{distinct}}", ""},
	version: (*DB).sqliteVersion,
	// SQLite keeps the names of numbered parameters in a list, and goes through
	// it for each: that grows with the square of their number.
	mark:      "?",
	IndexedBy: " indexed by ",
	inspect:   sqliteInspect,
	classify:  classifySQLite,
	overwrite: rewriteVersion,
	// It keeps a copy of each page that a statement for many rows changes, and writes
	// out the words that wait for the text index, unless the rows before one that is
	// refused may stay: the transaction takes them back.
	several: "or fail ",
}

// openSQLite opens the file and refuses, untouched, what is not pm's, what is
// damaged at first sight, and what another version of pm has written.
func openSQLite(named string, s *Schema, o Options) (*DB, error) {
	path, err := realPath(named)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, plan.Errorf(plan.NotFound, "no database at %s", path).WithCode("no_database").
			WithHint("name another with --db, or create one: pm init")
	case err != nil:
		return nil, fileError(err, path)
	case info.IsDir():
		return nil, plan.Errorf(plan.Invalid, "%s is a directory, not a database", path).WithHint("name the file in it, such as %s", filepath.Join(path, "pm.db"))
	case !info.Mode().IsRegular():
		return nil, plan.Errorf(plan.Invalid, "%s is not a file", path).WithHint("name another with --db")
	case info.Size() == 0:
		return nil, plan.Errorf(plan.Corrupt, "%s is empty: it is not a pm database", path).WithCode("not_a_database").
			WithHint("if nothing was in it, run pm init to create a database there")
	}
	at, err := newPlace(named, path, info, o)
	if err == nil {
		err = noLinks(path)
	}
	if err != nil {
		return nil, err
	}
	db := &DB{d: &SQLite, schema: s, opts: o, path: path, place: at, wal: walWatch{path: path + "-wal"}}
	db.reader, db.writer = newReader(path, at), newWriter(path, at, o)
	db.queue = newQueue(path+"-lock", o.wait(), o.Waiting)
	return db, nil
}

// IsPlan reports whether a file begins as one of pm's databases does.
func IsPlan(path string) bool { return headOf(path) != nil }

// headOf returns the header of a database of pm's; nil if the file is none.
func headOf(path string) []byte {
	head := outfile.HeadOfDatabase(path)
	if len(head) < 72 || binary.BigEndian.Uint32(head[68:]) != applicationID {
		return nil
	}
	return head
}

// isBare reports whether a file is written through a WAL, and nothing lies beside it
// of what whoever writes leaves there: neither the WAL nor the file of the queue. So
// look a copy of the file alone, and the file after a clean end if it was moved alone.
// A backup is not written through a WAL, and a restore leaves the file of the queue.
func isBare(path string) bool {
	if _, err := os.Stat(path + "-lock"); err == nil || walSize(path) > 0 {
		return false
	}
	head := headOf(path)
	return head != nil && head[18] == 2
}

// Bare reports whether the file lay alone when it was opened: it may be a copy that
// lacks the newest changes.
func (db *DB) Bare() bool { return db.place != nil && db.place.bare }

func newWriter(path string, at *place, o Options) file {
	return file{sqlite.NewPool(path, sqlite.Options{BusyTimeout: min(busyTimeout, o.wait()), Connections: 1, Opened: at.opened, Pragmas: []string{
		"foreign_keys=1",
		"synchronous=" + o.synchronous(),
		"wal_autocheckpoint=0", // shortenWAL does it
		"cache_size=" + strconv.Itoa(-writerCache),
		"journal_size_limit=" + strconv.Itoa(walLimit),
	}})}
}

// newReader returns a handle that cannot write.
func newReader(path string, at *place) file {
	return file{sqlite.NewPool(path, sqlite.Options{ReadOnly: true, BusyTimeout: busyTimeout, Connections: readers, Opened: at.opened})}
}

// newImmutable returns a handle that takes the file to be beyond change: the
// way to read it in a folder where the WAL's index cannot be made. Without a
// WAL none of the file's content is missing.
func newImmutable(path string, at *place) file {
	return file{sqlite.NewPool(path, sqlite.Options{Immutable: true, Connections: readers, Opened: at.opened})}
}

// newRoomless returns a handle that writes nothing, not even the WAL's index: the
// way to read the file while the disk is full.
func newRoomless(path string, at *place) file {
	return file{sqlite.NewPool(path, sqlite.Options{Roomless: true, BusyTimeout: busyTimeout, Connections: readers, Opened: at.opened})}
}

// look reads what is at db's place, and once more where that was refused
// because nothing can be written beside the file: it must not be, or the disk
// is full.
func (db *DB) look(read func(*DB) error) error {
	now, err := db.current()
	if err != nil {
		return err
	}
	err = read(now)
	if now.place == nil {
		return err
	}
	if err != nil && !now.checked.Load() {
		switch f := now.d.classify(cause(err)); {
		case f.kind == plan.Permission && walSize(now.path) == 0:
			if now, err = db.freeze(); err == nil {
				err = read(now)
			}
		case f.code == diskFull:
			err = db.roomless(read)
		}
	}
	if err == nil && now.place.changed() {
		return plan.Errorf(plan.Unavailable, "%s was changed while it was read", now.path).WithCode("busy").WithHint("try again")
	}
	return err
}

// sqliteVersion reads the schema version of the file, and refuses one that is
// not pm's, or shorter than it says of itself. That it is pm's is known even of
// a file whose schema cannot be read.
func (db *DB) sqliteVersion(s session) (version int, err error) {
	var application, pages int64
	if err = ask(s, "pragma application_id", &application); err != nil {
		return 0, err
	}
	if application != applicationID {
		return 0, plan.Errorf(plan.Corrupt, "%s is not a pm database", db.path).WithCode("not_a_database").
			WithHint("name another file with --db")
	}
	if err = ask(s, "pragma user_version", &version); err == nil {
		err = ask(s, "pragma page_count", &pages)
	}
	if err != nil {
		return 0, err
	}
	if size := fileSize(db.path); pages*pageSize > size && pages*pageSize > size+walSize(db.path) {
		return 0, plan.Errorf(plan.Corrupt, "%s is truncated: it has %d of %d bytes", db.path, size, pages*pageSize).
			WithCode("truncated").WithHint("restore a backup: pm import FILE.jsonl into a new database")
	}
	return version, nil
}

func fileError(err error, path string) error {
	kind, hint := plan.Storage, "check the path"
	if errors.Is(err, fs.ErrPermission) {
		kind, hint = plan.Permission, "check the permissions of the file and its directory"
	}
	if errors.Is(err, fs.ErrNotExist) {
		kind, hint = plan.NotFound, "check the path: its directory must exist"
	}
	var pe *fs.PathError
	var le *os.LinkError
	switch {
	case errors.As(err, &pe):
		err = pe.Err
	case errors.As(err, &le):
		err = le.Err
	}
	return plan.Errorf(kind, "%s: %w", path, err).WithHint("%s", hint)
}

func classifySQLite(err error) fault {
	if errors.As(err, new(lockedOut)) {
		return fault{kind: plan.Unavailable, code: locked, undone: true}
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		if errors.Is(err, errTakenBack) {
			return fault{kind: plan.Storage, code: "io", undone: true}
		}
		return fault{kind: plan.Internal}
	}
	if e.Full() { // the last frame, which makes the others count, was not written
		return fault{kind: plan.Storage, code: diskFull, undone: true}
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return fault{kind: plan.Conflict, code: "exists", undone: true}
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return fault{kind: plan.NotFound, code: "no_parent", undone: true}
	case sqlite3.SQLITE_CONSTRAINT_CHECK, sqlite3.SQLITE_CONSTRAINT_NOTNULL:
		return fault{kind: plan.Invalid, code: "check", undone: true}
	case sqlite3.SQLITE_IOERR_SHMSIZE: // the index of the WAL finds no room, behind a commit too
		return fault{kind: plan.Storage, code: diskFull}
	case sqlite3.SQLITE_READONLY_DBMOVED:
		return fault{kind: plan.Storage, code: "moved"}
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fault{kind: plan.Unavailable, code: "busy", again: true, undone: true}
	case sqlite3.SQLITE_PROTOCOL: // others hold what a reader of the WAL needs, for seconds
		return fault{kind: plan.Unavailable, code: "busy"}
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_TOOBIG:
		return fault{kind: plan.Storage, code: "io"}
	case sqlite3.SQLITE_CANTOPEN:
		return fault{kind: plan.Permission, code: "cannot_open"}
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
		return fault{kind: plan.Permission, code: "read_only"}
	case sqlite3.SQLITE_CORRUPT:
		return fault{kind: plan.Corrupt, code: "damaged"}
	case sqlite3.SQLITE_NOTADB:
		return fault{kind: plan.Corrupt, code: "not_a_database"}
	}
	return fault{kind: plan.Internal}
}
