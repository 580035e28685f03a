package store

import (
	"fmt"

	"pm/internal/db"
	"pm/internal/plan"
)

// mostBeside is how many tasks an operation changes beside others. One of more
// keeps everybody from writing instead, until it is done: see db.Tx.TakeTurn.
const mostBeside = 1000

// TakeTurnFor takes the turn for an operation on so many tasks, if they are many.
func (tx *Tx) TakeTurnFor(tasks int) error {
	if tasks <= mostBeside {
		return nil
	}
	return tx.TakeTurn()
}

// LockTasks keeps others from changing those of the tasks that are there
// until the transaction ends.
func (tx *Tx) LockTasks(keys []plan.Key) error {
	_, err := tx.lockEach("task.lock", `select id from tasks where id in (%[1]s)`, keys)
	return err
}

// LockWithDependants is LockTasks for the tasks and those that wait for them,
// all in one order: changes of tasks that others wait for in common would
// else wait for each other. It returns how many there are; none on SQLite.
func (tx *Tx) LockWithDependants(keys []plan.Key) (n int, err error) {
	return tx.lockEach("task.lock_dependants", `select id from tasks where id in (%[1]s) union select task_id from task_dependencies where depends_on_id in (%[1]s)`, keys)
}

func (tx *Tx) lockEach(name, which string, keys []plan.Key) (n int, err error) {
	err = tx.TakeTurnFor(len(keys))
	for from := 0; from < len(keys) && err == nil; from += maxIn {
		ids, locked := ordinals(keys[from:min(from+maxIn, len(keys))]), 0
		locked, err = tx.lock(name, fmt.Sprintf(which, tx.engine.Marks(len(ids))), ids...)
		n += locked
	}
	return n, err
}

// LockUnder keeps others from changing k, what lies under it, and the tasks that
// depend on that, and from adding to it, until the transaction ends. What was committed while it waited
// is seen by what is read after it.
func (tx *Tx) LockUnder(k plan.Key) error {
	if tx.IsAlone() {
		return nil
	}
	first, last := k.Range()
	_, err := tx.lock("task.lock_under", `select id from tasks where id between $1 and $2 union select task_id from task_dependencies where depends_on_id between $1 and $2`, first, last)
	for _, table := range []string{"feature", "epic"} {
		if err == nil {
			_, err = tx.Exec(db.Named(table+".lock_under", `select id from `+table+`s where id between $1 and $2 order by id`+tx.engine.ForUpdate), first, last)
		}
	}
	return err
}

// lock locks the tasks with the ids that a query finds, in their order, and returns
// how many there are. If there are many it has all others wait.
func (tx *Tx) lock(name, ids string, args ...any) (n int, err error) {
	switch {
	case tx.engine.ForUpdate == "": // a write has the database for itself
		return 0, nil
	case tx.IsAlone():
		return tx.Count(db.Named(name, `select count(*) from (`+ids+`) those`), args...)
	}
	for _, some := range []string{fmt.Sprintf(" order by id limit %d", mostBeside+1), ""} { // the second goes on from where the first ends
		those := db.Named(name, `select id from tasks where id in (select id from (`+ids+`) those`+some+`) order by id`+tx.engine.ForUpdate)
		n, err = db.Walk(tx.Tx, those, func(id *int64) []any { return []any{id} }, func(int64) {}, args...)
		if err == nil {
			err = tx.TakeTurnFor(n)
		}
		if err != nil || n <= mostBeside {
			break
		}
	}
	return n, err
}
