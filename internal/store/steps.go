package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

// An operation on very many tasks changes some thousands of them in one statement,
// and tells those who wait for it behind each how far it is. Any other changes all
// its tasks in one.

var stepEnd = db.Named("task.step_end", `select id from tasks where id between $1 and $2 order by id limit 1 offset $3`)

// inSteps calls f with all ids from first to last or, in an operation that has
// announced itself, with some after the other.
func (tx *Tx) inSteps(first, last int64, f func(first, last int64) error) error {
	for done := manyItems; tx.progress != nil; done += manyItems {
		var end int64
		more, err := tx.ScanOne(stepEnd, []any{&end}, first, last, manyItems-1)
		if err == nil && !more {
			break
		}
		if err == nil {
			err = f(first, end)
		}
		if err != nil {
			return err
		}
		first = end + 1
		tx.progress(done)
	}
	return f(first, last)
}

// addOpenInSteps adds n to the number of open dependencies of tasks.
func (tx *Tx) addOpenInSteps(tasks []plan.Key, n int) error {
	open := tx.NewOpened()
	for done, k := range tasks {
		if err := open.Add(k, n); err != nil {
			return err
		}
		tx.progress(done)
	}
	return open.Flush()
}
