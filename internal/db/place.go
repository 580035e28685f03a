package db

import (
	"errors"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"pm/internal/outfile"
	"pm/internal/plan"
)

// A place is where the file of an open SQLite database lies. A file can be
// moved, deleted or replaced while it is open: what is written to it then,
// nobody sees, and what is read from it is what was once there. So every
// transaction begins with a look at the place, and one that writes takes
// another before it commits.
type place struct {
	named    string                      // the path as it was given; its links may lead elsewhere later
	path     string                      // what it led to
	file     fs.FileInfo                 // of the file that is open
	wal      atomic.Pointer[fs.FileInfo] // of its WAL; nil: not seen yet
	readOnly bool                        // by choice: then it does not matter how many names it has
	frozen   bool                        // it is read as if nobody could change it
	roomless bool                        // it is read without writing the index of the WAL
	seen     time.Time                   // when file was looked at
	bare     bool                        // see DB.Bare
	local    func() error                // Options.local, which is asked once
}

// settled is how old a change must be for the time of a file to tell it from
// the next one.
const settled = 2 * time.Second

// realPath returns where the database at path lies, behind links. There
// SQLite keeps its WAL, and there the lock of writers has to be: two processes
// that reach one file by different links wait for each other.
func realPath(path string) (string, error) {
	if info, err := os.Lstat(path); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return path, nil
	}
	real, err := outfile.Follow(path)
	if err != nil {
		return "", fileError(err, path)
	}
	return real, nil
}

func newPlace(named, path string, file fs.FileInfo, o Options) (*place, error) {
	if n := hardLinks(file); n > 1 && !o.ReadOnly {
		return nil, plan.Errorf(plan.Refused, "%s has %d hard links: what is written under one name would be missing under the others", path, n).
			WithCode("hard_links").WithHint("keep one of the names: find DIRECTORY -samefile %s lists them", path)
	}
	return &place{named: named, path: path, file: file, readOnly: o.ReadOnly, seen: time.Now(), bare: isBare(path), local: sync.OnceValue(func() error { return o.local(path) })}, nil
}

// remember looks at the WAL, which every transaction opens and nobody removes
// while it is open.
func (p *place) remember() {
	if p == nil || p.wal.Load() != nil {
		return
	}
	if wal, err := os.Stat(p.path + "-wal"); err == nil {
		p.wal.Store(&wal)
	}
}

// holds reports whether the open file is the one at its place. It is false
// where that cannot be told.
func (p *place) holds() bool {
	now, err := os.Stat(p.named)
	if err != nil || !os.SameFile(now, p.file) || hardLinks(now) > 1 && !p.readOnly {
		return false
	}
	return !p.frozen || p.seen.Sub(p.file.ModTime()) > settled && !p.changed()
}

// changed reports whether a file that is read as if nobody could change it has
// been changed all the same.
func (p *place) changed() bool {
	if !p.frozen {
		return false
	}
	now, err := os.Stat(p.named)
	return err != nil || now.Size() != p.file.Size() || !now.ModTime().Equal(p.file.ModTime()) || walSize(p.named) > 0
}

// opened is an error if a new connection may have another file open than the
// one that was at the place. A nil place may hold any.
func (p *place) opened() error {
	if p == nil {
		return nil
	}
	now, err := os.Stat(p.named)
	if err != nil || !os.SameFile(now, p.file) {
		return errMoved(p.named)
	}
	return nil
}

// replaced says why the file at the place of an open database cannot be opened
// in its stead; nil: it can.
func (p *place) replaced() error {
	now, err := os.Stat(p.named)
	if errors.Is(err, fs.ErrNotExist) {
		return errMoved(p.named)
	}
	old := p.wal.Load()
	if err != nil || os.SameFile(now, p.file) || old == nil {
		return nil // what is wrong with it, opening it says
	}
	path, err := realPath(p.named)
	if err != nil {
		return err
	}
	if wal, err := os.Stat(path + "-wal"); err == nil && wal.Size() > 0 && os.SameFile(wal, *old) {
		return plan.Errorf(plan.Storage, "%s was replaced, but %s-wal still belongs to the database that was there", p.named, path).WithCode("moved").
			WithHint("put the old database back; to replace it, use pm backup restore")
	}
	return nil
}

func errMoved(path string) error {
	return plan.Errorf(plan.Storage, "%s was moved or deleted while it was open; nothing was changed", path).WithCode("moved").
		WithHint("put it back, or restore a backup: pm backup restore")
}

// A successor is the database that took the place of one while it was open.
type successor struct {
	mu  sync.Mutex
	now atomic.Pointer[DB]
}

// current returns what a transaction of db works on: db or, where another file
// lies at its place by now, that one. If there is none, that is the error.
func (db *DB) current() (*DB, error) {
	now := db.latest()
	if now.place == nil || now.place.holds() {
		return now, nil
	}
	return db.succeed(func(now *DB) bool { return now.place.holds() }, func(now *DB) (*DB, error) {
		if err := now.place.replaced(); err != nil {
			return nil, err
		}
		return now.reopen()
	})
}

// reopen opens what lies at the place by now.
func (db *DB) reopen() (*DB, error) { return openSQLite(db.place.named, db.schema, db.opts) }

// freeze is current for a file beside which nothing can be written, and so
// nobody writes: it is read without a lock and without a WAL.
func (db *DB) freeze() (*DB, error) {
	return db.succeed(func(now *DB) bool { return now.place.frozen }, func(now *DB) (*DB, error) {
		next, err := now.reopen()
		if err == nil {
			next.place.frozen = true
			next.reader = newImmutable(next.path, next.place)
		}
		return next, err
	})
}

// roomless reads a file on a full disk, where the index of the WAL finds no
// room. Nobody in this process can write meanwhile: what comes after it is as it
// was before.
func (db *DB) roomless(read func(*DB) error) error {
	now, err := db.succeed(func(now *DB) bool { return now.place.roomless }, func(now *DB) (*DB, error) {
		next, err := now.reopen()
		if err == nil {
			next.place.roomless = true
			next.reader = newRoomless(next.path, next.place)
		}
		return next, err
	})
	if err == nil {
		err = read(now)
		_, again := db.succeed(func(now *DB) bool { return !now.place.roomless }, (*DB).reopen)
		if err == nil {
			err = again
		}
	}
	return err
}

func (db *DB) latest() *DB {
	if now := db.successor.now.Load(); now != nil {
		return now
	}
	return db
}

// succeed opens what comes after the latest, unless that will do: somebody
// else was quicker.
func (db *DB) succeed(will func(*DB) bool, open func(*DB) (*DB, error)) (*DB, error) {
	db.successor.mu.Lock()
	defer db.successor.mu.Unlock()
	now := db.latest()
	if will(now) {
		return now, nil
	}
	next, err := open(now)
	if err != nil {
		return nil, err
	}
	db.successor.now.Store(next)
	now.reader.Close() // what is in use is closed when it is given back
	now.writer.Close()
	return next, nil
}

// inPlace is an error unless the open file is the one at its place.
func (db *DB) inPlace() error {
	if db.place == nil || db.place.holds() {
		return nil
	}
	return errMoved(db.path)
}
