package store

import (
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

var contentInsertion = db.Insertion{Name: "content.insert", Table: "contents", Columns: "item_id, digest, body", Tail: " on conflict (item_id, digest) do nothing"}

// seal completes a record of the item at k with the uid: who, when and
// through what, and its place in the chain whose head is at hash, which moves
// on to it. The record is not older than updated, the time of the one before
// it. Long texts that the change took out of the item's row are kept, and the
// record holds digests in place of all long texts.
func (tx *Tx) seal(h *plan.History, k plan.Key, uid string, head *string, updated time.Time) error {
	at, err := tx.At()
	if err != nil {
		return err
	}
	if at.Before(updated) {
		at = updated
	}
	actor := tx.Actor()
	h.Key, h.Timestamp, h.Operation = k, at, tx.Operation()
	h.Agent, h.Session, h.Surface = actor.Name, actor.Session, actor.Surface
	stored, former, _ := h.Change.Compact()
	if err := tx.PutTexts(k, former); err != nil {
		return err
	}
	h.Change = stored
	h.Hash = h.Chain(*head, uid)
	*head = h.Hash
	tx.CountItem(k)
	return nil
}

// created completes the record of an item's creation, at its time or later.
func created(h *plan.History, change plan.Change, at, now time.Time) {
	for field, v := range h.Change {
		change[field] = v
	}
	if plan.Stamp(at) != plan.Stamp(now) {
		change["created_at"] = [2]any{nil, plan.Stamp(at)}
	}
	h.OldStatus, h.Change = "", change
}

// merged is what changed in an item's row and what changed beside it.
func merged(row, beside plan.Change) plan.Change {
	for field, v := range beside {
		row[field] = v
	}
	return row
}

func (tx *Tx) insertTaskHistory(task int64, h plan.History) error {
	return tx.Insert(taskHistoryInsertion, append([]any{task}, historyFields(&h)...)...)
}

func (tx *Tx) insertPlanHistory(epic, feature int64, h plan.History) error {
	return tx.Insert(planHistoryInsertion, append([]any{orNull(epic), orNull(feature), keyText{&h.Key}}, historyFields(&h)...)...)
}

// PutHistory adds a record as it is, from an export, to the item of.
func (tx *Tx) PutHistory(of plan.Key, h plan.History) error {
	switch of.Level() {
	case plan.LevelTask:
		return tx.insertTaskHistory(of.Ordinal(), h)
	case plan.LevelFeature:
		return tx.insertPlanHistory(0, of.Ordinal(), h)
	}
	return tx.insertPlanHistory(of.Ordinal(), 0, h)
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// RecordDeletion adds to the history of an item whose row is deleted that it
// went to the trash, and returns the record. updated is when the item was
// changed last.
func (tx *Tx) RecordDeletion(k plan.Key, uid, status, head string, updated time.Time) (plan.History, error) {
	h := plan.History{OldStatus: status, Change: plan.Change{"deleted": {nil, true}}}
	if err := tx.seal(&h, k, uid, &head, updated); err != nil {
		return h, err
	}
	return h, tx.PutHistory(k, h)
}

// RecordReturn adds to the history of an item that came back from the trash.
// Its row is there again, with the head and the version of before the deletion.
func (tx *Tx) RecordReturn(t plan.Trashed, status string) error {
	head := t.HistoryHash
	h := plan.History{NewStatus: status, Change: plan.Change{"deleted": {true, nil}}}
	if err := tx.seal(&h, t.Key, t.UID, &head, t.DeletedAt); err != nil {
		return err
	}
	if err := tx.PutHistory(t.Key, h); err != nil {
		return err
	}
	_, err := tx.Exec(returned(t.Key.Level()), t.Key.Ordinal(), head, db.Stamp(&h.Timestamp))
	return err
}

// returned brings an item's row up to the records of its deletion and return,
// and of what was redacted between them: its version is the number of records.
func returned(l plan.Level) db.Stmt {
	records := "plan_history where " + string(l) + "_id"
	if l == plan.LevelTask {
		records = "task_history where task_id"
	}
	return db.Named(string(l)+".returned", "update "+string(l)+"s set version = (select count(*) from "+records+" = $1), history_hash = $2, updated_at = $3 where id = $1")
}

// PutTexts adds former texts of an item, from an export.
func (tx *Tx) PutTexts(of plan.Key, texts []string) error {
	for _, text := range texts {
		if err := tx.Insert(contentInsertion, of.Ordinal(), plan.Digest(text), text); err != nil {
			return err
		}
	}
	return nil
}

var contentRange = db.Named("content.export", `select item_id, body from contents where item_id between $1 and $2 order by item_id, digest`)

// Texts returns the former texts of the items whose ids lie between first and
// last, by id.
func (tx *Tx) Texts(first, last int64) (map[int64][]string, error) {
	return tx.texts(contentRange, first, last)
}

func (tx *Tx) texts(s db.Stmt, args ...any) (map[int64][]string, error) {
	type content struct {
		item int64
		body string
	}
	out := map[int64][]string{}
	_, err := db.Walk(tx.Tx, s, func(c *content) []any { return []any{&c.item, &c.body} },
		func(c content) { out[c.item] = append(out[c.item], c.body) }, args...)
	return out, err
}
