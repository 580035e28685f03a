package tracker

import (
	"context"
	"strings"
	"time"

	"pm/internal/plan"
	"pm/internal/query"
	"pm/internal/store"
)

// Log is the input of Tracker.Log.
type Log struct {
	Key     string   `json:"key,omitempty" jsonschema:"only this item and everything in it" arg:"key?"`
	Since   string   `json:"since,omitempty" jsonschema:"only changes since this day or time: 2026-11-01, yesterday, mon, -3h"`
	Until   string   `json:"until,omitempty" jsonschema:"only changes up to the end of this day, or before this time"`
	Agent   []string `json:"agent,omitempty" jsonschema:"only changes by these agents; me means yourself"`
	Surface []string `json:"surface,omitempty" jsonschema:"only changes made through: cli, http, web, mcp or import"`
	Limit   *int     `json:"limit,omitempty" jsonschema:"maximum number of results; 50 if not given, 0 for all" short:"n"`
	Cursor  string   `json:"cursor,omitempty" jsonschema:"next_cursor of the previous page"`
	AsOf    string   `json:"as_of,omitempty" jsonschema:"show the history as it was at this time: monday, 2026-11-01T12:00Z, or an operation id"`
}

// filter is what is asked for, but the key and the cursor.
func (in Log) filter(now time.Time, me string) (f store.HistoryFilter, err error) {
	bad := func(flag, text string) error {
		return plan.Errorf(plan.Invalid, "invalid %s %.40q", flag, text).WithCode("bad_date").
			WithHint("use a day such as 2026-11-01, yesterday or mon, or a moment such as -3h, 2 hours ago or 2026-11-01T10:00:00Z")
	}
	if err := firstError(minutesOrMonths("since", in.Since), minutesOrMonths("until", in.Until)); err != nil {
		return f, err
	}
	if in.Since != "" {
		from, _, is := query.ParseTime(strings.TrimSpace(in.Since), now)
		if f.Since = from; !is {
			return f, bad("since", in.Since)
		}
	}
	if in.Until != "" {
		_, to, is := query.ParseTime(strings.TrimSpace(in.Until), now)
		if f.Until = to; !is {
			return f, bad("until", in.Until)
		}
	}
	if !f.Since.IsZero() && !f.Until.IsZero() && !f.Since.Before(f.Until) {
		return f, plan.Errorf(plan.Invalid, "until (%s) is before since (%s)", in.Until, in.Since).WithCode("bad_date").WithHint("swap them")
	}
	f.Agents = agentsNamed(in.Agent, me)
	for _, name := range in.Surface {
		surface, err := plan.ParseSurface(name)
		if err != nil {
			return f, err
		}
		f.Surfaces = append(f.Surfaces, surface)
	}
	return f, nil
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
	now, err := t.nowFor(ctx, in.Since != "" || in.Until != "")
	if err != nil {
		return err
	}
	f, err := in.filter(now, plan.ActorOf(ctx).Name)
	n, limitErr := limitOf(in.Limit)
	if err := firstError(err, limitErr); err != nil {
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
	return lookAt(ctx, t, in.AsOf, func(tx *store.Tx) error {
		if in.Key != "" {
			if _, err := loadItem(tx, f.Under); err != nil {
				return err
			}
		}
		return recordPage(tx, f, n, emit)
	})
}

// recordPage emits the first n records of a filter, 0 for all, in parts. Texts are
// written into them, but not into a whole history, which is for programs.
func recordPage(tx *store.Tx, f store.HistoryFilter, n int, emit func(Page[plan.History]) error) error {
	p := pager[store.Record, store.Position]{limit: n,
		place: func(last store.Record) store.Position { return last.At },
		count: func(last store.Record) (int, bool, error) {
			g := f
			g.Before, g.Limit = &last.At, countTo+1
			n, err := tx.CountRecords(g)
			return n, true, err
		},
		emit: func(part Page[store.Record]) error {
			page := historyPage(part)
			for i := range page.Items {
				if n == 0 {
					break
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
}

// historyPage leaves out where the records are.
func historyPage(p Page[store.Record]) Page[plan.History] {
	out := Page[plan.History]{Items: make([]plan.History, len(p.Items)), More: p.More, NextCursor: p.NextCursor, Complete: p.Complete, Uncounted: p.Uncounted}
	for i, r := range p.Items {
		out.Items[i] = r.History
	}
	return out
}
