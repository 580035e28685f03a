package tracker

import (
	"context"

	"pm/internal/past"
	"pm/internal/plan"
	"pm/internal/store"
)

type warningsKey struct{}

// WithWarnings returns a context in which a call that reads the plan as of a
// moment sets *all to what its answer lacks, before the answer has its first
// part. The answers themselves have no place for it, unless they are a Diff or a
// Report.
func WithWarnings(ctx context.Context, all *[]Warning) context.Context {
	return context.WithValue(ctx, warningsKey{}, all)
}

// layAsked lays the plan of the moment that a call asks for, and sets what
// WithWarnings names. trash says that the trash of then is asked for, too.
func layAsked(ctx context.Context, tx *store.Tx, m store.Moment, entries []past.Trashed, trash bool) (*store.Past, error) {
	if all, ok := ctx.Value(warningsKey{}).(*[]Warning); ok {
		found, err := emptied(tx, m, trash)
		if err != nil {
			return nil, err
		}
		*all = found
	}
	return past.Lay(tx, m, entries)
}

// emptied warns of an answer that is as of a moment if the trash was emptied
// since: what was in it is part of no answer any more.
func emptied(tx *store.Tx, m store.Moment, trash bool) ([]Warning, error) {
	at, err := tx.Emptied(m, trash)
	if err != nil || at.IsZero() {
		return nil, err
	}
	return []Warning{warning("emptied", "the trash was emptied on %s, after that moment: items that were in it are missing here", plan.Stamp(at))}, nil
}
