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
	return whole(func(emit func(Page[plan.History]) error) error { return t.LogInParts(ctx, in, emit) })
}

// LogInParts is Log in parts.
func (t *Tracker) LogInParts(ctx context.Context, in Log, emit func(Page[plan.History]) error) error {
	var f store.HistoryFilter
	n, err := limitOf(in.Limit)
	if err != nil {
		return err
	}
	if in.Key != "" {
		if f.Under, err = plan.ParseKey(in.Key); err != nil {
			return err
		}
	}
	if in.Cursor != "" {
		f.Before = &store.Position{}
		if err := decodeCursor(in.Cursor, f.Before); err != nil {
			return err
		}
	}
	return look(ctx, t, func(tx *store.Tx) error {
		if in.Key != "" {
			if _, err := loadItem(tx, f.Under); err != nil {
				return err
			}
		}
		p := pager[store.Record, store.Position]{limit: n,
			place: func(last store.Record) store.Position { return last.At },
			count: func(last store.Record) (int, bool, error) {
				n, err := tx.CountRecords(store.HistoryFilter{Under: f.Under, Before: &last.At, Limit: countTo + 1})
				return n, true, err
			},
			emit: func(part Page[store.Record]) error {
				page := historyPage(part)
				for i := range page.Items {
					if n == 0 {
						break // a whole history is for programs
					}
					if err := tx.InlineTexts(&page.Items[i], maxLogText); err != nil {
						return err
					}
				}
				return emit(page)
			},
		}
		if n == 0 {
			return p.all(func(add func([]store.Record) error) error { return tx.EachRecord(f, add) })
		}
		for {
			f.Limit = p.fetch()
			records, more, err := tx.RecordPart(f)
			if err == nil {
				err = p.add(records)
			}
			if err != nil {
				return err
			}
			if !more || p.over {
				return p.end()
			}
			f.Before = &records[len(records)-1].At
		}
	})
}

// historyPage leaves out where the records are.
func historyPage(p Page[store.Record]) Page[plan.History] {
	out := Page[plan.History]{Items: make([]plan.History, len(p.Items)), More: p.More, NextCursor: p.NextCursor, Complete: p.Complete, Uncounted: p.Uncounted}
	for i, r := range p.Items {
		out.Items[i] = r.History
	}
	return out
}
