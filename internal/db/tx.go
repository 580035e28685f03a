package db

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"pm/internal/plan"
)

// A Tx is one transaction. Its clock stands still: Now is read once, from the
// engine's clock.
type Tx struct {
	ctx       context.Context
	db        *DB
	session   session // nil until it has begun
	writes    bool
	until     time.Time // see beginning
	watch     *watch    // PostgreSQL: of a write
	turns     int       // PostgreSQL: how often it has asked for its turn
	alone     bool      // it has asked for it now
	entered   bool      // PostgreSQL: a write has its share of the turn, or all of it
	now       time.Time
	operation string
	recorded  func(*Tx) (bool, error) // see Recorded
	ended     bool                    // by a commit, successful or not
	overlay   bool                    // see Overlay
	ordered   bool                    // see InOrder
}

// maxAttempts bounds how often a write that lost a race is run again.
const maxAttempts = 8

// Write runs f in a transaction that may change the database, and commits if
// f returns no error. When the engine aborts it for another transaction's
// sake, f is run again, a bounded number of times with a growing pause; f
// must therefore do nothing but run statements. On SQLite the turn in the
// queue of writers and the locks of programs outside of it are waited for as
// long as Options.WriteWait says in all, and longer only for announced work.
//
// A commit that fails is looked into (see settle): the change may be stored
// all the same. Where that cannot be told, the error is plan.Unavailable with
// the code "unknown_outcome", and f is not run again.
func Write[T any](ctx context.Context, db *DB, f func(*Tx) (T, error)) (v T, err error) {
	err = db.write(ctx, func(tx *Tx) (err error) { v, err = f(tx); return err })
	return answered(v, err)
}

// answered returns nothing but the error, if there is one. What Write and
// Read do is compiled once, not for each type of answer.
func answered[T any](v T, err error) (T, error) {
	if err != nil {
		var zero T
		return zero, err
	}
	return v, nil
}

func (db *DB) write(ctx context.Context, f func(*Tx) error) error {
	if db.opts.ReadOnly {
		return plan.Errorf(plan.Permission, "%s was opened for reading only", db.path)
	}
	root := db
	db, err := root.current()
	if err != nil {
		return err
	}
	if db.place != nil {
		if err := db.place.local(); err != nil {
			return err
		}
	}
	until := time.Now().Add(db.opts.wait())
	if !db.checked.Load() { // before it waits for its turn, or leaves a trace
		began := time.Now()
		err := db.writer.within(ctx, beginning{until: until}, db.check)
		if db.step(StepOpen, began, err); err != nil {
			return db.translate(err)
		}
	}
	if db.queue == nil {
		return db.inTurn(ctx, until, f)
	}
	began := time.Now()
	release, err := db.queue.enter(ctx)
	db.step("tx.wait", began, err)
	if err != nil {
		return err
	}
	if !db.place.holds() { // who had the turn before has replaced the file
		release()
		return root.write(ctx, f)
	}
	defer release()
	if now := time.Now(); now.After(until) { // it waited for announced work, which may take longer
		until = now.Add(db.opts.wait())
	}
	if !db.opts.Rehearse {
		defer db.shortenWAL(db.longWAL(ctx))
	}
	return db.inTurn(ctx, until, f)
}

