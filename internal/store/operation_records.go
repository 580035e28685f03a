package store

import (
	"slices"
	"strings"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

// The records of an operation are found by their time: there is no index of
// operations over the histories, which would cost each record a tenth more.
// They carry the time of their operation, or that of the record before them in
// the history of their item, where that is later because both were written at
// the same time.
const (
	recordsOfTasks = `select id, task_id, ` + historyColumns + ` from task_history%s where timestamp >= $1 and timestamp <= $2 and operation = $3 order by id`
	recordsOfPlan  = `select id, key, ` + historyColumns + ` from plan_history%s where timestamp >= $1 and timestamp <= $2 and operation = $3 order by id`
)

// recordSpread is how far the records of an operation mostly lie apart.
const recordSpread = time.Minute

// endOfTime is later than every record.
var endOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// RecordsOf returns the records of an operation: those of tasks, then those of
// epics, of features and of the project, each in the order in which they were
// written.
func (tx *Tx) RecordsOf(o plan.Operation) ([]Record, error) {
	records, err := tx.recordsUntil(o, o.At.Add(recordSpread))
	if err != nil || itemsOf(records) >= o.Items {
		return records, err
	}
	return tx.recordsUntil(o, endOfTime)
}

func (tx *Tx) recordsUntil(o plan.Operation, last time.Time) ([]Record, error) {
	at := func(sql, index string) string { return strings.Replace(sql, "%s", tx.engine.Use(index), 1) }
	args := []any{db.Stamp(&o.At), db.Stamp(&last), o.ID}
	all, err := db.List(tx.Tx, db.Named("history.of_operation_tasks", at(recordsOfTasks, "idx_task_history_timestamp")), recordFields, args...)
	if err != nil {
		return nil, err
	}
	others, err := db.List(tx.Tx, db.Named("history.of_operation_plan", at(recordsOfPlan, "idx_plan_history_timestamp")), recordFields, args...)
	return append(all, others...), err
}

func itemsOf(records []Record) int {
	items := map[plan.Key]bool{}
	for _, r := range records {
		items[r.Key] = true
	}
	return len(items)
}

var (
	laterOfTask    = db.Named("history.later_of_task", `select id, task_id, `+historyColumns+` from task_history where task_id = $1 and timestamp >= $2 and id > $3 order by id`)
	laterOfFeature = db.Named("history.later_of_feature", `select id, key, `+historyColumns+` from plan_history where feature_id = $1 and id > $2 order by id`)
	laterOfEpic    = db.Named("history.later_of_epic", `select id, key, `+historyColumns+` from plan_history where epic_id = $1 and id > $2 order by id`)
)

// Later returns the records of an item, whose key is k now, that came after one
// of it, oldest first.
func (tx *Tx) Later(k plan.Key, after Record) ([]plan.History, error) {
	s, args := laterOfEpic, []any{k.Ordinal(), after.At.RowID}
	switch k.Level() {
	case plan.LevelTask:
		s, args = laterOfTask, []any{k.Ordinal(), db.Stamp(&after.Timestamp), after.At.RowID}
	case plan.LevelFeature:
		s = laterOfFeature
	}
	records, err := db.List(tx.Tx, s, recordFields, args...)
	return each(records, func(r Record) plan.History { return r.History }), err
}

var (
	idsOfTasks    = db.Named("task.ids_under", `select id from tasks where id between $1 and $2 order by id`)
	idsOfFeatures = db.Named("feature.ids_under", `select id from features where id between $1 and $2 order by id`)
)

// LastAt returns the last record that each of the items had at a moment; none of
// those that were not there.
func (tx *Tx) LastAt(m Moment, keys []plan.Key) (map[plan.Key]Record, error) {
	out := map[plan.Key]Record{}
	for _, of := range byLevel(keys) {
		for some := range slices.Chunk(of.ids, maxIn) {
			s := db.Named("history.last_at", "select id, "+of.subject+", "+historyColumns+" from "+of.table+" where id in (select max(id) from "+of.table+
				" where "+of.column+" in ("+tx.engine.Marks(len(some))+") and "+m.kept(tx.engine.main, "timestamp", "operation")+" group by "+of.column+")")
			if _, err := db.Walk(tx.Tx, s, recordFields, func(r Record) { out[r.Key] = r }, some...); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// KeysUnder returns the keys of what lies under k, without k.
func (tx *Tx) KeysUnder(k plan.Key) (keys []plan.Key, err error) {
	first, last := k.Range()
	for _, s := range []db.Stmt{idsOfFeatures, idsOfTasks} {
		some, err := db.List(tx.Tx, s, func(k *plan.Key) []any { return []any{subject{k}} }, first, last)
		if err != nil {
			return nil, err
		}
		for _, one := range some {
			if one != k {
				keys = append(keys, one)
			}
		}
	}
	return keys, nil
}
