package tracker

import (
	"context"
	"strings"
	"time"

	"pm/internal/past"
	"pm/internal/plan"
	"pm/internal/query"
	"pm/internal/store"
)

// readAt is read of the plan as it was at a moment that somebody names; empty
// means now. Where a query asks for what only time tells, it is told as of then.
func readAt[Out any](ctx context.Context, t *Tracker, asOf string, f func(*store.Tx) (Out, error)) (Out, error) {
	return answer(func(body func(*store.Tx) error) error { return lookAt(ctx, t, asOf, body) }, f)
}

// lookAt is look as readAt is read.
func lookAt(ctx context.Context, t *Tracker, asOf string, f func(*store.Tx) error) error {
	m, err := t.momentAsked(ctx, asOf)
	if err != nil {
		return err
	}
	return lookAtMoment(ctx, t, m, f)
}

// momentAsked is the moment that somebody names; the present, if none.
func (t *Tracker) momentAsked(ctx context.Context, asOf string) (store.Moment, error) {
	if asOf == "" {
		return store.Moment{}, nil
	}
	return t.momentOf(ctx, "as_of", asOf)
}

// readAtMoment is read of the plan as it was at a moment, or as it is.
func readAtMoment[Out any](ctx context.Context, t *Tracker, m store.Moment, f func(*store.Tx) (Out, error)) (Out, error) {
	return answer(func(body func(*store.Tx) error) error { return lookAtMoment(ctx, t, m, body) }, f)
}

func lookAtMoment(ctx context.Context, t *Tracker, m store.Moment, f func(*store.Tx) error) error {
	if m.IsZero() {
		return look(ctx, t, f)
	}
	return store.ReadPast(ctx, t.db, func(tx *store.Tx) (*store.Past, error) { return layAsked(ctx, tx, m, nil, false) }, f)
}

// readThen is read of the plan as it was at a moment that nobody named.
func readThen[Out any](ctx context.Context, t *Tracker, m store.Moment, f func(*store.Tx) (Out, error)) (Out, error) {
	return answer(func(body func(*store.Tx) error) error {
		return store.ReadPast(ctx, t.db, func(tx *store.Tx) (*store.Past, error) { return past.Lay(tx, m, nil) }, body)
	}, f)
}

// momentOf reads a moment of the past: a time as queries have them, of which a day
// means its beginning, or the id of an operation, up to which all counts.
func (t *Tracker) momentOf(ctx context.Context, name, s string) (store.Moment, error) {
	now, err := t.now(ctx)
	if err != nil {
		return store.Moment{}, err
	}
	at, is, err := pastTime(name, s, now)
	word := strings.ToLower(strings.TrimSpace(s))
	switch {
	case err != nil:
		return store.Moment{}, err
	case is:
		return store.Moment{At: at}, nil
	case word != store.LastOperation && (len(word) < shortestID || strings.Trim(word, "0123456789abcdef-") != ""):
		return store.Moment{}, plan.Errorf(plan.Invalid, "invalid %s %.40q", name, s).WithCode("bad_date").WithHint("%s", momentsHint)
	}
	return read(ctx, t, func(tx *store.Tx) (store.Moment, error) {
		o, err := tx.FindOperation(word)
		if err != nil {
			return store.Moment{}, err
		}
		return tx.MomentAt(o, false)
	})
}

// momentsHint says how a moment of the past is named.
const momentsHint = "use a time such as monday, 3d, 2 hours ago, 2026-11-01 or 2026-11-01T12:00Z, or the id of an operation: pm ops"

// pastTime reads a time that lies behind now, of which a day means its beginning.
// It reports false for what is no time: it may be the id of an operation.
func pastTime(name, s string, now time.Time) (at time.Time, is bool, err error) {
	if err := minutesOrMonths(name, s); err != nil {
		return at, true, err
	}
	at, _, is = query.ParseTime(strings.TrimSpace(s), now)
	if is && at.After(now) {
		return at, is, plan.Errorf(plan.Invalid, "invalid %s %q: it is in the future", name, s).WithCode("bad_date").WithHint("use a time that is not in the future, such as today or 2 hours ago")
	}
	return at.UTC().Truncate(time.Millisecond), is, err
}

// minutesOrMonths refuses a moment such as 30m: an m is minutes in a lease, and
// months in a query.
func minutesOrMonths(name, s string) error {
	n, is := strings.CutSuffix(strings.TrimPrefix(strings.TrimSpace(s), "-"), "m")
	if !is || n == "" || strings.Trim(n, "0123456789") != "" {
		return nil
	}
	return plan.Errorf(plan.Invalid, "ambiguous %s %q: minutes or months", name, s).WithCode("bad_date").WithHint("write '%s minutes ago' or '%s months ago'", n, n)
}

// shortestID is how much of the id of an operation must be named.
const shortestID = 4
