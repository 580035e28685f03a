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
	type numbers struct{ id, last, recorded, there int64 }
	for _, s := range []db.Stmt{numbersOfEpics, numbersOfFeatures, numbersOfTasks} {
		_, err := db.Walk(tx.Tx, s, func(n *numbers) []any { return []any{&n.id, &n.last, &n.recorded, &n.there} }, func(n numbers) {
			parent, child := plan.KeyOf(n.id), plan.KeyOf(max(n.recorded, n.there))
			if given := []int{child.Epic, child.Feature, child.Task}[depth(parent)]; int64(given) > n.last {
				flaws = append(flaws, Flaw{parent, fmt.Sprintf("the highest number given below it is kept as %d, but %s has one", n.last, child)})
			}
		})
		if err != nil {
			return flaws, err
		}
	}
	return flaws, nil
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
