package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

// What belongs to the items of a plan is read beside them, in streams.

var (
	taskHistoryPart    = db.Named("history.export_tasks_part", `select id, task_id, `+historyColumns+` from task_history where (task_id, timestamp, id) > ($1, $2, $3) and task_id <= $4 order by task_id, timestamp, id limit $5`)
	featureHistoryPart = db.Named("history.export_features_part", `select id, key, `+historyColumns+` from plan_history where (feature_id, id) > ($1, $2) and feature_id <= $3 order by feature_id, id limit $4`)
	epicHistoryPart    = db.Named("history.export_epic_part", `select id, key, `+historyColumns+` from plan_history where epic_id = $1 and id > $2 order by id limit $3`)
	notePart           = db.Named("note.export_part", `select id, item_id, `+noteColumns+` from notes where (item_id, n) > ($1, $2) and item_id <= $3 order by item_id, n limit $4`)
	contentPart        = db.Named("content.export_part", `select item_id, digest, body from contents where (item_id, digest) > ($1, $2) and item_id <= $3 order by item_id, digest limit $4`)
)

// A Content is a former text of an item.
type Content struct {
	Item   int64
	Digest string
	Body   string
}

// TaskRecords returns the records of the tasks whose ids are first to last, by
// task and oldest first.
func (tx *Tx) TaskRecords(first, last int64) *Stream[Record] {
	return following(func(after *Record) ([]Record, bool, error) {
		id, at, row := first, any(""), int64(0)
		if after != nil {
			id, at, row = after.Key.Ordinal(), db.Stamp(&after.Timestamp), after.At.RowID
		}
		return fullPart(firstPart(tx, taskHistoryPart, recordFields, (*Record).size, id, at, row, last, PartRows))
	})
}

// FeatureRecords is TaskRecords for features.
func (tx *Tx) FeatureRecords(first, last int64) *Stream[Record] {
	return following(func(after *Record) ([]Record, bool, error) {
		id, row := first, int64(0)
		if after != nil {
			id, row = after.Key.FeatureKey().Ordinal(), after.At.RowID
		}
		return fullPart(firstPart(tx, featureHistoryPart, recordFields, (*Record).size, id, row, last, PartRows))
	})
}

// EpicRecords returns the records of one epic, oldest first.
func (tx *Tx) EpicRecords(epic plan.Key) *Stream[Record] {
	return following(func(after *Record) ([]Record, bool, error) {
		row := int64(0)
		if after != nil {
			row = after.At.RowID
		}
		return fullPart(firstPart(tx, epicHistoryPart, recordFields, (*Record).size, epic.Ordinal(), row, PartRows))
	})
}

// NoteStream returns the notes of the items whose ids are first to last, by item
// and oldest first.
func (tx *Tx) NoteStream(first, last int64) *Stream[plan.Note] {
	return following(func(after *plan.Note) ([]plan.Note, bool, error) {
		id, n := first, 0
		if after != nil {
			id, n = after.Key.Ordinal(), after.N
		}
		return fullPart(firstPart(tx, notePart, storedNote, noteSize, id, n, last, PartRows))
	})
}

// ContentStream returns the former texts of the items whose ids are first to
// last, by item.
func (tx *Tx) ContentStream(first, last int64) *Stream[Content] {
	return following(func(after *Content) ([]Content, bool, error) {
		id, digest := first, ""
		if after != nil {
			id, digest = after.Item, after.Digest
		}
		return fullPart(firstPart(tx, contentPart, contentFields, (*Content).size, id, digest, last, PartRows))
	})
}

// fullPart turns whether a part was cut off into whether there can be more.
func fullPart[T any](rows []T, cut bool, err error) ([]T, bool, error) {
	return rows, cut || len(rows) == PartRows, err
}

func contentFields(c *Content) []any { return []any{&c.Item, &c.Digest, &c.Body} }

func (c *Content) size() int { return rowSize + len(c.Body) }
