package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

// What lies beside the row of an item goes along when its id changes: by a
// shift of all ids in a range. A moved row itself is a new one, since others
// refer to it by its id.
var (
	moveNotes      = db.Named("move.notes", `update notes set item_id = item_id + $3 where item_id between $1 and $2`)
	moveEdges      = db.Named("move.dependencies", `update task_dependencies set task_id = task_id + $3 where task_id between $1 and $2`)
	moveOnto       = db.Named("move.dependants", `update task_dependencies set depends_on_id = depends_on_id + $3 where depends_on_id between $1 and $2`)
	moveLevels     = db.Named("move.level_dependencies", `update plan_dependencies set item_id = item_id + $3 where item_id between $1 and $2`)
	moveLevelsOnto = db.Named("move.level_dependants", `update plan_dependencies set depends_on_id = depends_on_id + $3 where depends_on_id between $1 and $2`)
	moveTaskTrail  = db.Named("move.task_history", `update task_history set task_id = task_id + $3 where task_id between $1 and $2`)
	moveTrail      = db.Named("move.feature_history", `update plan_history set feature_id = feature_id + $3 where feature_id between $1 and $2`)
	moveContents   = db.Named("move.contents", `update contents set item_id = item_id + $3 where item_id between $1 and $2`)
	moveLinks      = db.Named("move.links", `update links set item_id = item_id + $3 where item_id between $1 and $2`)
	moveLinksOnto  = db.Named("move.links_onto", `update links set to_id = to_id + $3 where to_id between $1 and $2`)
	moveRefs       = db.Named("move.refs", `update refs set item_id = item_id + $3 where item_id between $1 and $2`)
	moveTaskLeft   = db.Named("move.task_left", `delete from tasks where id between $1 and $2`)
	moveFeatureOut = db.Named("move.feature_left", `delete from features where id between $1 and $2`)
	moveKeys       = db.Named("move.keys", `update plan_history set key = $2 where feature_id = $1`)
)

// MoveBeside moves what lies beside the rows of an item, and of what lies
// under it, to the ids that they have under to: the rows are there by now.
// Their labels and their words are there, too.
func (tx *Tx) MoveBeside(from, to plan.Key) error {
	first, last := from.Range()
	by := to.Ordinal() - from.Ordinal()
	statements := []db.Stmt{moveNotes, moveEdges, moveOnto, moveLevels, moveLevelsOnto, moveTaskTrail, moveContents, moveRefs, moveLinks, moveLinksOnto}
	if from.Level() == plan.LevelFeature {
		statements = append(statements, moveTrail)
	}
	for _, s := range statements {
		if _, err := tx.Exec(s, first, last, by); err != nil {
			return err
		}
	}
	if from.Level() == plan.LevelFeature {
		if _, err := tx.Exec(moveKeys, to.Ordinal(), to.String()); err != nil {
			return err
		}
	}
	return nil
}

// LeaveOld removes the rows that were moved from the key, with what they still have.
func (tx *Tx) LeaveOld(from plan.Key) error {
	if err := tx.deleteRange(from, labelsUnder, fieldsUnder, moveTaskLeft); err != nil || from.Level() == plan.LevelTask {
		return err
	}
	return tx.deleteRange(from, moveFeatureOut)
}

// PutMoved adds a task under its new key, with its labels and words, and the
// record h of the move. Its references follow by MoveBeside.
func (b *Bulk) PutMoved(before plan.Task, t *plan.Task, h plan.History) error {
	reason, err := b.tx.Reason(before.Key)
	if err != nil {
		return err
	}
	if h, err = b.tx.Stamped(h, t.Key, before.UpdatedAt); err != nil {
		return err
	}
	h, _ = t.Append(before, h)
	b.tx.tallyTask(before, -1)
	refs := t.Refs
	t.Refs = nil
	err = b.PutPrepared(t, b.prepare.task(t, reason, h))
	t.Refs = refs
	return err
}

// PutMovedFeature is PutMoved for a feature, without its tasks.
func (tx *Tx) PutMovedFeature(before plan.Feature, f *plan.Feature, h plan.History) error {
	h, err := tx.Stamped(h, f.Key, before.UpdatedAt)
	if err != nil {
		return err
	}
	h, _ = f.Append(before, h)
	refs := f.Refs
	f.Refs = nil
	err = tx.PutFeature(f)
	if f.Refs = refs; err != nil {
		return err
	}
	return tx.insertPlanHistory(0, f.ID, h)
}

// PutFormerKey makes the key that an item was moved from a reference of it.
func (tx *Tx) PutFormerKey(of, former plan.Key) error {
	return tx.PutRefs(of, []string{former.String()})
}
