package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

var (
	redactTaskRecord = db.Named("redact.task_record", `update task_history set notes = $2, change = $3 where id = $1`)
	redactPlanRecord = db.Named("redact.plan_record", `update plan_history set notes = $2, change = $3 where id = $1`)
	redactContent    = db.Named("redact.content", `delete from contents where item_id = $1 and digest = $2`)
	redactAnswers    = db.Named("redact.answers", `update idempotency_keys set response = '', digest = '' where replace(response, $1, '') <> response`)
	redactTrash      = db.Named("redact.trash", `update trash set title = $2, history_hash = $3, digest = $4 where id = $1`)
	redactTrashPart  = db.Named("redact.trash_part", `update trash_parts set lines = $3, digest = $4 where trash_id = $1 and part = $2`)
)

// FindRedacted takes down what the history of an item holds that is to be
// redacted. The item must be locked.
func (tx *Tx) FindRedacted(k plan.Key, r *plan.Redaction) error {
	_, err := db.Walk(tx.Tx, historyOf[k.Level()], recordFields, func(h Record) { r.Find(h.History) }, k.Ordinal())
	return err
}

// RedactRecords takes the texts out of the history of an item and out of its
// former texts, and returns how many records had one. Their hashes stay right.
func (tx *Tx) RedactRecords(k plan.Key, r *plan.Redaction) (records int, err error) {
	var changed []Record
	_, err = db.Walk(tx.Tx, historyOf[k.Level()], recordFields, func(h Record) {
		if r.Take(&h.History) {
			changed = append(changed, h)
		}
	}, k.Ordinal())
	if err != nil {
		return 0, err
	}
	update := redactPlanRecord
	if k.Level() == plan.LevelTask {
		update = redactTaskRecord
	}
	for _, h := range changed {
		if _, err := tx.Exec(update, h.At.RowID, db.Text(&h.Notes), changeText{&h.Change}); err != nil {
			return 0, err
		}
	}
	for digest := range r.Texts() {
		if _, err := tx.Exec(redactContent, k.Ordinal(), digest); err != nil {
			return 0, err
		}
	}
	return len(changed), nil
}

// FormerText returns a text that was replaced in an item; empty if there is none.
func (tx *Tx) FormerText(k plan.Key, digest string) (body string, err error) {
	_, err = tx.ScanOne(contentOf, []any{&body}, k.Ordinal(), digest)
	return body, err
}

// ReindexTask puts the words of a task into the text index anew.
func (tx *Tx) ReindexTask(t *plan.Task) error {
	reason, err := tx.Reason(t.Key)
	if err != nil {
		return err
	}
	return tx.indexTask(t, reason)
}

// ForgetAnswers has pm forget what it answered to calls with an idempotency
// key where the answer holds this JSON. The keys stay: no call is run again.
func (tx *Tx) ForgetAnswers(holding string) error {
	_, err := tx.Exec(redactAnswers, holding)
	return err
}

// RedactTrash writes an entry of the trash anew, and one of its parts.
func (tx *Tx) RedactTrash(t plan.Trashed, part int, lines string) error {
	if _, err := tx.Exec(redactTrash, t.ID, t.Title, t.HistoryHash, sealOfTrash(t)); err != nil {
		return err
	}
	_, err := tx.Exec(redactTrashPart, t.ID, part, lines, plan.Seal(lines))
	return err
}

// RecordTrashed adds a record to the history of an item in the trash, whose
// chain ends in head, and returns the new head.
func (tx *Tx) RecordTrashed(k plan.Key, uid, head string, h *plan.History) (string, error) {
	var err error
	if *h, err = tx.linked(*h, k, uid, &head, h.Timestamp); err != nil {
		return "", err
	}
	return head, tx.PutHistory(k, *h)
}
