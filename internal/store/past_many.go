package store

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pm/internal/db"
	"pm/internal/plan"
)

// NotesOf, FormerOf and HistoriesOf return what many items have beside their rows,
// each with some statements for all of them.

// NotesOf returns the notes of items.
func (tx *Tx) NotesOf(keys []plan.Key) (map[plan.Key][]plan.Note, error) {
	out := map[plan.Key][]plan.Note{}
	for some := range slices.Chunk(ordinals(keys), maxIn) {
		s := db.Named("past.notes", "select id, item_id, "+noteColumns+" from notes where item_id in ("+tx.engine.Marks(len(some))+") order by item_id, n")
		if _, err := db.Walk(tx.Tx, s, storedNote, func(n plan.Note) { out[n.Key] = append(out[n.Key], n) }, some...); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// FormerOf returns the former texts of items, by their digests.
func (tx *Tx) FormerOf(keys []plan.Key) (map[plan.Key]map[string]string, error) {
	out := map[plan.Key]map[string]string{}
	for some := range slices.Chunk(ordinals(keys), maxIn) {
		s := db.Named("past.former", "select item_id, digest, body from contents where item_id in ("+tx.engine.Marks(len(some))+")")
		_, err := db.Walk(tx.Tx, s, func(c *formerText) []any { return []any{&c.item, &c.digest, &c.body} }, func(c formerText) {
			k := plan.KeyOf(c.item)
			if out[k] == nil {
				out[k] = map[string]string{}
			}
			out[k][c.digest] = c.body
		}, some...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// HistoriesOf returns the records of items, oldest first.
func (tx *Tx) HistoriesOf(keys []plan.Key) (map[plan.Key][]plan.History, error) {
	out := map[plan.Key][]plan.History{}
	for _, of := range byLevel(keys) {
		for some := range slices.Chunk(of.ids, maxIn) {
			s := db.Named("past.histories", "select id, "+of.subject+", "+historyColumns+" from "+of.table+" where "+of.column+" in ("+tx.engine.Marks(len(some))+") order by id")
			if _, err := db.Walk(tx.Tx, s, recordFields, func(r Record) { out[r.Key] = append(out[r.Key], r.History) }, some...); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// A recorded is items of one level, and where their records are.
type recorded struct {
	table, column, subject string
	ids                    []any
}

// byLevel parts items by where their records are.
func byLevel(keys []plan.Key) []recorded {
	out := []recorded{{"plan_history", "epic_id", "key", nil}, {"plan_history", "feature_id", "key", nil}, {"task_history", "task_id", "task_id", nil}}
	for _, k := range keys {
		at := slices.Index([]plan.Level{plan.LevelEpic, plan.LevelFeature, plan.LevelTask}, k.Level())
		out[at].ids = append(out[at].ids, k.Ordinal())
	}
	return out
}

// Heads returns where the histories of items ended before the given records, of
// which each has one.
func (tx *Tx) Heads(first map[plan.Key]Position) (map[plan.Key]Head, error) {
	out := map[plan.Key]Head{}
	for _, of := range byLevel(slices.SortedFunc(maps.Keys(first), byOrdinal)) {
		for some := range slices.Chunk(of.ids, maxIn) {
			places := make([]any, 0, 3*len(some))
			for _, id := range some {
				p := first[plan.KeyOf(id.(int64))]
				places = append(places, id, p.RowID, db.Stamp(&p.Time))
			}
			if err := tx.headsBefore(of, places, out); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// headsBefore looks for the ids first: a join could have the engine read all
// records, however few are asked for.
func (tx *Tx) headsBefore(of recorded, places []any, out map[plan.Key]Head) error {
	s := db.Named("past.heads", fmt.Sprintf(`select (select id from %[3]s where %[1]s = v.column1 and (timestamp, id) < (v.column3, v.column2) order by timestamp desc, id desc limit 1) from (values %[2]s) v`,
		of.column, placesOf(tx.engine, len(places)/3), of.table))
	ids, err := db.List(tx.Tx, s, func(id *sql.NullInt64) []any { return []any{id} }, places...)
	if err != nil {
		return err
	}
	type head struct {
		key plan.Key
		Head
	}
	there := make([]any, 0, len(ids))
	for _, id := range ids {
		if id.Valid {
			there = append(there, id.Int64)
		}
	}
	if len(there) == 0 {
		return nil
	}
	read := db.Named("past.heads_of", "select "+of.column+", timestamp, hash from "+of.table+" where id in ("+tx.engine.Marks(len(there))+")")
	_, err = db.Walk(tx.Tx, read, func(h *head) []any { return []any{subject{&h.key}, db.Stamp(&h.At), &h.Hash} }, func(h head) { out[h.key] = h.Head }, there...)
	return err
}

// placesOf returns the parameters of n rows of an item, the id of a record and its
// time.
func placesOf(e *engine, n int) string {
	marks := strings.Split(e.Marks(3*n), ", ")
	rows := make([]string, n)
	for i := range rows {
		rows[i] = fmt.Sprintf("(cast(%s as bigint), cast(%s as bigint), %s)", marks[3*i], marks[3*i+1], marks[3*i+2])
	}
	return strings.Join(rows, ", ")
}
