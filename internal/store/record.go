package store

import (
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

var contentInsertion = db.Insertion{Name: "content.insert", Table: "contents", Columns: "item_id, digest, body", Tail: " on conflict (item_id, digest) do nothing"}

// A Stamp is what all records of a transaction have in common: who, when and
// through what.
type Stamp struct {
	at        time.Time
	actor     plan.Actor
	operation string
}

// Stamp returns that of the transaction.
func (tx *Tx) Stamp() (Stamp, error) {
	at, err := tx.At()
	return Stamp{at, tx.Actor(), tx.Operation()}, err
}

// On returns h as a record of the item at k. It is not older than updated, the
// time of the record before it. What is left is its place in the chain, which
// plan.Task.Append gives it. The transaction has to count the item.
func (s Stamp) On(h plan.History, k plan.Key, updated time.Time) plan.History {
	h.Key, h.Timestamp, h.Operation = k, latest(s.at, updated), s.operation
	h.Agent, h.Session, h.Surface = s.actor.Name, s.actor.Session, s.actor.Surface
	return h
}

// Stamped returns h with the stamp of the transaction as a record of the item at
// k, which it counts.
func (tx *Tx) Stamped(h plan.History, k plan.Key, updated time.Time) (plan.History, error) {
	s, err := tx.Stamp()
	tx.CountItem(k)
	return s.On(h, k, updated), err
}

// linked is Stamped for a record that changes nothing of a row: with its place
// in the chain whose head is at head, which moves on to it.
func (tx *Tx) linked(h plan.History, k plan.Key, uid string, head *string, updated time.Time) (plan.History, error) {
	h, err := tx.Stamped(h, k, updated)
	h.Hash = h.Chain(*head, uid)
	*head = h.Hash
	return h, err
}

func (tx *Tx) insertTaskHistory(task int64, h plan.History) error {
	return tx.Insert(taskHistoryInsertion, append([]any{task}, historyFields(&h)...)...)
}

func (tx *Tx) insertPlanHistory(epic, feature int64, h plan.History) error {
	var ofEpic any = epic // 0 is that of the project itself
	if feature != 0 {
		ofEpic = nil
	}
	return tx.Insert(planHistoryInsertion, append([]any{ofEpic, orNull(feature), keyText{&h.Key}}, historyFields(&h)...)...)
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
	h, err := tx.linked(plan.History{OldStatus: status, Change: plan.Change{"deleted": {nil, true}}}, k, uid, &head, updated)
	if err != nil {
		return h, err
	}
	tx.discarded = true
	return h, tx.PutHistory(k, h)
}

// RecordReturn adds to the history of an item that came back from the trash.
// Its row is there again, with the head and the version of before the deletion.
func (tx *Tx) RecordReturn(t plan.Trashed, status string) error {
	head := t.HistoryHash
	h, err := tx.linked(plan.History{NewStatus: status, Change: plan.Change{"deleted": {true, nil}}}, t.Key, t.UID, &head, t.DeletedAt)
	if err != nil {
		return err
	}
	if err := tx.PutHistory(t.Key, h); err != nil {
		return err
	}
	_, err = tx.Exec(returned(t.Key.Level()), t.Key.Ordinal(), head, db.Stamp(&h.Timestamp))
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
