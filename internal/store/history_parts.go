package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

// EachRecord calls f with the records of the filter, newest first, in parts. f
// runs no statement.
func (tx *Tx) EachRecord(filter HistoryFilter, f func([]Record) error) error {
	s, args := filter.merged("history.parts", historyColumns)
	return eachPart(tx, s, mergedRecord, (*Record).size, func(records []Record) error { return f(placed(records)) }, args...)
}

// RecordPart returns the first records of the filter, newest first, as many as
// are a part, and whether there can be more.
func (tx *Tx) RecordPart(filter HistoryFilter) (records []Record, more bool, err error) {
	if filter.Limit > 0 && filter.manyTasks() {
		if filter.rows, err = tx.newestUnder(filter, min(filter.Limit, PartRows)); err != nil {
			return nil, false, err
		}
	}
	s, args := filter.merged("history.parts", historyColumns)
	records, more, err = firstPart(tx, s, mergedRecord, (*Record).size, args...)
	return placed(records), more, err
}

func mergedRecord(r *Record) []any {
	return append([]any{db.Flag(&r.At.Plan), &r.At.RowID, orKey{&r.Key}, orKey{&r.Key}}, historyFields(&r.History)...)
}

func placed(records []Record) []Record {
	for i := range records {
		records[i].At.Time = records[i].Timestamp
	}
	return records
}

// merged selects columns of the records, newest first: one statement reads
// both histories, each in the order of its index.
func (f HistoryFilter) merged(name, columns string) (s db.Stmt, args []any) {
	var w where
	if !f.Under.IsZero() {
		name += "_under"
	}
	sql := f.of(&w, false, columns)
	if f.hasPlan() {
		sql += " union all " + f.of(&w, true, columns)
	}
	sql += " order by timestamp desc, of_plan, id desc"
	if f.Limit > 0 {
		sql += " limit " + w.arg(f.Limit)
	}
	return db.Named(name, sql), w.args
}

// of selects the records of tasks, or of epics and features. Each of the two is
// cut to the limit in the order of its index: an import gives a million records
// one time, and the merged order would sort them.
func (f HistoryFilter) of(w *where, ofPlan bool, columns string) string {
	terms := where{args: w.args}
	item, table := "0 as of_plan, id, task_id, cast(null as text) as key, ", "task_history"
	if ofPlan {
		item, table = "1 as of_plan, id, cast(null as bigint) as task_id, key, ", "plan_history"
	}
	if f.rows != nil && !ofPlan {
		terms.among("id", f.rows)
	} else {
		terms.records(f, ofPlan)
	}
	w.args = terms.args
	sql := "select " + item + columns + " from " + table + terms.sql()
	if f.Limit > 0 {
		sql = "select * from (" + sql + " order by timestamp desc, id desc limit " + w.arg(f.Limit) + ") newest"
	}
	return sql
}

// An orKey scans one of two columns of which the other is null: the id of a
// task, and a key.
type orKey struct{ k *plan.Key }

func (o orKey) Scan(v any) error {
	if v == nil {
		return nil
	}
	return subject(o).Scan(v)
}
