package store

import (
	"strconv"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

// trashColumns are those of trash, in the order of trashFields.
const trashColumns = "item_id, uid, key, title, epics, features, tasks, notes, agent, operation, deleted_at, history_hash"

func trashFields(t *plan.Trashed) []any {
	return []any{&t.ItemID, &t.UID, keyText{&t.Key}, &t.Title, &t.Epics, &t.Features, &t.Tasks, &t.Notes, &t.Agent, &t.Operation, db.Stamp(&t.DeletedAt), &t.HistoryHash}
}

func storedTrash(t *plan.Trashed) []any { return append([]any{&t.ID}, trashFields(t)...) }

var (
	trashPart = db.Insertion{Name: "trash.insert_part", Table: "trash_parts", Columns: "trash_id, part, lines, digest"}

	trashInsert = db.Named("trash.insert", `insert into trash (`+trashColumns+`, digest) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning id`)
	trashOf     = db.Named("trash.of", `select id, `+trashColumns+` from trash where item_id = $1`)
	trashList   = db.Named("trash.list", `select id, `+trashColumns+` from trash order by id desc`)
	trashBefore = db.Named("trash.before", `select id, `+trashColumns+` from trash where deleted_at < $1 order by deleted_at, id limit $2`)
	trashFirst  = db.Named("trash.first", `select coalesce(min(deleted_at), '') from trash`)
	trashOne    = db.Named("trash.part", `select lines from trash_parts where trash_id = $1 and part = $2`)
	trashParts  = db.Named("trash.parts", `select lines from trash_parts where trash_id = $1 order by part`)
	trashDelete = db.Named("trash.delete", `delete from trash where id = $1`)
)

// PutTrash adds an entry to the trash, and gives it its id.
func (tx *Tx) PutTrash(t *plan.Trashed) error {
	t.ItemID = t.Key.Ordinal()
	_, err := tx.ScanOne(trashInsert, []any{&t.ID}, append(trashFields(t), sealOfTrash(*t))...)
	return err
}

func sealOfTrash(t plan.Trashed) string {
	return plan.Seal(t.UID, t.Key.String(), t.Title, strconv.Itoa(t.Epics), strconv.Itoa(t.Features), strconv.Itoa(t.Tasks), strconv.Itoa(t.Notes),
		t.Agent, t.Operation, plan.Stamp(t.DeletedAt), t.HistoryHash)
}

// PutTrashPart adds the n-th part of the rows of an entry, as JSON lines.
func (tx *Tx) PutTrashPart(entry int64, n int, lines string) error {
	return tx.Insert(trashPart, entry, n, lines, plan.Seal(lines))
}

// TrashOf returns the entry of the item with the key that was deleted, not of
// what lay under it. Found is false if there is none.
func (tx *Tx) TrashOf(k plan.Key) (t plan.Trashed, found bool, err error) {
	return tx.trashOf(k, "")
}

// LockTrashOf is TrashOf, and keeps others from taking the entry out until the
// transaction ends.
func (tx *Tx) LockTrashOf(k plan.Key) (t plan.Trashed, found bool, err error) {
	return tx.trashOf(k, tx.engine.ForUpdate)
}

func (tx *Tx) trashOf(k plan.Key, lock string) (t plan.Trashed, found bool, err error) {
	found, err = tx.ScanOne(trashOf.And(lock), storedTrash(&t), k.Ordinal())
	return t, found, err
}

// Trash lists the entries, the last deleted first.
func (tx *Tx) Trash() ([]plan.Trashed, error) { return db.List(tx.Tx, trashList, storedTrash) }

// LockAllTrash is Trash, and keeps what it returns from being restored until the
// transaction ends.
func (tx *Tx) LockAllTrash() ([]plan.Trashed, error) {
	return db.List(tx.Tx, trashList.And(tx.engine.ForUpdate), storedTrash)
}

// LockTrashBefore returns entries deleted before a moment, the first deleted first,
// at most n, and keeps them from being restored until the transaction ends.
func (tx *Tx) LockTrashBefore(at time.Time, n int) ([]plan.Trashed, error) {
	return db.List(tx.Tx, trashBefore.And(tx.engine.ForUpdate), storedTrash, db.Stamp(&at), n)
}

// FirstTrashed returns when the first of the entries was deleted; the zero time if
// there is none.
func (tx *Tx) FirstTrashed() (at time.Time, err error) {
	var first string
	if _, err = tx.ScanOne(trashFirst, []any{&first}); err == nil && first != "" {
		at, err = time.Parse(time.RFC3339, first)
	}
	return at, err
}

// Discarded reports whether this transaction has put anything into the trash, but
// for what it imports.
func (tx *Tx) Discarded() bool { return tx.discarded }

// TrashParts returns the rows of an entry, as JSON lines, part by part.
func (tx *Tx) TrashParts(entry int64) ([]string, error) {
	return db.List(tx.Tx, trashParts, func(s *string) []any { return []any{s} }, entry)
}

// EachTrashPart calls f with the rows of an entry, as JSON lines, part by part.
func (tx *Tx) EachTrashPart(entry int64, f func(lines string) error) error {
	for n := 0; ; n++ {
		var lines string
		found, err := tx.ScanOne(trashOne, []any{&lines}, entry, n)
		if err == nil && found {
			err = f(lines)
		}
		if err != nil || !found {
			return err
		}
	}
}

// DeleteTrash takes an entry out of the trash: what was in it is restored, or gone.
func (tx *Tx) DeleteTrash(entry int64) error {
	_, err := tx.Exec(trashDelete, entry)
	return err
}

var (
	purgeTaskHistory = db.Named("trash.purge_task_history", `delete from task_history where task_id between $1 and $2`)
	purgeFeatures    = db.Named("trash.purge_feature_history", `delete from plan_history where feature_id between $1 and $2`)
	purgeEpic        = db.Named("trash.purge_epic_history", `delete from plan_history where epic_id between $1 and $2`)
	purgeContents    = db.Named("trash.purge_contents", `delete from contents where item_id between $1 and $2`)
	purgeBelow       = db.Named("trash.purge_below", `delete from trash where item_id between $1 and $2`)
)

// Purge deletes an entry for good: its rows, and the history and the former
// texts of all that lay under its item, what was deleted before by itself
// included.
func (tx *Tx) Purge(t plan.Trashed) error {
	if err := tx.deleteRange(t.Key, purgeTaskHistory, purgeFeatures, purgeEpic, purgeContents, purgeBelow); err != nil {
		return err
	}
	tx.CountItem(t.Key)
	return nil
}
