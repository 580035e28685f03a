package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

var (
	readyCount = db.Named("task.count_ready", "select count(*) from (select 1 from tasks where "+readyTerms+" limit $1) counted")
	taskHeld   = db.Named("task.held_by", "select "+taskColumns+" from tasks where "+heldTerms+" and coalesce(session, '') = $2 order by priority, id limit $3")

	taskHeldElsewhere = db.Named("task.count_held_elsewhere", "select count(*) from (select 1 from tasks where "+heldTerms+" and coalesce(session, '') <> $2 limit $3) counted")
)

const heldTerms = "assigned_agent = $1 and status = 'in_progress'"

// CountReady counts the tasks that can be claimed, up to most.
func (tx *Tx) CountReady(most int) (int, error) { return tx.Count(readyCount, most) }

// HeldBy returns the tasks in progress that an actor holds, the most urgent
// first, at most that many, without their dependencies.
func (tx *Tx) HeldBy(a plan.Actor, most int) ([]plan.Task, error) {
	return tx.tasks(taskHeld, a.Name, a.Session, most)
}

// CountHeldElsewhere counts the tasks in progress that other sessions of the
// actor's name hold, up to most.
func (tx *Tx) CountHeldElsewhere(a plan.Actor, most int) (int, error) {
	return tx.Count(taskHeldElsewhere, a.Name, a.Session, most)
}
