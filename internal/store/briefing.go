package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

var (
	readyCount = db.Named("task.count_ready", "select count(*) from (select 1 from tasks where "+readyTerms+" limit $1) counted")
	taskHeld   = db.Named("task.held_by", "select "+taskColumns+" from tasks where assigned_agent = $1 and status = 'in_progress' order by priority, id limit $2")
)

// CountReady counts the tasks that can be claimed, up to most.
func (tx *Tx) CountReady(most int) (int, error) { return tx.Count(readyCount, most) }

// HeldBy returns the tasks in progress that an agent holds, the most urgent
// first, at most that many, without their dependencies.
func (tx *Tx) HeldBy(agent string, most int) ([]plan.Task, error) {
	return tx.tasks(taskHeld, agent, most)
}
