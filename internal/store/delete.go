package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

// What lies under an epic or a feature is deleted table by table, children
// first: each statement goes through one range of ids. On SQLite the cascade of
// the foreign keys, and the triggers that take words out of the text index,
// would run a program anew for every row; so all but the epic goes without
// both. Tests hold this list against the schema.
var (
	underNotes        = db.Named("note.delete_under", `delete from notes where item_id between $1 and $2`)
	underDependencies = db.Named("dependency.delete_under", `delete from task_dependencies where task_id between $1 and $2`)
	underDependants   = db.Named("dependency.delete_onto", `delete from task_dependencies where depends_on_id between $1 and $2`)
	underTasks        = db.Named("task.delete_under", `delete from tasks where id between $1 and $2`)
	underFeatures     = db.Named("feature.delete_under", `delete from features where id between $1 and $2`)
	// On SQLite nearly all of its time is the text index's: that writes out and
	// merges what was deleted before when the next statement begins that may
	// have to be taken back by itself, which is this one.
	epicDelete = db.Named("epic.delete", `delete from epics where id = $1`)
)

// DeleteEpic removes the epic and all that lies under it.
func (tx *Tx) DeleteEpic(k plan.Key) error {
	if err := tx.deleteUnder(k); err != nil {
		return err
	}
	if err := tx.forgetCounts(k); err != nil {
		return err
	}
	_, err := tx.Exec(epicDelete, k.Ordinal())
	return err
}

// DeleteFeature removes the feature and all that lies under it.
func (tx *Tx) DeleteFeature(k plan.Key) error {
	if err := tx.tallyUnder(k, -1); err != nil {
		return err
	}
	return tx.deleteUnder(k)
}

// deleteUnder removes the tasks and the features whose ids are in the range of
// k, which is an epic or a feature: a feature's has its own.
func (tx *Tx) deleteUnder(k plan.Key) error {
	id := tx.engine.search.id
	return tx.Unguarded(func() error {
		return tx.deleteRange(k,
			db.Named("search.delete_notes_under", "delete from note_search where "+id+" in (select id from notes where item_id between $1 and $2)"),
			tx.wordsUnder(), underNotes, linksUnder, linksOnto, labelsUnder, refsUnder, fieldsUnder, underDependencies, underDependants, levelUnder, levelOn, underTasks, underFeatures)
	})
}

// wordsUnder takes tasks out of the text index.
func (tx *Tx) wordsUnder() db.Stmt {
	return db.Named("search.delete_under", "delete from task_search where "+tx.engine.search.id+" between $1 and $2")
}

func (tx *Tx) deleteRange(k plan.Key, statements ...db.Stmt) error {
	first, last := k.Range()
	for _, s := range statements {
		if _, err := tx.Exec(s, first, last); err != nil {
			return err
		}
	}
	return nil
}
