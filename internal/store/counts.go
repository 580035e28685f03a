package store

import "pm/internal/plan"

// countByStatus counts each number through an index that holds no more than it
// needs, and none from the rows themselves.
func countByStatus(d *dialect) stmt {
	return stmt{"task.count_by_status", `select
	(select count(*) from tasks where status = 'todo'),
	(select count(*) from tasks` + d.use("idx_tasks_ready") + ` where ` + readyTerms + `),
	(select count(*) from tasks` + d.use("idx_tasks_inactive") + ` where status = 'todo' and offered = 0),
	(select count(*) from tasks where status = 'in_progress'),
	(select count(*) from tasks where status = 'blocked'),
	(select count(*) from tasks where status = 'ready_for_review'),
	(select count(*) from tasks where status = 'completed'),
	(select count(*) from tasks where status = 'archived')`}
}

// CountByStatus counts all tasks. What waits for a dependency is the rest of
// what is todo.
func (tx *Tx) CountByStatus() (c plan.Counts, err error) {
	_, err = tx.scanOne(countByStatus(tx.db.d), []any{&c.Todo, &c.Ready, &c.Inactive, &c.InProgress, &c.Blocked, &c.ReadyForReview, &c.Completed, &c.Archived})
	c.Waiting = c.Todo - c.Ready - c.Inactive
	return c, err
}
