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
	export := func(tx *store.Tx) (struct{}, error) {
		out := interchange.NewLineWriter(w)
		if err := dump.Plan(tx, out, progress); err != nil {
			return struct{}{}, err // and no last line: what was written is not a whole export
		}
		return struct{}{}, firstError(out.End(), out.Flush())
	}
	if asOf == "" {
		_, err := read(ctx, t, export)
		return err
	}
	m, err := t.momentOf(ctx, "as_of", asOf)
	if err != nil {
		return err
	}
	entries, err := t.trashThen(ctx, m)
	if err != nil {
		return err
	}
	_, err = store.ReadPast(ctx, t.db, func(tx *store.Tx) (*store.Past, error) { return layAsked(ctx, tx, m, entries) }, export)
	return err
}
