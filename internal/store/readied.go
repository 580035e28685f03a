package store

import (
	"slices"

	"pm/internal/db"
	"pm/internal/plan"
)

// Which tasks became ready is known from what counting them returns anyway;
// only where a whole feature or epic waits no more is it asked for.

var readiedUnder = db.Named("task.readied_under", `select id from tasks where id between $1 and $2
	and status = 'todo' and open_dependencies = 0 and offered = 1 and deferred = 0 order by id`)

// isReady reports whether a task is todo and nothing keeps it from being claimed.
func isReady(t plan.Task) bool {
	return t.Status == plan.Todo && t.Offered && t.OpenDependencies == 0 && !t.Deferred
}

// Readied returns the tasks that became ready because something that they, or
// their feature or epic, waited for is over since this transaction, in the order
// of their keys. It is asked at the end, when all else has changed.
func (tx *Tx) Readied() ([]plan.Key, error) {
	if err := tx.SaveLevels(); err != nil {
		return nil, err
	}
	for _, level := range tx.turned {
		first, last := level.Range()
		keys, err := db.List(tx.Tx, readiedUnder, func(k *plan.Key) []any { return []any{subject{k}} }, first, last)
		if err != nil {
			return nil, err
		}
		tx.readied = append(tx.readied, keys...)
	}
	tx.turned = nil
	slices.SortFunc(tx.readied, byOrdinal)
	tx.readied = slices.Compact(tx.readied)
	return tx.readied, nil
}
