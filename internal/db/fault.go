package db

import (
	"context"
	"errors"
	"time"

	"pm/internal/plan"
)

// A fault is what a driver's error means to pm.
type fault struct {
	kind   plan.Kind
	code   string
	again  bool   // the transaction surely left no trace: running it again is safe and may work
	said   string // the server's own words
	undone bool   // where a commit fails with it, nothing was stored; without it, who knows
}

// Codes of faults: another writer, or a program outside of the queue of
// writers, did not let go in time; there is no room on the disk.
const (
	waited   = "waited"
	locked   = "locked"
	diskFull = "disk_full"
)

func waitedFor(d time.Duration, path string) *plan.Error {
	return plan.Errorf(plan.Unavailable, "waited %s for another writer of %s", d, path).
		WithCode("busy").WithHint("try again; nothing was changed")
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
	var open undecided
	if errors.As(err, &open) {
		return unknownOutcome(db.path, open.error)
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
		e := waitedFor(db.opts.wait(), db.path)
		e.Err = err
		return e
	}
	if f.code == locked {
		return plan.Errorf(plan.Unavailable, "waited %s for %s: another program has locked it", db.opts.wait(), db.path).
			WithCode("busy").WithHint("close the program that holds it, such as a database browser or a backup tool, and try again; nothing was changed")
	}
	e := &plan.Error{Kind: f.kind, Code: f.code, Err: err}
	switch f.kind {
	case plan.Unavailable:
		e.Message, e.Hint = db.path+" is busy or cannot be reached", "try again; nothing was changed"
		if f.code == "unreachable" && f.said != "" {
			e.Message += ": " + f.said
		}
		if f.code == "time_limit" {
			e.Message = db.path + " ended the transaction: " + f.said
			e.Hint += ", and the address can raise the limit: statement_timeout=60s, idle_in_transaction_session_timeout=60s"
		}
	case plan.Storage:
		e.Message, e.Hint = db.storageFault(f)
	case plan.Permission:
		e.Message, e.Hint = db.permissionFault(f)
	case plan.Corrupt:
		e.Message, e.Hint = db.path+" is damaged, or is not a pm database", "keep a copy of it, then restore a backup into a new database"
	case plan.NotFound:
		e.Message, e.Hint = "what this belongs to does not exist in "+db.path, "to see what is there: pm tree"
		if f.code == "no_database" {
			e.Message, e.Hint = db.path+" does not exist", "create the database first, then run pm init"
		}
	case plan.Conflict:
		e.Message, e.Hint = "an item with this key already exists", "to see what is there: pm list"
	case plan.Invalid:
		e.Message = "a value violates a constraint of the database"
		if f.code == "bad_address" {
			e.Message, e.Hint = "invalid database address: "+f.said, "correct its parameters"
		}
	default:
		return err
	}
	return e
}

// storageFault says what is wrong with the place where the database is kept.
func (db *DB) storageFault(f fault) (message, hint string) {
	message, hint = "the disk under "+db.path+" is full or failing", "free some space and try again; nothing was changed"
	switch f.code {
	case "moved":
		message = db.path + " was moved or deleted while it was open"
	case "pooler":
		message = "a connection pooler in front of " + db.path + " mixes up prepared statements: " + f.said
		hint = "add default_query_exec_mode=cache_describe to the address"
	}
	return message, hint
}

// permissionFault says what this user may not do with the database.
func (db *DB) permissionFault(f fault) (message, hint string) {
	message, hint = db.path+" cannot be written", "check the permissions of the file and its directory"
	switch {
	case f.code == "cannot_open":
		message = db.path + " cannot be opened"
	case f.code == "read_only" && f.said != "":
		message, hint = db.path+" does not allow this: "+f.said, "connect to the primary; where default_transaction_read_only is set for your user, add default_transaction_read_only=off to the address"
	case f.code == "not_granted":
		message, hint = db.path+" does not allow this: "+f.said, "ask the owner to create the schema and grant your user usage and create on it, all on its tables, and temporary on the database"
	case f.code == "login":
		message, hint = db.path+" does not let this user in", "check the user and the password of the address"
	}
	return message, hint
}
