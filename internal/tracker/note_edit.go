package tracker

import (
	"context"

	"pm/internal/plan"
	"pm/internal/store"
)

// EditNote is the input of Tracker.EditNote.
type EditNote struct {
	Key  string `json:"key" jsonschema:"key of an epic, a feature or a task; plan means the plan itself" arg:"key"`
	N    int    `json:"n" jsonschema:"number of the note" arg:"n"`
	Body string `json:"body" jsonschema:"the new text, Markdown" arg:"text"`
}

// EditNote replaces the text of a note. Its author, kind and time stay; the
// history keeps the text before. Anyone may; the holder's edit renews the lease.
func (t *Tracker) EditNote(ctx context.Context, in EditNote) (plan.Note, error) {
	key, err := noteKey(in.Key)
	if err := firstError(err, checkNote(key, in.Body)); err != nil {
		return plan.Note{}, err
	}
	return t.changeNote(ctx, call{"note edit", in}, key, in.N, func(tx *store.Tx, n *plan.Note) (bool, error) {
		if n.Body == in.Body {
			return false, nil
		}
		n.Body = in.Body
		return true, tx.RewriteNote(*n)
	})
}

// RemoveNote is the input of Tracker.RemoveNote.
type RemoveNote struct {
	Key string `json:"key" jsonschema:"key of an epic, a feature or a task; plan means the plan itself" arg:"key"`
	N   int    `json:"n" jsonschema:"number of the note" arg:"n"`
}

// RemoveNote removes a note, and returns it. The history keeps its text, and
// its number is not given again.
func (t *Tracker) RemoveNote(ctx context.Context, in RemoveNote) (plan.Note, error) {
	key, err := noteKey(in.Key)
	if err != nil {
		return plan.Note{}, err
	}
	return t.changeNote(ctx, call{"note remove", in}, key, in.N, func(tx *store.Tx, n *plan.Note) (bool, error) {
		gone := *n
		n.N = 0
		return true, tx.RemoveNote(gone)
	})
}

// changeNote applies a change to a note and saves its item with the record of
// it. A change that takes its number away removes it.
func (t *Tracker) changeNote(ctx context.Context, c call, key plan.Key, number int, change func(*store.Tx, *plan.Note) (bool, error)) (plan.Note, error) {
	return write(ctx, t, c, func(tx *store.Tx) (plan.Note, error) {
		item, err := lockRow(tx, key)
		if err != nil {
			return plan.Note{}, err
		}
		before, err := tx.Note(key, number)
		if err != nil {
			return before, err
		}
		after := before
		if changed, err := change(tx, &after); err != nil || !changed {
			return after, err
		}
		if after.N == 0 {
			return before, saveNote(tx, item, before, nil)
		}
		return after, saveNote(tx, item, before, &after)
	})
}
