package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

// What belongs to the items of a plan is read beside them, some rows at a time:
// each of these returns, of the items whose ids are at most last, what comes
// behind a place, as much as is a part, and whether there can be more.

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

// TaskHistoryPart returns records of tasks, by task and oldest first, behind
// the record after; without one all that are of the tasks from first on.
func (tx *Tx) TaskHistoryPart(first int64, after *Record, last int64) ([]Record, bool, error) {
	id, at, row := first, any(""), int64(0)
	if after != nil {
		id, at, row = after.Key.Ordinal(), db.Stamp(&after.Timestamp), after.At.RowID
	}
	rows, cut, err := firstPart(tx, taskHistoryPart, recordFields, (*Record).size, id, at, row, last, PartRows)
	return rows, cut || len(rows) == PartRows, err
}

// FeatureHistoryPart is TaskHistoryPart for features.
func (tx *Tx) FeatureHistoryPart(first int64, after *Record, last int64) ([]Record, bool, error) {
	id, row := first, int64(0)
	if after != nil {
		id, row = after.Key.FeatureKey().Ordinal(), after.At.RowID
	}
	rows, cut, err := firstPart(tx, featureHistoryPart, recordFields, (*Record).size, id, row, last, PartRows)
	return rows, cut || len(rows) == PartRows, err
}

// EpicHistoryPart returns records of one epic, oldest first, behind the record
// after.
func (tx *Tx) EpicHistoryPart(epic plan.Key, after *Record) ([]Record, bool, error) {
	row := int64(0)
	if after != nil {
		row = after.At.RowID
	}
	rows, cut, err := firstPart(tx, epicHistoryPart, recordFields, (*Record).size, epic.Ordinal(), row, PartRows)
	return rows, cut || len(rows) == PartRows, err
}

// NotePart returns notes of items, by item and oldest first, behind the note
// after; without one all that are of the items from first on.
func (tx *Tx) NotePart(first int64, after *plan.Note, last int64) ([]plan.Note, bool, error) {
	id, n := first, 0
	if after != nil {
		id, n = after.Key.Ordinal(), after.N
	}
	rows, cut, err := firstPart(tx, notePart, storedNote, noteSize, id, n, last, PartRows)
	return rows, cut || len(rows) == PartRows, err
}

// ContentPart returns former texts of items, by item, behind the text after;
// without one all that are of the items from first on.
func (tx *Tx) ContentPart(first int64, after *Content, last int64) ([]Content, bool, error) {
	id, digest := first, ""
	if after != nil {
		id, digest = after.Item, after.Digest
	}
	rows, cut, err := firstPart(tx, contentPart, contentFields, (*Content).size, id, digest, last, PartRows)
	return rows, cut || len(rows) == PartRows, err
}

func contentFields(c *Content) []any { return []any{&c.Item, &c.Digest, &c.Body} }

func (c *Content) size() int { return rowSize + len(c.Body) }
