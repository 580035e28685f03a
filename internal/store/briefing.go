package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

var (
	taskHeld = db.Named("task.held_by", "select "+taskColumns+" from tasks where "+heldTerms+" and coalesce(session, '') = $2 order by priority, id limit $3")

	taskHeldElsewhere = db.Named("task.count_held_elsewhere", "select count(*) from (select 1 from tasks where "+heldTerms+" and coalesce(session, '') <> $2 limit $3) counted")
)

const heldTerms = "assigned_agent = $1 and status = 'in_progress'"

// CountReady counts the tasks that can be claimed, up to most.
func (tx *Tx) CountReady(most int) (int, error) {
	c, err := tx.CountByStatus()
	return min(c.Ready, most), err
}

// mostExpired is up to how many tasks the counts of the plan count those whose
// lease has run out.
const mostExpired = 1000

// countExpired counts the tasks that can be claimed from a holder whose lease
// has run out, up to most.
func (tx *Tx) countExpired(most int) (int, error) {
	now, err := tx.Now()
	if err != nil {
		return 0, err
	}
	var w where
	w.add(expiredAt(w.arg(db.Stamp(&now))))
	return tx.Count(db.Named("task.count_expired_ready",
		"select count(*) from (select 1 from tasks"+tx.engine.Use("idx_tasks_lease_until")+w.sql()+" limit "+w.arg(most)+") counted"), w.args...)
}

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
