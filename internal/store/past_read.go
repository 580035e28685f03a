package store

import (
	"slices"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

// Newer returns the records after the moment, oldest first, by the item as it is
// called now, of which the project itself is the zero key.
func (tx *Tx) Newer(m Moment) (map[plan.Key][]plan.History, error) {
	out := map[plan.Key][]plan.History{}
	for _, of := range []string{"task_id, " + historyColumns + " from task_history", "key, " + historyColumns + " from plan_history"} {
		s := db.Named("past.newer", "select id, "+of+" where "+m.newer("timestamp", "operation")+" order by id")
		if _, err := db.Walk(tx.Tx, s, recordFields, func(r Record) { out[r.Key] = append(out[r.Key], r.History) }); err != nil {
			return nil, err
		}
	}
	for k, records := range out {
		// Records of the operation itself can be later than it: of an item that was
		// changed by a clock ahead of its. What comes before them does so too.
		if i := slices.IndexFunc(records, func(h plan.History) bool { return m.Operation != "" && !m.Before && h.Operation == m.Operation }); i >= 0 {
			out[k] = records[i+1:]
		}
	}
	return out, nil
}

// A Head is where the history of an item ended at a moment.
type Head struct {
	At   time.Time
	Hash string
}

// Heads returns where the histories of items ended at the moment.
func (tx *Tx) Heads(m Moment, keys []plan.Key) (map[plan.Key]Head, error) {
	out := map[plan.Key]Head{}
	type head struct {
		key plan.Key
		Head
	}
	ids := map[plan.Level][]any{}
	for _, k := range keys {
		ids[k.Level()] = append(ids[k.Level()], k.Ordinal())
	}
	for _, level := range []plan.Level{plan.LevelEpic, plan.LevelFeature, plan.LevelTask} {
		table, item := "plan_history", string(level)+"_id"
		if level == plan.LevelTask {
			table = "task_history"
		}
		for some := range slices.Chunk(ids[level], maxIn) {
			s := db.Named("past.heads", "select "+item+", timestamp, hash from "+table+" where id in (select max(id) from "+table+" where "+item+" in ("+tx.engine.Marks(len(some))+") and "+m.kept("timestamp", "operation")+" group by "+item+")")
			if _, err := db.Walk(tx.Tx, s, func(h *head) []any { return []any{subject{&h.key}, db.Stamp(&h.At), &h.Hash} }, func(h head) { out[h.key] = h.Head }, some...); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
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

// Former returns the former texts of an item.
func (tx *Tx) Former(k plan.Key) (map[string]string, error) {
	found, err := tx.formerTexts(formerRange, k.Ordinal(), k.Ordinal())
	out := map[string]string{}
	for _, c := range found[k.Ordinal()] {
		out[c.digest] = c.body
	}
	return out, err
}
