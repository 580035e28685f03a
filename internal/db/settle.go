package db

import (
	"context"
	"fmt"
	"time"

	"pm/internal/plan"
)

// An undecided error is that of a commit which may have taken effect all the
// same, now or later.
type undecided struct{ error }

func (e undecided) Unwrap() error { return e.error }

// commit commits. Its error is undecided unless nothing surely was stored.
func (db *DB) commit(s session) error {
	tried, err := s.commit()
	if err == nil || !tried || db.disposable || db.d.classify(err).undone {
		return err
	}
	return undecided{err}
}

// Recorded says how a later transaction finds out whether this one was
// committed. look must wait for this one where it is still running, and must
// write something if it finds it: once that is committed, so that no power cut
// and no failover takes it away, neither do they take what was found.
func (tx *Tx) Recorded(look func(*Tx) (bool, error)) { tx.recorded = look }

const (
	// settleWait is how long settle takes at most, or as long as a write waits
	// for its turn, if that is less: a failover takes seconds.
	settleWait = 5 * time.Second

	// settlePause is how long it waits between two tries.
	settlePause = 50 * time.Millisecond
)

// settle finds out what became of a transaction whose commit failed: nil means
// that it is stored, the cause of the failure that it is not and never will
// be, and an undecided error that nobody can tell yet.
//
// What is true after a failed commit differs.
//
// SQLite in WAL mode writes the transaction's pages behind the WAL's end, the
// last one marked as the commit, syncs the file, and then moves the end, which
// it keeps in memory that all processes share. If the sync fails (EIO), the
// end is not moved: nobody sees the transaction, and the next writer
// overwrites it. But if all processes end before that, the first to come finds
// the end by reading the file, where the kernel may well have kept the pages,
// and the transaction is there. A failed sync leaves the pages clean in the
// kernel's cache, so that syncing again proves nothing. So settle does what
// the next writer does, while it still has its turn in the queue: it commits a
// page that changes nothing. That page lies where the transaction's first one
// lay, and the checksums of those behind it, each of which includes all before
// it, do not hold any more. Once that is synced the transaction is gone for
// good, after a power cut too. If that fails as well, the outcome is unknown.
// A write that was refused for want of room needs none of this: the page that
// marks the commit is the last one, and was not written.
//
// PostgreSQL commits or does not whether its client hears of it or not; a
// standby that takes over has the transaction or has not. So settle asks, on a
// connection of its own and until there is a server that answers, for what the
// transaction recorded. A transaction that recorded nothing cannot be found.
func (db *DB) settle(tx *Tx, failed undecided) error {
	if tx.recorded == nil && db.d.overwrite == nil {
		return failed
	}
	began := time.Now()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(tx.ctx), min(settleWait, db.opts.wait()))
	defer cancel()
	watch := db.watch(ctx)
	defer watch.end()
	for {
		watch.begin()
		stored := false
		err := run(db.writer, &Tx{ctx: ctx, db: db, writes: true, operation: plan.NewUID(time.Now()), watch: watch}, func(later *Tx) (err error) { stored, err = tx.outcome(later); return err })
		switch {
		case err == nil:
			db.step("tx.settle", began, nil)
			if stored {
				return nil
			}
			return failed.error
		case db.d.classify(cause(err)).kind != plan.Unavailable:
			db.step("tx.settle", began, err)
			return failed
		}
		select {
		case <-time.After(settlePause):
		case <-ctx.Done():
			db.step("tx.settle", began, err)
			return failed
		}
	}
}

// outcome looks, in a later transaction, whether this one was committed.
func (tx *Tx) outcome(later *Tx) (stored bool, err error) {
	if tx.recorded != nil {
		stored, err = tx.recorded(later)
	}
	if err == nil && later.db.d.overwrite != nil {
		err = later.db.d.overwrite(later.session)
	}
	return stored, err
}

// unknownOutcome does not wrap its cause: that the caller's context has ended
// would read as if nothing had been done.
func unknownOutcome(path string, cause error) error {
	return &plan.Error{Kind: plan.Unavailable, Code: "unknown_outcome",
		Message: fmt.Sprintf("commit to %s failed, and whether the change was stored is unknown: %v", path, cause),
		Hint:    "check before you repeat it; repeating it with the same idempotency key is safe"}
}
