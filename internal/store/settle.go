package store

import (
	"fmt"

	"pm/internal/db"
	"pm/internal/plan"
)

// A task holds back those that depend on it until it is completed or archived,
// or until its epic or its feature is: then nobody works on it any more. The
// number of open dependencies, which is kept with every task, counts the rest.

// Parents are what the epic and the feature that a task lies under say of it.
type Parents struct {
	Epic, Feature           plan.PlanStatus
	EpicDefer, FeatureDefer plan.Date // the moments before which their tasks are not offered

	EpicWaits, FeatureWaits bool // for a whole feature or epic
}

// Offer reports whether tasks that lie under them are offered.
func (p Parents) Offer() bool {
	return p.Epic == plan.PlanActive && p.Feature == plan.PlanActive && !p.EpicWaits && !p.FeatureWaits
}

var parentsOf = db.Named("feature.parents", `select e.status, f.status, e.defer_from, f.defer_from, case when e.open_dependencies > 0 then 1 else 0 end, case when f.open_dependencies > 0 then 1 else 0 end from features f join epics e on e.id = f.epic_id where f.id = $1`)

// Parents returns the statuses of the feature of k and of its epic; plan.NotFound
// if there is no such feature.
func (tx *Tx) Parents(k plan.Key) (p Parents, err error) {
	found, err := tx.ScanOne(parentsOf, []any{&p.Epic, &p.Feature, db.Text(&p.EpicDefer), db.Text(&p.FeatureDefer), db.Flag(&p.EpicWaits), db.Flag(&p.FeatureWaits)}, k.FeatureKey().Ordinal())
	if err == nil && !found {
		err = tx.missing(k.FeatureKey(), db.ErrNoRow)
	}
	return p, err
}

const closed = `in ('completed', 'archived')`

// openEnds are the dependencies d on what is waited for, of all tasks.
const openEnds = `task_dependencies d join tasks o on o.id = d.depends_on_id join features above on above.id = o.feature_id join epics top on top.id = above.epic_id
	where o.status not ` + closed + ` and above.status not ` + closed + ` and top.status not ` + closed

// The tasks that depend on open ones under an epic or a feature, and on how
// many: without those under a feature that is closed itself, or in an epic
// that is. Nobody waits for these, whatever happens to the other.
const (
	dependOnEpic = `select d.task_id, count(*) as n from task_dependencies d join tasks o on o.id = d.depends_on_id join features f on f.id = o.feature_id
		where d.depends_on_id between $1 and $2 and o.status not ` + closed + ` and f.status not ` + closed + ` group by d.task_id`
	dependOnFeature = `select d.task_id, count(*) as n from task_dependencies d join tasks o on o.id = d.depends_on_id join features f on f.id = o.feature_id
		join epics e on e.id = f.epic_id
		where d.depends_on_id between $1 and $2 and o.status not ` + closed + ` and e.status not ` + closed + ` group by d.task_id`
	settledRows = `select t.id, t.status, t.offered, t.open_dependencies, t.deferred, c.n from (%s) c join tasks t on t.id = c.task_id order by t.id`
	settledSave = `update tasks set open_dependencies = open_dependencies + $3 * c.n from (%s) c where tasks.id = c.task_id`
)

var (
	settledByEpic    = db.Named("dependency.settled_by_epic", fmt.Sprintf(settledRows, dependOnEpic))
	settledByFeature = db.Named("dependency.settled_by_feature", fmt.Sprintf(settledRows, dependOnFeature))
	settleEpic       = db.Named("task.settle_epic", fmt.Sprintf(settledSave, dependOnEpic))
	settleFeature    = db.Named("task.settle_feature", fmt.Sprintf(settledSave, dependOnFeature))
)

// Settle has the tasks that depend on open ones under k, an epic or a feature,
// no longer wait for these, or wait again. It returns those of them that are
// not done and do not lie under k themselves, in the order of their keys.
func (tx *Tx) Settle(k plan.Key, again bool) (others []plan.Key, err error) {
	list, save, sign := settledByEpic, settleEpic, -1
	if k.Level() == plan.LevelFeature {
		list, save = settledByFeature, settleFeature
	}
	if again {
		sign = +1
	}
	type dependant struct {
		plan.Task
		n int
	}
	first, last := k.Range()
	found, err := db.Walk(tx.Tx, list, func(d *dependant) []any {
		return []any{subject{&d.Key}, &d.Status, db.Flag(&d.Offered), &d.OpenDependencies, db.Flag(&d.Deferred), &d.n}
	}, func(d dependant) {
		tx.tallyTask(d.Task, -1)
		d.OpenDependencies += sign * d.n
		tx.tallyTask(d.Task, +1)
		if !d.Done() && !k.Contains(d.Key) {
			others = append(others, d.Key)
		}
	}, first, last)
	if err != nil || found == 0 {
		return nil, err
	}
	tx.Announce(found)
	_, err = tx.Exec(save, first, last, sign)
	return others, err
}
