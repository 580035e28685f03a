package db

import (
	"context"
	"errors"

	"pm/internal/plan"
	"pm/internal/sqlite"
)

// CopyTo writes what the database holds at one moment into the file at path,
// which must be empty or not exist. Others can read and write meanwhile. The
// copy has no WAL, and is not synced. It is plan.Refused on PostgreSQL, whose
// own tools make copies.
func (db *DB) CopyTo(ctx context.Context, path string) error {
	if err := db.CanCopy(); err != nil {
		return err
	}
	err := db.look(func(db *DB) error {
		if !db.checked.Load() {
			if err := db.reader.within(ctx, beginning{}, db.check); err != nil {
				return err
			}
		}
		return db.copyFile(ctx, path)
	})
	var e *plan.Error
	if f := db.d.classify(cause(err)); err != nil && !errors.As(err, &e) && f.kind == plan.Storage {
		why := err.Error()
		if f.code == diskFull {
			why = "no space left on the disk"
		}
		return &plan.Error{Kind: plan.Storage, Code: f.code, Err: err, Message: "cannot write a copy of " + db.path + ": " + why,
			Hint: "free some space and try again"}
	}
	return db.translate(err)
}

// copyFile is CopyTo for a database of any version.
func (db *DB) copyFile(ctx context.Context, path string) error {
	return db.reader.(file).Use(ctx, func(c *sqlite.Conn) error {
		_, err := c.Exec(ctx, "vacuum into $1", path)
		return err
	})
}

// CanCopy says why CopyTo cannot work on this database; nil: it can.
func (db *DB) CanCopy() error {
	if db.place != nil {
		return nil
	}
	return plan.Errorf(plan.Refused, "%s is a PostgreSQL database, which pm backup cannot copy", db.path).WithCode("not_a_file").
		WithHint("use pm export --follow DIR, or the server's tools: pg_basebackup and a WAL archive, or pg_dump")
}
