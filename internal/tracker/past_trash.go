package tracker

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"pm/internal/past"
	"pm/internal/plan"
	"pm/internal/store"
)

// readWithTrashAt is readAt for what reads the trash, too.
func readWithTrashAt[Out any](ctx context.Context, t *Tracker, asOf string, f func(*store.Tx) (Out, error)) (Out, error) {
	return answer(func(body func(*store.Tx) error) error { return lookWithTrashAt(ctx, t, asOf, body) }, f)
}

func lookWithTrashAt(ctx context.Context, t *Tracker, asOf string, f func(*store.Tx) error) error {
	m, err := t.momentAsked(ctx, asOf)
	if err != nil {
		return err
	}
	if m.IsZero() {
		return look(ctx, t, f)
	}
	entries, err := t.trashThen(ctx, m)
	if err != nil {
		return err
	}
	return store.ReadPast(ctx, t.db, func(tx *store.Tx) (*store.Past, error) { return layAsked(ctx, tx, m, entries, true) }, f)
}

// trashThen returns what was in the trash at a moment and was restored since. The
// rows of each entry are those of the plan right before its deletion.
func (t *Tracker) trashThen(ctx context.Context, m store.Moment) ([]past.Trashed, error) {
	entries, err := read(ctx, t, func(tx *store.Tx) ([]past.Trashed, error) { return restoredSince(tx, m) })
	for i := range entries {
		if err != nil {
			return nil, err
		}
		var before store.Moment
		before, err = read(ctx, t, func(tx *store.Tx) (store.Moment, error) { return beforeDeletion(tx, entries[i].Trashed) })
		if err != nil {
			return nil, err
		}
		entries[i], err = readThen(ctx, t, before, func(tx *store.Tx) (past.Trashed, error) { return packAgain(tx, entries[i]) })
	}
	return entries, err
}

// beforeDeletion is the moment right before an item went to the trash.
func beforeDeletion(tx *store.Tx, entry plan.Trashed) (store.Moment, error) {
	o, err := tx.FindOperation(entry.Operation)
	if err != nil {
		return store.Moment{}, err
	}
	return tx.MomentAt(o, true)
}

// restoredSince returns the entries without their rows, in the order of their
// deletion.
func restoredSince(tx *store.Tx, m store.Moment) (out []past.Trashed, err error) {
	newer, _, err := tx.Newer(m)
	if err != nil {
		return nil, err
	}
	for _, k := range slices.SortedFunc(maps.Keys(newer), plan.Key.Compare) {
		if records := newer[k]; len(records) == 0 || records[0].OldStatus != "" || records[0].Change["deleted"][0] == nil {
			continue
		}
		records, err := tx.ItemHistory(k)
		if err != nil {
			return nil, err
		}
		kept := records[:max(0, len(records)-len(newer[k]))]
		was := keyBefore(k, newer[k])
		for _, h := range slices.Backward(kept) {
			if h.Change["deleted"][1] != nil {
				out = append(out, past.Trashed{Trashed: plan.Trashed{Key: was, Agent: h.Agent, Operation: h.Operation, DeletedAt: h.Timestamp, HistoryHash: kept[len(kept)-1].Hash}})
				break
			}
		}
	}
	plan.Sort(out, func(a, b past.Trashed) int {
		return cmp.Or(a.DeletedAt.Compare(b.DeletedAt), cmp.Compare(a.Operation, b.Operation))
	})
	return out, nil
}

// packAgain fills in an entry from the plan right before the deletion.
func packAgain(tx *store.Tx, t past.Trashed) (past.Trashed, error) {
	d := deletion{tx: tx, answer: Deleted{Key: t.Key}}
	if err := d.look(); err != nil {
		return t, err
	}
	err := d.pack(func(lines string) error { t.Parts = append(t.Parts, lines); return nil })
	t.UID, _, _, _ = d.item.record()
	gone := d.answer.Deleted
	t.Title, t.Epics, t.Features, t.Tasks, t.Notes = d.answer.Title, gone.Epics, gone.Features, gone.Tasks, gone.Notes
	return t, err
}
