package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

var (
	projectNextEpic = db.Named("project.next_epic", `update project set last_epic = last_epic + 1 where id = 1 returning last_epic`)
	projectLastEpic = db.Named("project.last_epic", `select last_epic from project where id = 1`)
	projectRaise    = db.Named("project.raise_last_epic", `update project set last_epic = $1 where id = 1 and last_epic < $1`)
	projectLock     = db.Named("project.lock", `update project set last_epic = last_epic where id = 1`)
)

// NextEpicKey gives the next epic's key. A number is given once: never again,
// whatever becomes of the epic.
func (tx *Tx) NextEpicKey() (plan.Key, error) {
	n, err := tx.Count(projectNextEpic)
	if err == nil && n > plan.MaxEpic {
		err = plan.Errorf(plan.Refused, "no free epic key left (maximum %d)", plan.MaxEpic)
	}
	return plan.Key{Epic: n}, err
}

// LastEpic returns the highest epic number ever given.
func (tx *Tx) LastEpic() (int, error) { return tx.Count(projectLastEpic) }

// RaiseLastEpic makes sure that no epic number up to n is given again.
func (tx *Tx) RaiseLastEpic(n int) error {
	_, err := tx.Exec(projectRaise, n)
	return err
}

// LockGraph keeps every other transaction from changing dependencies until
// this one ends: two edges that make a cycle only together cannot both be
// added at once.
func (tx *Tx) LockGraph() error {
	_, err := tx.Exec(projectLock)
	return err
}
