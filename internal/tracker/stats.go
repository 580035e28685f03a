package tracker

import (
	"context"

	"pm/internal/db"
	"pm/internal/store"
)

// ShowStats is the input of Tracker.Stats.
type ShowStats struct {
	Sizes bool // also the bytes of each table and index
}

// What Stats are made of, for surfaces.
type (
	Drift     = store.Drift
	IndexSize = db.IndexSize
)

// Stats are a database looked at from outside. Statements and transactions
// are those of this process; whoever opened the database knows them.
type Stats struct {
	db.Stats
	Drifts       []store.Drift `json:"progress_drift"` // whose progress is not what its tasks say; there should be none
	Transactions db.TxCounts   `json:"transactions"`
	Statements   []db.Timing   `json:"statements"`
}

// Stats measures the database, and checks the progress that is kept with
// every epic and feature against their tasks. It reads every row.
func (t *Tracker) Stats(ctx context.Context, in ShowStats) (Stats, error) {
	return read(ctx, t, func(tx *store.Tx) (s Stats, err error) {
		if s.Stats, err = tx.Stats(in.Sizes); err != nil {
			return s, err
		}
		s.Drifts, err = tx.Drifts()
		return s, err
	})
}
