// Package store keeps plans: all SQL of pm's tables is here, written once for
// both engines; no rule of the domain is. How to talk to an engine, begin a
// transaction and wait for one's turn is package db's.
//
// Who may do what: the store begins a transaction only for Read and Write,
// which a use case calls with a body. A body may run twice (a write that lost
// a race is run again), so it does no I/O besides its statements.
package store

import (
	"context"
	"errors"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

// A Tx is one transaction on a plan's tables.
type Tx struct {
	*db.Tx
	engine *engine

	at       time.Time         // see At
	command  string            // see Describe
	undoes   string            // see Undoes
	items    int               // that records were added for
	progress func(done int)    // see Announce; nil: it was not announced
	counted  map[plan.Key]bool // which these are

	past *Past // what is laid over the plan of now; nil: nothing

	fields map[string]plan.CustomField // that the project has declared; nil: not read yet

	projectChanged bool // in this transaction
	discarded      bool // something, into the trash

	many map[string]bool // expressions of words, and whether many tasks match: as far as it is known

	line *plan.Line                              // the stages; nil: not read yet
	kept map[plan.DefinitionKind]map[string]bool // fields and stages that stay as they are until the end

	levels map[plan.Key]bool // features and epics that may be over now, or no more: whether they were; see SaveLevels

	readied []plan.Key // tasks that wait for less, and are ready
	turned  []plan.Key // features and epics that wait no more; see Readied

	tallies   map[plan.Key]*tally // by epic: what saveCounts adds to the counts
	forgotten tally               // the counts of deleted epics, which the plan loses, as negative numbers
}

// Write is db.Write for a body that changes a plan. At its end the counts of
// tasks follow, and if it recorded anything, the operation is recorded.
func Write[T any](ctx context.Context, d *DB, f func(*Tx) (T, error)) (T, error) {
	return db.Write(ctx, d, func(tx *db.Tx) (T, error) {
		t := &Tx{Tx: tx, engine: engineOf(tx.Dialect())}
		v, err := f(t)
		if err == nil {
			err = t.finish()
		}
		return v, err
	})
}

// finish is what the end of a write records.
func (tx *Tx) finish() error {
	err := tx.SaveLevels()
	if err == nil {
		err = tx.saveCounts()
	}
	if err == nil {
		err = tx.recordOperation()
	}
	return err
}

// Read is db.Read for a body that looks at a plan.
func Read[T any](ctx context.Context, d *DB, f func(*Tx) (T, error)) (T, error) {
	return db.Read(ctx, d, func(tx *db.Tx) (T, error) { return f(&Tx{Tx: tx, engine: engineOf(tx.Dialect())}) })
}

// Actor returns who acts in this transaction.
func (tx *Tx) Actor() plan.Actor { return plan.ActorOf(tx.Context()) }

// missing gives db.ErrNoRow the words for an item that does not exist. Where to look
// for it is said by those who have a caller that asked for it.
func (tx *Tx) missing(k plan.Key, err error) error {
	if !errors.Is(err, db.ErrNoRow) {
		return err
	}
	e := plan.Errorf(plan.NotFound, "%s %s does not exist", k.Level(), k)
	e.Missing = k
	if k.Level() == plan.LevelEpic {
		return e.WithHint("to see the epics: pm epic list")
	}
	return e.WithHint("to see what is there: pm tree")
}
