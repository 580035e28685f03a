package store

import "pm/internal/plan"

var tasksByStatus = stmt{"task.count_by_status", `select
	count(*) filter (where status = 'todo'),
	count(*) filter (where status = 'todo' and open_dependencies = 0 and offered = 1),
	count(*) filter (where status = 'todo' and open_dependencies > 0 and offered = 1),
	count(*) filter (where status = 'todo' and offered = 0),
	count(*) filter (where status = 'in_progress'),
	count(*) filter (where status = 'blocked'),
	count(*) filter (where status = 'ready_for_review'),
	count(*) filter (where status = 'completed'),
	count(*) filter (where status = 'archived')
	from tasks`}

// CountByStatus counts all tasks.
func (tx *Tx) CountByStatus() (c plan.Counts, err error) {
	_, err = tx.scanOne(tasksByStatus, []any{&c.Todo, &c.Ready, &c.Waiting, &c.Inactive, &c.InProgress, &c.Blocked, &c.ReadyForReview, &c.Completed, &c.Archived})
	return c, err
}
