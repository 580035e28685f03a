package store

import (
	"fmt"

	"pm/internal/db"
	"pm/internal/plan"
)

// The highest number below an item that its children, or the histories of
// those that are gone, have. What the trash was emptied of has left nothing.
var (
	numbersOfEpics = db.Named("doctor.numbers_epics", `select 0, last_epic, coalesce((select max(epic_id) from plan_history), 0), coalesce((select max(id) from epics), 0) from project`)
	numbersOfTasks = db.Named("doctor.numbers_tasks", `select f.id, f.last_child, coalesce((select max(task_id) from task_history where task_id between f.id + 1 and f.id + `+tasksOfFeature+`), 0),
		coalesce((select max(id) from tasks where feature_id = f.id), 0) from features f order by f.id`)
	numbersOfFeatures = db.Named("doctor.numbers_features", `select e.id, e.last_child, coalesce((select max(feature_id) from plan_history where feature_id between e.id + 1 and e.id + `+itemsOfEpic+`), 0),
		coalesce((select max(id) from features where epic_id = e.id), 0) from epics e order by e.id`)
)

var (
	tasksOfFeature = fmt.Sprint(plan.MaxTask)
	itemsOfEpic    = fmt.Sprint((plan.MaxFeature+1)*(plan.MaxTask+1) - 1)
)

// NumberFlaws finds items below which a number was given that is higher than
// the one kept as the highest: it would be given once more.
func (tx *Tx) NumberFlaws() (flaws []Flaw, err error) {
	err = tx.eachNumber(func(parent, child plan.Key, last int64) {
		flaws = append(flaws, Flaw{parent, fmt.Sprintf("the highest number used in it is stored as %d, but %s exists", last, child)})
	})
	return flaws, err
}

// RaiseNumbers keeps the highest numbers where NumberFlaws finds others.
func (tx *Tx) RaiseNumbers() error {
	raise := map[plan.Key]plan.Key{}
	err := tx.eachNumber(func(parent, child plan.Key, _ int64) { raise[parent] = child })
	for parent, child := range raise {
		switch {
		case err != nil:
		case parent.IsZero():
			err = tx.RaiseLastEpic(child.Epic)
		case parent.Level() == plan.LevelEpic:
			err = tx.RaiseLastFeature(parent, child.Feature)
		default:
			err = tx.RaiseLastTask(parent, child.Task)
		}
	}
	return err
}

// eachNumber calls f with each item, or the zero key for the plan, that has a
// child with a number above the last one kept.
func (tx *Tx) eachNumber(f func(parent, child plan.Key, last int64)) error {
	type numbers struct{ id, last, recorded, there int64 }
	for _, s := range []db.Stmt{numbersOfEpics, numbersOfFeatures, numbersOfTasks} {
		_, err := db.Walk(tx.Tx, s, func(n *numbers) []any { return []any{&n.id, &n.last, &n.recorded, &n.there} }, func(n numbers) {
			parent, child := plan.KeyOf(n.id), plan.KeyOf(max(n.recorded, n.there))
			if given := []int{child.Epic, child.Feature, child.Task}[depth(parent)]; int64(given) > n.last {
				f(parent, child, n.last)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// depth returns how many levels lie above what lies below k.
func depth(k plan.Key) int {
	switch {
	case k.IsZero():
		return 0
	case k.Level() == plan.LevelEpic:
		return 1
	}
	return 2
}
