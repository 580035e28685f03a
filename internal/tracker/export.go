package tracker

import (
	"context"
	"io"

	"pm/internal/dump"
	"pm/internal/interchange"
	"pm/internal/store"
)

// Export writes the whole plan as JSON lines, losslessly: items, notes,
// history, dependencies, counters, versions. progress, where given, is told
// how many tasks are written, and of how many. No more than some parts of the
// plan is in memory at a time.
func (t *Tracker) Export(ctx context.Context, w io.Writer, progress func(done, total int)) error {
	return t.ExportAsOf(ctx, w, "", progress)
}

// ExportAsOf is Export of the plan as it was; empty means now.
func (t *Tracker) ExportAsOf(ctx context.Context, w io.Writer, asOf string, progress func(done, total int)) error {
	_, err := readWithTrashAt(ctx, t, asOf, func(tx *store.Tx) (none struct{}, err error) {
		out := interchange.NewLineWriter(w)
		if err := dump.Plan(tx, out, progress); err != nil {
			return none, err // and no last line: what was written is not a whole export
		}
		return none, firstError(out.End(), out.Flush())
	})
	return err
}
