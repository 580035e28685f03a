package tracker

import (
	"context"
	"io"
	"time"

	"pm/internal/dump"
	"pm/internal/interchange"
	"pm/internal/store"
)

// RowsAsOf writes what an export has of the items as they were at a moment, or as
// they are, without their histories: of these it has the heads of the chains.
func (t *Tracker) RowsAsOf(ctx context.Context, w io.Writer, asOf string) error {
	return lookAt(ctx, t, asOf, func(tx *store.Tx) error {
		out := interchange.NewLineWriter(w)
		project, err := tx.Project()
		if err != nil {
			return err
		}
		if err := out.Write(interchange.NewProjectRecord(project)); err != nil {
			return err
		}
		lines, epics := dump.Rows(tx, out, nil), tx.EpicStream(store.PlanFilter{})
		for {
			epic, err := epics.Next()
			if epic == nil || err != nil {
				return firstError(err, out.Flush())
			}
			if err := lines.Epic(*epic); err != nil {
				return err
			}
		}
	})
}

// Expire is expire, for a test that stands between it and the deletion it follows.
func (t *Tracker) Expire(ctx context.Context, now time.Time) (bool, error) { return t.expire(ctx, now) }
