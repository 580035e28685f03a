package store

import (
	"slices"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

// Newer returns the records after the moment, oldest first, by the item as it is
// called now, of which the project itself is the zero key; and where
// the first one of each is.
func (tx *Tx) Newer(m Moment) (newer map[plan.Key][]plan.History, first map[plan.Key]Position, err error) {
	newer, first = map[plan.Key][]plan.History{}, map[plan.Key]Position{}
	for _, of := range []string{"task_id, " + historyColumns + " from task_history", "key, " + historyColumns + " from plan_history"} {
		s := db.Named("past.newer", "select id, "+of+" where "+m.newer(tx.engine.main, "timestamp", "operation")+" order by id")
		_, err := db.Walk(tx.Tx, s, recordFields, func(r Record) {
			if len(newer[r.Key]) == 0 {
				first[r.Key] = Position{Time: r.Timestamp, RowID: r.At.RowID}
			}
			newer[r.Key] = append(newer[r.Key], r.History)
		})
		if err != nil {
			return nil, nil, err
		}
	}
	return newer, first, nil
}

// TrashedSince returns the entries that came into the trash after the moment.
func (tx *Tx) TrashedSince(m Moment) ([]plan.Trashed, error) {
	return db.List(tx.Tx, db.Named("past.trashed", "select id, "+trashColumns+" from trash where "+m.newer(tx.engine.main, "deleted_at", "operation")+" order by id desc"), storedTrash)
}

// A Head is where the history of an item ended at a moment.
type Head struct {
	At   time.Time
	Hash string
}

// EpicsOf and FeaturesOf return those of the items that are there, in the order of
// their keys.
func (tx *Tx) EpicsOf(keys []plan.Key) (out []plan.Epic, err error) {
	for some := range slices.Chunk(ordinals(keys), maxIn) {
		es, err := db.List(tx.Tx, db.Named("past.epics", "select "+epicColumns+" from epics where id in ("+tx.engine.Marks(len(some))+") order by id"), epicFields, some...)
		if err != nil {
			return nil, err
		}
		out = append(out, es...)
	}
	return out, tx.loadEpicWords(out)
}

func (tx *Tx) FeaturesOf(keys []plan.Key) (out []plan.Feature, err error) {
	for some := range slices.Chunk(ordinals(keys), maxIn) {
		fs, err := db.List(tx.Tx, db.Named("past.features", "select "+featureColumns+" from features where id in ("+tx.engine.Marks(len(some))+") order by id"), featureFields, some...)
		if err != nil {
			return nil, err
		}
		out = append(out, fs...)
	}
	return out, tx.loadFeatureWords(out)
}
