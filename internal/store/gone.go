package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

// The histories of what is in the trash lie where they lay before.
var (
	goneTasks    = db.Named("history.export_gone_tasks", `select h.id, h.task_id, `+aliased(historyColumns, "h")+` from task_history h where not exists (select 1 from tasks t where t.id = h.task_id) order by h.task_id, h.id`)
	goneFeatures = db.Named("history.export_gone_features", `select h.id, h.key, `+aliased(historyColumns, "h")+` from plan_history h where h.feature_id is not null and not exists (select 1 from features f where f.id = h.feature_id) order by h.feature_id, h.id`)
	goneEpics    = db.Named("history.export_gone_epics", `select h.id, h.key, `+aliased(historyColumns, "h")+` from plan_history h where h.epic_id > 0 and not exists (select 1 from epics e where e.id = h.epic_id) order by h.epic_id, h.id`)
)

var goneTexts = db.Named("content.export_gone", `select item_id, digest, body from contents c where item_id <> 0 and not exists (select 1 from tasks t where t.id = c.item_id)
	and not exists (select 1 from features f where f.id = c.item_id) and not exists (select 1 from epics e where e.id = c.item_id) order by item_id, digest`)

// EachGoneText calls f with the former texts of the items that are not there,
// item by item, until it returns an error. f must not use the transaction.
func (tx *Tx) EachGoneText(f func(Content) error) error {
	return eachRow(tx, goneTexts, contentFields, f)
}

// EachGoneRecord calls f with the records of the items that are not there, item
// by item and oldest first, level by level in the order of the keys, until it
// returns an error. f must not use the transaction.
func (tx *Tx) EachGoneRecord(f func(Record) error) error {
	for _, s := range []db.Stmt{goneEpics, goneFeatures, goneTasks} {
		if err := eachRow(tx, s, recordFields, f); err != nil {
			return err
		}
	}
	return nil
}

var historyHas = map[plan.Level]db.Stmt{
	plan.LevelTask:    db.Named("history.has_task", `select count(*), count(*) filter (where hash = $2) from task_history where task_id = $1`),
	plan.LevelFeature: db.Named("history.has_feature", `select count(*), count(*) filter (where hash = $2) from plan_history where feature_id = $1`),
	plan.LevelEpic:    db.Named("history.has_epic", `select count(*), count(*) filter (where hash = $2) from plan_history where epic_id = $1`),
}

// HasRecord reports whether an item, be it there or gone, has a history, and
// whether the record with the hash is in it.
func (tx *Tx) HasRecord(k plan.Key, hash string) (known, has bool, err error) {
	var records, with int
	_, err = tx.ScanOne(historyHas[k.Level()], []any{&records, &with}, k.Ordinal(), hash)
	return records > 0, with > 0, err
}
