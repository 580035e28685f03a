package tracker

import (
	"context"
	"strings"

	"pm/internal/plan"
	"pm/internal/store"
)

// Gauges are numbers of the moment, for monitoring.
type Gauges struct {
	Counts        plan.Counts
	ExpiredLeases int     // held by somebody whose lease has run out
	Backup        *Backup // the last; nil: none is known of
}

// Gauges counts tasks.
func (t *Tracker) Gauges(ctx context.Context) (Gauges, error) {
	g, err := read(ctx, t, func(tx *store.Tx) (g Gauges, err error) {
		if g.Counts, err = tx.CountByStatus(); err != nil {
			return g, err
		}
		now, err := tx.Now()
		if err != nil {
			return g, err
		}
		g.ExpiredLeases, err = tx.CountExpiredLeases(now)
		return g, err
	})
	g.Backup = t.lastBackup()
	return g, err
}

// Check reports whether the database answers, with the schema of this pm.
func (t *Tracker) Check(ctx context.Context) error {
	version, err := t.db.Version(ctx)
	if err == nil && version != store.SchemaVersion {
		err = plan.Errorf(plan.Storage, "the schema has version %d, but this pm needs version %d", version, store.SchemaVersion).WithCode("schema_version")
	}
	return err
}

// TookOver reports whether a record is that of a claim which took a task over
// from a holder whose lease had run out.
func TookOver(h plan.History) bool {
	return h.OldStatus == string(plan.InProgress) && h.NewStatus == string(plan.InProgress) && strings.HasPrefix(h.Notes, takenOver)
}

// takenOver begins the notes of such a record.
const takenOver = "taken over from "