// inTurn is write of one whose turn it is, and runs f as often as it takes. Locks
// of programs outside of the queue of writers are waited for until the time given.
func (db *DB) inTurn(ctx context.Context, until time.Time, f func(*Tx) error) error {
	operation, watch := plan.NewUID(time.Now()), db.watch(ctx)
	defer watch.end()
	turns, alone := 0, false // see TakeTurn
	for attempt := 1; ; attempt++ {
		watch.begin()
		tx := &Tx{ctx: ctx, db: db, writes: true, until: until, operation: operation, watch: watch, turns: turns, alone: alone}
		err := run(db.writer, tx, f)
		if alone = errors.Is(err, errTurn); alone {
			turns, attempt = turns+1, attempt-1
			continue
		}
		var open undecided
		if errors.As(err, &open) {
			if err = db.settle(tx, open); err != nil {
				return db.translate(err)
			}
		}
		if err == nil {
			return nil
		}
		fault := db.d.classify(cause(err))
		again, late := fault.again && attempt < maxAttempts, error(nil)
		switch {
		case fault.code != waited:
			alone = tx.alone // of the turn that it has had
		case tx.alone && !tx.entered: // the turn did not come
			again = true
			attempt--
		default:
			if again, late = watch.again(tx.entered); late != nil {
				return late
			}
			attempt-- // however long the announced work takes
		}
		if err = db.translate(err); !again {
			return err
		}
		if tx.entered {
			db.retried(err)
		}
		pause := time.Duration(rand.Int64N(int64(time.Millisecond) << min(attempt, 6)))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Read runs f in a transaction that sees one moment and changes nothing.
func Read[T any](ctx context.Context, db *DB, f func(*Tx) (T, error)) (v T, err error) {
	err = db.read(ctx, false, func(tx *Tx) (err error) { v, err = f(tx); return err })
	return answered(v, err)
}

// Overlay is Read for a body that may also create temporary tables and views,
// even under names of the schema, which then hide the tables of these names. They
// are gone when it returns.
func Overlay(ctx context.Context, db *DB, f func(*Tx) error) error { return db.read(ctx, true, f) }

func (db *DB) read(ctx context.Context, overlay bool, f func(*Tx) error) error {
	err := db.look(func(db *DB) error { return run(db.reader, &Tx{ctx: ctx, db: db, overlay: overlay}, f) })
	if err != nil {
		return db.translate(err)
	}
	return nil
}

// run runs f once. The error may be a driver's, or that of a commit which is
// undecided: then f's answer is the answer if it was done.
func run(h handle, tx *Tx, f func(*Tx) error) error {
	db, began := tx.db, time.Now()
	err := h.within(tx.ctx, beginning{tx.writes, tx.until, tx.overlay}, func(s session) (err error) {
		tx.session = s
		defer func() {
			tx.rollback() // does nothing after a commit
			if tx.ordered {
				s.cache(writerCache) // what was committed is not undone because this fails
			}
		}()
		if !db.checked.Load() {
			err := db.check(s)
			if db.step(StepOpen, began, err); err != nil {
				return err
			}
			began = time.Now()
		}
		db.step("tx.begin", began, nil)
		if tx.writes && db.patience != "" {
			if err := tx.enter(); err != nil {
				return err
			}
		}
		if err = f(tx); err != nil || tx.overlay || tx.writes && db.opts.Rehearse {
			return err
		}
		if tx.writes {
			if err := db.inPlace(); err != nil {
				return err
			}
		}
		return tx.commit()
	})
	db.place.remember()
	if tx.session == nil {
		db.step("tx.begin", began, err)
	}
	return err
}

// commit commits. The error of a transaction that writes may be undecided.
func (tx *Tx) commit() error {
	began := time.Now()
	err := tx.db.commit(tx.session)
	tx.ended = true
	tx.db.step("tx.commit", began, err)
	if open, is := err.(undecided); is && !tx.writes {
		return open.error
	}
	return err
}

func (tx *Tx) rollback() {
	if tx.ended {
		return
	}
	began := time.Now()
	tx.db.step("tx.rollback", began, tx.session.rollback())
}

// cause returns the driver's error inside one that was translated already.
func cause(err error) error {
	var e *plan.Error
	for errors.As(err, &e) && e.Err != nil {
		err = e.Err
	}
	return err
}

// step tells Options.Observe of what is no statement.
func (db *DB) step(name string, began time.Time, err error) {
	if o := db.opts.Observe; o != nil {
		o(Statement{Name: name, Took: time.Since(began), Err: err})
	}
}

// retried counts a write that is run again; it shows as a statement of its own.
func (db *DB) retried(err error) {
	if db.opts.Observe != nil {
		db.opts.Observe(Statement{Name: "tx.retry", Err: err})
	}
}

// Now returns the moment of this transaction, in UTC, to the millisecond. On
// PostgreSQL it is the server's, so that all machines agree on when a lease
// has run out.
func (tx *Tx) Now() (time.Time, error) {
	if !tx.now.IsZero() {
		return tx.now, nil
	}
	if tx.db.d.now == "" {
		tx.now = time.Now().UTC().Truncate(time.Millisecond)
		return tx.now, nil
	}
	_, err := tx.ScanOne(Stmt{Name: "tx.now", Text: tx.db.d.now}, []any{stamp{&tx.now}})
	return tx.now, err
}

// SetNow makes Now return another moment from here on, such as one of the past.
func (tx *Tx) SetNow(now time.Time) { tx.now = now }

// Keep stores a value in memory, with the open database, for later transactions
// of this process. It replaces the value before, which must be of the same type.
// Nothing keeps it up to date: whoever uses it has to check that it still holds.
func (tx *Tx) Keep(v any) { tx.db.kept.Store(v) }

// Kept returns the value that Keep stored last; nil if there is none.
func (tx *Tx) Kept() any { return tx.db.kept.Load() }

// Operation returns the id of this transaction, if it writes: all records that
// it adds to a history carry it.
func (tx *Tx) Operation() string { return tx.operation }

// Context returns the context that the transaction was begun with.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Dialect returns what differs between the engines in a statement.
func (tx *Tx) Dialect() *Dialect { return tx.db.d }

// Define runs SQL that changes the schema. It is observed under the name, without
// its text: there is no query plan to look up.
func (tx *Tx) Define(name, sql string) error {
	began := time.Now()
	_, err := tx.session.exec(sql)
	tx.db.step(name, began, err)
	return tx.db.translate(err)
}

// InOrder says that this transaction writes many rows in the order of their keys,
// and hardly comes back to a page: until it ends, SQLite keeps fewer pages in
// memory.
func (tx *Tx) InOrder() error {
	tx.ordered = true
	return tx.db.translate(tx.session.cache(orderedCache))
}

// Unguarded calls f with foreign keys and triggers off, if the engine runs them
// row by row: f must itself do what they would do.
func (tx *Tx) Unguarded(f func() error) error { return tx.session.unguarded(f) }
