package store

import (
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

// A Mark is one record of a history: its row and its hash, which tells
// whether the row is still the same. SQLite gives the number of a deleted
// newest row to the next one.
type Mark struct {
	ID   int64
	Hash string
}

func markFields(m *Mark) []any { return []any{&m.ID, &m.Hash} }

// historyTable returns the table of the tasks' history, or of the plan's.
func historyTable(ofPlan bool) (name, table, item string) {
	if ofPlan {
		return "feed.plan", "plan_history", "key"
	}
	return "feed.tasks", "task_history", "task_id"
}

// NewestMark returns the newest row of a history; the zero Mark if there is none.
func (tx *Tx) NewestMark(ofPlan bool) (m Mark, err error) {
	name, table, _ := historyTable(ofPlan)
	_, err = tx.ScanOne(db.Named(name+"_newest", "select id, hash from "+table+" order by id desc limit 1"), markFields(&m))
	return m, err
}

// Marks returns the rows of a history between two numbers, both included, oldest first.
func (tx *Tx) Marks(ofPlan bool, first, last int64) ([]Mark, error) {
	name, table, _ := historyTable(ofPlan)
	return db.List(tx.Tx, db.Named(name+"_marks", "select id, hash from "+table+" where id between $1 and $2 order by id"), markFields, first, last)
}

// RecordsAfter returns, in the order of their rows, the records behind a row,
// at most limit of them, and before them those of the rows in also that exist.
func (tx *Tx) RecordsAfter(ofPlan bool, after int64, also []int64, limit int) ([]Record, error) {
	name, table, item := historyTable(ofPlan)
	from := "select id, " + item + ", " + historyColumns + " from " + table
	var late []Record
	if len(also) > 0 {
		var w where
		in(&w, "id", also)
		var err error
		if late, err = db.List(tx.Tx, db.Named(name+"_late", from+w.sql()+" order by id"), recordFields, w.args...); err != nil {
			return nil, err
		}
	}
	records, err := db.List(tx.Tx, db.Named(name, from+" where id > $1 order by id limit $2"), recordFields, after, limit)
	return append(late, records...), err
}

func expiredLeases(e *engine) db.Stmt {
	return db.Named("task.count_expired", "select count(*) from tasks"+e.Use("idx_tasks_lease_until")+" where lease_until is not null and lease_until <= $1 and status = 'in_progress'")
}

func leasedAfter(e *engine) db.Stmt {
	return db.Named("task.leased_after", "select "+taskColumns+" from tasks"+e.Use("idx_tasks_lease_until")+" where lease_until is not null and lease_until > $1 and status = 'in_progress' order by id")
}

// LeasedAfter returns the tasks in progress whose lease ends after a moment, without
// their dependencies.
func (tx *Tx) LeasedAfter(at time.Time) ([]plan.Task, error) {
	return tx.tasks(leasedAfter(tx.engine), db.Stamp(&at))
}

// CountExpiredLeases counts the tasks in progress whose lease has run out.
func (tx *Tx) CountExpiredLeases(now time.Time) (int, error) {
	return tx.Count(expiredLeases(tx.engine), db.Stamp(&now))
}
