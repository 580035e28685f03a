package store

import (
	"slices"

	"pm/internal/db"
	"pm/internal/plan"
)

// manyTrashed is how many entries one statement inserts.
const manyTrashed = 200

var trashInsertion = db.Insertion{Name: "trash.insert_many", Table: "trash", Columns: trashColumns + ", digest", Tail: " returning id"}

// TrashTasks moves tasks without notes and links to the trash, on which nothing
// depends that stays: each as an entry of its own with its line, and with the
// record of its deletion. It does not count them out of what they lie under.
func (tx *Tx) TrashTasks(tasks []plan.Task, lines []string) error {
	tx.discarded = true
	history, entries, parts := db.NewBatch(taskHistoryInsertion, bulkHistory), db.NewBatch(trashInsertion, manyTrashed), db.NewBatch(trashPart, manyTrashed)
	for i := range tasks {
		t := &tasks[i]
		head := t.HistoryHash
		h, err := tx.linked(plan.History{OldStatus: string(t.Status), Change: plan.Change{"deleted": {nil, true}}}, t.Key, t.UID, &head, t.UpdatedAt)
		if err != nil {
			return err
		}
		history.Add(t.ID, historyFields(&h))
		entry := plan.Trashed{ItemID: t.ID, UID: t.UID, Key: t.Key, Title: t.Title, Tasks: 1, Agent: h.Agent, Operation: h.Operation, DeletedAt: h.Timestamp, HistoryHash: h.Hash}
		fields := append(trashFields(&entry), sealOfTrash(entry))
		entries.Add(fields[0], fields[1:])
	}
	if err := history.Flush(tx.Tx, true); err != nil {
		return err
	}
	next := 0
	err := entries.Each(tx.Tx, true, func(s db.Stmt, args []any, n int) error {
		ids, err := db.List(tx.Tx, s, func(id *int64) []any { return []any{id} }, args...)
		slices.Sort(ids) // which rise in the order of the rows
		for _, id := range ids {
			parts.Add(id, []any{0, lines[next], plan.Seal(lines[next])})
			next++
		}
		return err
	})
	if err == nil {
		err = parts.Flush(tx.Tx, true)
	}
	if err != nil {
		return err
	}
	return tx.deleteTasks(tasks)
}

// deleteTasks removes the rows of tasks without notes and links.
func (tx *Tx) deleteTasks(tasks []plan.Task) error {
	for page := range slices.Chunk(tasks, maxIn) {
		ids := each(page, func(t plan.Task) any { return t.ID })
		in := " in (" + tx.engine.Marks(len(ids)) + ")"
		for _, s := range []db.Stmt{
			db.Named("label.delete_many", "delete from labels"+tx.engine.Use("idx_labels_item_id")+" where item_id"+in),
			db.Named("ref.delete_many", "delete from refs"+tx.engine.Use("idx_refs_item_id")+" where item_id"+in),
			db.Named("field.delete_many", "delete from field_values"+tx.engine.Use("idx_field_values_item_id")+" where item_id"+in),
			db.Named("level.delete_many", "delete from plan_dependencies"+tx.engine.Use("idx_plan_dependencies_item_id")+" where item_id"+in),
			db.Named("dependency.delete_many", "delete from task_dependencies where task_id"+in),
		} {
			if _, err := tx.Exec(s, ids...); err != nil {
				return err
			}
		}
		_, err := db.Walk(tx.Tx, db.Named("task.delete_many", "delete from tasks where id"+in+" returning id, status, offered, open_dependencies, deferred, completed_at"), func(t *plan.Task) []any {
			return []any{subject{&t.Key}, &t.Status, db.Flag(&t.Offered), &t.OpenDependencies, db.Flag(&t.Deferred), db.NullStamp(&t.CompletedAt)}
		}, func(t plan.Task) { tx.tallyTask(t, -1) }, ids...)
		if err != nil {
			return err
		}
	}
	return nil
}
