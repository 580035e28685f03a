package tracker

import (
	"context"

	"pm/internal/plan"
	"pm/internal/store"
)

// Emptied warns of an answer that is as of a moment if the trash was emptied
// since: what was in it is part of no answer any more.
func (t *Tracker) Emptied(ctx context.Context, asOf string) ([]Warning, error) {
	m, err := t.momentAsked(ctx, asOf)
	if err != nil || m.IsZero() {
		return nil, err
	}
	return read(ctx, t, func(tx *store.Tx) ([]Warning, error) { return emptied(tx, m) })
}

func emptied(tx *store.Tx, m store.Moment) ([]Warning, error) {
	at, err := tx.Emptied(m)
	if err != nil || at.IsZero() {
		return nil, err
	}
	return []Warning{warning("emptied", "the trash was emptied on %s, after that moment: items that were in it are missing here", plan.Stamp(at))}, nil
}
