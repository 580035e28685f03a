package db

import (
	"context"
	"time"

	"pm/internal/plan"
	"pm/internal/sqlite"
)

// Erase removes from an SQLite file what was deleted or overwritten before. A
// deleted text stays in the file's free pages, in the gaps of pages in use and
// in the WAL until something else happens to be written there: so Erase
// rewrites the whole file and empties the WAL. That takes as long as copying
// the file, and as much room again; who waits to write is told of the work.
//
// It is plan.Unavailable if a reader still needs the WAL. On PostgreSQL Erase
// does nothing: done is false.
func (db *DB) Erase(ctx context.Context, w Work) (done bool, err error) {
	if db.place == nil || db.opts.Rehearse {
		return false, nil
	}
	if db, err = db.current(); err != nil {
		return false, err
	}
	release, err := db.queue.enter(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	db.queue.publish(w)
	began := time.Now()
	err = db.writer.(file).Use(ctx, func(c *sqlite.Conn) error { return db.erase(ctx, c) })
	db.step("erase", began, err)
	db.wal.look()
	return err == nil, db.translate(err)
}

func (db *DB) erase(ctx context.Context, c *sqlite.Conn) error {
	if err := db.inPlace(); err != nil {
		return err
	}
	s := fileSession{ctx: ctx, c: c}
	if _, err := s.exec("vacuum"); err != nil {
		return err
	}
	var busy, pages, copied int64
	if err := ask(s, "pragma wal_checkpoint(truncate)", &busy, &pages, &copied); err != nil {
		return err
	}
	if busy != 0 {
		return plan.Errorf(plan.Unavailable, "a reader still needs the write-ahead log of %s", db.path).WithCode("busy")
	}
	return nil
}
