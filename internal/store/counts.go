package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

// countByStatus counts what has an index that holds little more than it, and
// takes from the progress of the epics, which is exact, how many tasks are
// neither completed nor archived: mostly these are todo, and many.
func countByStatus(d *engine) db.Stmt {
	status := "(select count(*) from tasks" + d.Use("idx_tasks_status") + " where status = "
	inactive := "(select count(*) from tasks" + d.Use("idx_tasks_inactive") + " where status = 'todo' and offered = 0"
	return db.Named("task.count_by_status", `select
	(select coalesce(sum(tasks_total - tasks_completed), 0) from epics),
	`+status+`'in_progress'), `+status+`'blocked'), `+status+`'ready_for_review'), `+status+`'completed'), `+status+`'archived'),
	`+inactive+`), `+inactive+` and open_dependencies > 0),
	(select count(*) from tasks`+d.Use("idx_tasks_waiting")+` where status = 'todo' and open_dependencies > 0)`)
}

// CountByStatus counts all tasks.
func (tx *Tx) CountByStatus() (c plan.Counts, err error) {
	var open, both, waiting int
	_, err = tx.ScanOne(countByStatus(tx.engine), []any{&open, &c.InProgress, &c.Blocked, &c.ReadyForReview, &c.Completed, &c.Archived, &c.Inactive, &both, &waiting})
	c.Todo = open - c.InProgress - c.Blocked - c.ReadyForReview
	c.Waiting = waiting - both
	c.Ready = c.Todo - c.Inactive - c.Waiting
	return c, err
}
