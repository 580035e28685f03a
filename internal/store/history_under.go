package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

// recentRecords is how many of the newest records are searched for those of an
// epic or a feature.
const recentRecords = 20_000

// manyTasks reports whether the filter lists the records under an epic or a
// feature. Of these a page may be a few of a million, so their ids are found
// in an index first, and only then rows are read.
func (f HistoryFilter) manyTasks() bool { return !f.Under.IsZero() && f.hasPlan() }

// hasPlan reports whether records of epics or features can be among those of
// the filter.
func (f HistoryFilter) hasPlan() bool {
	return f.Under.IsZero() || f.Under.Level() != plan.LevelTask
}

// newestUnder returns the ids of the newest records of the tasks under an epic
// or a feature: from the newest records of the plan if enough of them are of
// these tasks, else from all records of these tasks.
func (tx *Tx) newestUnder(f HistoryFilter, most int) ([]int64, error) {
	const newest = " order by timestamp desc, id desc limit "
	id := func(id *int64) []any { return []any{id} }
	var w, under where
	if f.Before != nil {
		w.before(*f.Before, false)
	}
	w.between(f)
	columns := "id, task_id, timestamp"
	if len(f.Agents)+len(f.Surfaces) > 0 {
		columns += ", agent, surface"
	}
	sql := "select " + columns + " from task_history" + tx.engine.Use("idx_task_history_timestamp") + w.sql() + newest + w.arg(recentRecords)
	under.args = w.args
	under.under(f.Under, false)
	under.by(f)
	sql = "select id from (" + sql + ") h" + under.sql() + " limit " + under.arg(most)
	ids, err := db.List(tx.Tx, db.Named("history.newest", sql), id, under.args...)
	if err != nil || len(ids) == most {
		return ids, err
	}
	w = where{}
	w.records(f, false)
	sql = "select id from task_history" + tx.engine.Use("idx_task_history_task_id") + w.sql() + newest + w.arg(most)
	ids, err = db.List(tx.Tx, db.Named("history.newest_under", sql), id, w.args...)
	if ids == nil {
		ids = []int64{}
	}
	return ids, err
}

// CountRecords counts the records of the filter in any order, up to its limit.
func (tx *Tx) CountRecords(f HistoryFilter) (n int, err error) {
	for _, ofPlan := range []bool{false, true} {
		if ofPlan && (!f.hasPlan() || f.Limit > 0 && n >= f.Limit) {
			break
		}
		_, table, _ := historyTable(ofPlan)
		if !ofPlan && f.manyTasks() {
			table += tx.engine.Use("idx_task_history_task_id")
		}
		var w where
		w.records(f, ofPlan)
		sql := "select 1 from " + table + w.sql()
		if f.Limit > 0 {
			sql += " limit " + w.arg(f.Limit-n)
		}
		some, err := tx.Count(db.Named("history.count", "select count(*) from ("+sql+") counted"), w.args...)
		if n += some; err != nil {
			return n, err
		}
	}
	return n, nil
}

// records adds the terms of the filter for the records of tasks, or of epics
// and features.
func (w *where) records(f HistoryFilter, ofPlan bool) {
	if !f.Under.IsZero() {
		w.under(f.Under, ofPlan)
	}
	if f.Before != nil {
		w.before(*f.Before, ofPlan)
	}
	w.between(f)
	w.by(f)
}

// between adds the terms for when the records of the filter were written.
func (w *where) between(f HistoryFilter) {
	if !f.Since.IsZero() {
		w.add("timestamp >= " + w.arg(db.Stamp(&f.Since)))
	}
	if !f.Until.IsZero() {
		w.add("timestamp < " + w.arg(db.Stamp(&f.Until)))
	}
}

// by adds the terms for who wrote them, and where.
func (w *where) by(f HistoryFilter) {
	in(w, "agent", f.Agents)
	in(w, "surface", f.Surfaces)
}

// among adds that the column is one of the values, which may be none.
func (w *where) among(column string, values []int64) {
	if len(values) == 0 {
		w.add("1 = 0")
		return
	}
	in(w, column, values)
}
