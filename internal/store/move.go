package store

import (
	"slices"
	"strings"

	"pm/internal/db"
	"pm/internal/plan"
)

// A movedColumn has ids of items: what lies beside the row of an item goes along
// when its id changes. A moved row itself is a new one, since others refer to it
// by its id.
type movedColumn struct{ name, table, column, index string }

var (
	movedBeside = []movedColumn{
		{"move.notes", "notes", "item_id", "idx_notes_item_id"},
		{"move.dependencies", "task_dependencies", "task_id", "idx_task_dependencies_task_id"},
		{"move.dependants", "task_dependencies", "depends_on_id", "idx_task_dependencies_depends_on_id"},
		{"move.level_dependencies", "plan_dependencies", "item_id", "idx_plan_dependencies_item_id"},
		{"move.task_history", "task_history", "task_id", "idx_task_history_task_id"},
		{"move.contents", "contents", "item_id", "idx_contents_item_id"},
		{"move.refs", "refs", "item_id", "idx_refs_item_id"},
		{"move.links", "links", "item_id", "idx_links_item_id"},
		{"move.links_onto", "links", "to_id", "idx_links_to_id"},
	}
	movedBesideFeatures = []movedColumn{
		{"move.level_dependants", "plan_dependencies", "depends_on_id", ""},
		{"move.feature_history", "plan_history", "feature_id", ""},
	}
	moveKeys = db.Named("move.keys", `update plan_history set key = $2 where feature_id = $1`)
)

// shift moves all ids in a range by as much.
func (c movedColumn) shift() db.Stmt {
	return db.Named(c.name, "update "+c.table+" set "+c.column+" = "+c.column+" + $3 where "+c.column+" between $1 and $2")
}

// rename gives each of so many ids another one.
func (c movedColumn) rename(tx *Tx, many int) db.Stmt {
	rows := make([]string, many)
	for i := range rows {
		rows[i] = "(" + tx.engine.Mark(2*i+1) + ", " + tx.engine.Mark(2*i+2) + ")"
	}
	rows[0] = "(cast(" + tx.engine.Mark(1) + " as bigint), cast(" + tx.engine.Mark(2) + " as bigint))" // the types of the first row are those of all
	return db.Named(c.name+"_of_tasks", "with v (was, now) as (values "+strings.Join(rows, ", ")+") update "+c.table+tx.engine.Use(c.index)+
		" set "+c.column+" = v.now from v where "+c.table+"."+c.column+" = v.was")
}

// A Moved is an item's key before a move and after it.
type Moved struct{ From, To plan.Key }

// MoveFeature moves what lies beside the rows of a feature, and of what lies
// under it, to the ids that they have under its new key, and removes the rows
// under the old one: the new rows are there by now. Their labels and their words
// are there, too.
func (tx *Tx) MoveFeature(m Moved) error {
	return tx.Unguarded(func() error {
		first, last := m.From.Range()
		for _, c := range slices.Concat(movedBeside, movedBesideFeatures) {
			if _, err := tx.Exec(c.shift(), first, last, m.To.Ordinal()-m.From.Ordinal()); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(moveKeys, m.To.Ordinal(), m.To.String()); err != nil {
			return err
		}
		return tx.deleteRange(m.From, tx.wordsUnder(), labelsUnder, fieldsUnder, underTasks, underFeatures)
	})
}

// manyMoved is how many tasks one statement moves at most. A server may read
// all of a table for each statement.
const manyMoved = 2000

// MoveTasks is MoveFeature for single tasks, with a statement for many of them.
func (tx *Tx) MoveTasks(moved []Moved) error {
	return tx.Unguarded(func() error {
		for page := range slices.Chunk(moved, manyMoved) {
			if err := tx.moveTasks(page); err != nil {
				return err
			}
		}
		return nil
	})
}

func (tx *Tx) moveTasks(page []Moved) error {
	var args, left []any
	for _, m := range page {
		args, left = append(args, m.From.Ordinal(), m.To.Ordinal()), append(left, m.From.Ordinal())
	}
	for _, c := range movedBeside {
		if _, err := tx.Exec(c.rename(tx, len(page)), args...); err != nil {
			return err
		}
	}
	in := " in (" + tx.engine.Marks(len(left)) + ")"
	for _, s := range []db.Stmt{
		db.Named("move.labels_left", "delete from labels"+tx.engine.Use("idx_labels_item_id")+" where item_id"+in),
		db.Named("move.fields_left", "delete from field_values"+tx.engine.Use("idx_field_values_item_id")+" where item_id"+in),
		db.Named("move.words_left", "delete from task_search where "+tx.engine.search.id+in),
		db.Named("move.task_left", "delete from tasks where id"+in),
	} {
		if _, err := tx.Exec(s, left...); err != nil {
			return err
		}
	}
	return nil
}

// PutMoved adds a task under its new key, with its labels and words, and the
// record h of the move; reason is the one that stands with it. Its references
// follow by MoveFeature or MoveTasks.
func (b *Bulk) PutMoved(before plan.Task, t *plan.Task, reason string, h plan.History) error {
	h, err := b.tx.Stamped(h, t.Key, before.UpdatedAt)
	if err != nil {
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

// PutFormerKeys makes the keys that items were moved from references of them. What
// changed under its old key is counted under the new one.
func (tx *Tx) PutFormerKeys(moved []Moved) error {
	refs := db.NewBatch(refMany, bulkLabels)
	for _, m := range moved {
		if tx.counted[m.From] {
			delete(tx.counted, m.From)
			tx.items--
		}
		former := m.From.String()
		refs.Add(m.To.Ordinal(), []any{plan.FoldRef(former), former})
		if err := refs.FlushEach(tx.Tx, false, tx.checkRefs); err != nil {
			return err
		}
	}
	return refs.FlushEach(tx.Tx, true, tx.checkRefs)
}

// RemoveFormerKeys takes from items the references that are the keys they get
// again.
func (tx *Tx) RemoveFormerKeys(moved []Moved) error {
	for page := range slices.Chunk(moved, maxIn) {
		var w where
		of, refs := make([]int64, len(page)), make([]string, len(page))
		for i, m := range page {
			of[i], refs[i] = m.From.Ordinal(), plan.FoldRef(m.To.String())
		}
		in(&w, "folded", refs)
		in(&w, "item_id", of)
		s := db.Named("move.former_keys", "delete from refs"+tx.engine.Use("idx_refs_folded")+w.sql())
		if _, err := tx.Exec(s, w.args...); err != nil {
			return err
		}
	}
	return nil
}
