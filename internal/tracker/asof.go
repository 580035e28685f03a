package tracker

import (
	"context"
	"strings"
	"time"

	"pm/internal/plan"
	"pm/internal/query"
	"pm/internal/store"
)

// readAt is read of the plan as it was at a moment that somebody names; empty
// means now. Where a query asks for what only time tells, it is told as of then.
func readAt[Out any](ctx context.Context, t *Tracker, asOf string, f func(*store.Tx) (Out, error)) (Out, error) {
	if asOf == "" {
		return read(ctx, t, f)
	}
	m, err := t.momentOf(ctx, "as_of", asOf)
	if err != nil {
		var none Out
		return none, err
	}
	return readThen(ctx, t, m, f)
}

// readThen is read of the plan as it was at a moment.
func readThen[Out any](ctx context.Context, t *Tracker, m store.Moment, f func(*store.Tx) (Out, error)) (Out, error) {
	return store.ReadPast(ctx, t.db, func(tx *store.Tx) (*store.Past, error) { return layPast(tx, m, nil) }, f)
}

// lookAt is look as readAt is read.
func lookAt(ctx context.Context, t *Tracker, asOf string, f func(*store.Tx) error) error {
	_, err := readAt(ctx, t, asOf, func(tx *store.Tx) (struct{}, error) { return struct{}{}, f(tx) })
	return err
}

// momentOf reads a moment of the past: a time as queries have them, of which a day
// means its beginning, or the id of an operation, up to which all counts.
func (t *Tracker) momentOf(ctx context.Context, name, s string) (store.Moment, error) {
	now, err := t.now(ctx)
	if err != nil {
		return store.Moment{}, err
	}
	word := strings.ToLower(strings.TrimSpace(s))
	at, _, is := query.ParseTime(strings.TrimSpace(strings.TrimSuffix(word, " ago")), now)
	switch {
	case is && at.After(now):
		return store.Moment{}, plan.Errorf(plan.Invalid, "invalid %s %q: it lies in the future", name, s).WithCode("bad_date").WithHint("leave it out to see the plan as it is")
	case is:
		return store.Moment{At: at.UTC().Truncate(time.Millisecond)}, nil
	case word != store.LastOperation && (len(word) < shortestID || strings.Trim(word, "0123456789abcdef-") != ""):
		return store.Moment{}, plan.Errorf(plan.Invalid, "invalid %s %.40q", name, s).WithCode("bad_date").
			WithHint("use a time such as monday, 3d, 2026-11-01 or 2026-11-01T12:00Z, or the id of an operation: pm ops")
	}
	o, err := read(ctx, t, func(tx *store.Tx) (plan.Operation, error) { return tx.FindOperation(word) })
	return store.Moment{At: o.At, Operation: o.ID}, err
}

// shortestID is how much of the id of an operation must be named.
const shortestID = 4
