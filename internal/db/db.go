// Package db talks to SQLite and PostgreSQL, and knows none of pm's tables:
// what a database holds comes as a Schema. Only here a driver is imported, and
// only here is it asked which engine it is; a statement that has to differ
// takes the difference from a Dialect.
//
// A transaction begins and ends in Read and Write alone. Errors of the drivers
// are translated here, by code, and leave as plan.Error.
package db

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
)

// A DB is an open database. It is safe for use by several goroutines.
type DB struct {
	checked    atomic.Bool
	insertions sync.Map // their texts, by insertionOf
	d          *Dialect
	opts       Options
	path       string // the file, or host and database; for messages
	place      *place // of the file; nil on PostgreSQL
	successor  successor
	schema     *Schema
	namespace  string       // PostgreSQL's schema that the address names; empty: whatever it finds
	schemaName atomic.Value // PostgreSQL's schema that it works in, a string, once it was checked
	reader     handle
	writer     handle
	queue      *queue       // SQLite: writers wait in it
	wal        walWatch     // SQLite
	backedUp   atomic.Int32 // SQLite: how many read all pages at the moment
	disposable bool         // SQLite: it is being made, and thrown away if anything fails
	patience   string       // PostgreSQL: the lock_timeout of a write
	kept       atomic.Value // see Keep
}

// IsPostgres reports whether address is a DSN and not the path of a file.
func IsPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// Open opens the database at address, the path of an SQLite file or a DSN
// postgres://…, and makes none. A file or a schema that is not pm's, is
// damaged, or was written by another version of pm is refused untouched.
func Open(ctx context.Context, address string, s *Schema, o Options) (*DB, error) {
	db, err := connect(address, s, o)
	if err != nil || o.Lazy {
		return db, err
	}
	if err := db.look(func(db *DB) error { return db.reader.within(ctx, beginning{}, db.check) }); err != nil {
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

func connect(address string, s *Schema, o Options) (*DB, error) {
	if IsPostgres(address) {
		return openPostgres(address, s, o)
	}
	return openSQLite(address, s, o)
}

// Close gives the connections back. On SQLite the last process to close
// copies the WAL into the file, which costs as much as several writes: a
// command that ends anyway does not call it.
func (db *DB) Close() error {
	if now := db.latest(); now != db {
		return now.Close()
	}
	err := errors.Join(db.reader.Close(), db.writer.Close())
	if db.queue != nil {
		err = errors.Join(err, db.queue.close())
	}
	return err
}

// Engine returns "sqlite" or "postgres".
func (db *DB) Engine() string { return db.d.Name }

// Path returns the file of an SQLite database; of a PostgreSQL one its host
// and name. It never holds a password.
func (db *DB) Path() string { return db.path }

// Version returns the schema version of the database; 0 when it has none.
func (db *DB) Version(ctx context.Context) (version int, err error) {
	err = db.look(func(db *DB) error {
		return db.reader.within(ctx, beginning{}, func(s session) (err error) {
			version, err = db.d.version(db, s)
			return err
		})
	})
	return version, db.translate(err)
}
