package tracker

import (
	"context"

	"pm/internal/plan"
	"pm/internal/store"
)

// Log is the input of Tracker.Log.
type Log struct {
	Key    string `json:"key,omitempty" jsonschema:"only of this item and what lies under it" arg:"key?"`
	Limit  *int   `json:"limit,omitempty" jsonschema:"at most this many; 50 if not given, 0 for all" short:"n"`
	Cursor string `json:"cursor,omitempty" jsonschema:"next_cursor of the page before"`
}

// maxLogText is how many bytes long a text of a note, a title or a reason is
// at most that a page of the history holds. In place of longer ones it has
// their digests and lengths.
const maxLogText = 1 << 10

// Log returns the history of an item, with what lies under it, or of the
// whole project, newest first.
func (t *Tracker) Log(ctx context.Context, in Log) (Page[plan.History], error) {
	var f store.HistoryFilter
	n, err := limitOf(in.Limit)
	if err != nil {
		return Page[plan.History]{}, err
	}
	if in.Key != "" {
		if f.Under, err = plan.ParseKey(in.Key); err != nil {
			return Page[plan.History]{}, err
		}
	}
	if in.Cursor != "" {
		f.Before = &store.Position{}
		if err := decodeCursor(in.Cursor, f.Before); err != nil {
			return Page[plan.History]{}, err
		}
	}
	return read(ctx, t, func(tx *store.Tx) (Page[plan.History], error) {
		if in.Key != "" {
			if _, err := loadItem(tx, f.Under); err != nil {
				return Page[plan.History]{}, err
			}
		}
		g := f
		if n > 0 {
			g.Limit = n + 1
		}
		records, err := tx.History(g)
		if err != nil {
			return Page[plan.History]{}, err
		}
		p, err := newPage(records, n, func(r store.Record) store.Position { return r.At }, func(last store.Record) (int, bool, error) {
			g.Before, g.Limit = &last.At, countTo+1
			rest, err := tx.History(g)
			return len(rest), len(rest) <= countTo, err
		})
		out := Page[plan.History]{Items: make([]plan.History, len(p.Items)), More: p.More, NextCursor: p.NextCursor, Uncounted: p.Uncounted}
		for i, r := range p.Items {
			out.Items[i] = r.History
			if n > 0 && err == nil { // a whole history is for programs
				err = tx.InlineTexts(&out.Items[i], maxLogText)
			}
		}
		return out, err
	})
}
