package store

import (
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

// A task is deferred until the latest of the moments that its own defer, its
// feature's and its epic's mean: tasks.not_before. Whether that lies ahead only
// time changes, so it is kept as of when the task was last looked at, in
// tasks.deferred. What has passed since is found by the moment, and Begin marks
// it, so that it stands with the other ready tasks from then on.

// latestDefer is the latest of the three moments, null where there are none.
const latestDefer = `case when ` + latestAbove + ` is null or t.defer_from > ` + latestAbove + ` then t.defer_from else ` + latestAbove + ` end`

const latestAbove = `(case when e.defer_from is null or f.defer_from > e.defer_from then f.defer_from else e.defer_from end)`

const deferring = ` from (select t.id as of_id, ` + latestDefer + ` as latest from tasks t join features f on f.id = t.feature_id join epics e on e.id = f.epic_id where t.id between $1 and $2) c
	where tasks.id = c.of_id and `

// Whether a task counts as deferred is looked at in the row that is written:
// others may change its status at the same time.
var (
	deferTasks  = db.Named("task.defer", `update tasks set not_before = c.latest, deferred = 1`+deferring+`tasks.deferred = 0 and c.latest > $3 `+opened)
	defersEnded = db.Named("task.defer_ended", `update tasks set not_before = c.latest, deferred = 0`+deferring+`tasks.deferred = 1 and (c.latest is null or c.latest <= $3) `+opened)
	defersMoved = db.Named("task.defer_moved", `update tasks set not_before = c.latest`+deferring+`tasks.not_before is distinct from c.latest`)
)

// DeferTasks brings up to date, after a change of what an epic or a feature is
// deferred until, before when the tasks under it are not offered.
func (tx *Tx) DeferTasks(under plan.Key) error {
	now, err := tx.Now()
	if err != nil {
		return err
	}
	first, last := under.Range()
	return tx.inSteps(first, last, func(first, last int64) error {
		for _, s := range []db.Stmt{deferTasks, defersEnded} {
			if err := tx.turnDeferred(s, first, last, db.Stamp(&now)); err != nil {
				return err
			}
		}
		_, err := tx.Exec(defersMoved, first, last)
		return err
	})
}

// turnDeferred runs a statement by which tasks are deferred, or no more, and
// counts them anew.
func (tx *Tx) turnDeferred(s db.Stmt, args ...any) error {
	return tx.countAnew(s, func(t *plan.Task) { t.Deferred = !t.Deferred }, args...)
}

// zoneRow is locked in the place of the time zone, which the project may not have
// set: it is always there, and nothing else locks it.
const zoneRow = "select version from migrations where version = 1"

// KeepZone keeps others from changing the time zone of the project until the
// transaction ends: the moments that it stores for days would be those of another.
func (tx *Tx) KeepZone() error { return tx.lockZone(db.Named("zone.keep", zoneRow), tx.engine.keepRow) }

// LockZone waits until no other transaction keeps the time zone, and has those that
// want to wait until this one ends.
func (tx *Tx) LockZone() error {
	return tx.lockZone(db.Named("zone.lock", zoneRow), tx.engine.ForUpdate)
}

func (tx *Tx) lockZone(row db.Stmt, how string) error {
	if how == "" {
		return nil // a write has the database to itself
	}
	_, err := tx.Exec(row.And(how))
	return err
}

// DeferAnew brings up to date which moments all defers mean, with days as they
// are in the zone, and what follows from them for tasks.
func (tx *Tx) DeferAnew(zone *time.Location) error {
	for _, table := range []string{"epics", "features", "tasks"} {
		of := "defer is not null"
		if table == "tasks" {
			of = "not_before is not null and " + of
		}
		days, err := db.List(tx.Tx, db.Named("defer.dates", "select distinct defer from "+table+" where "+of), func(d *plan.Date) []any { return []any{db.Text(d)} })
		if err != nil {
			return err
		}
		for _, d := range days {
			from := d.Begin(zone)
			s := db.Named("defer.mean", "update "+table+" set defer_from = $2 where "+of+" and defer = $1 and (defer_from is null or defer_from <> $2)")
			if _, err := tx.Exec(s, string(d), string(from)); err != nil {
				return err
			}
		}
	}
	epics, err := db.List(tx.Tx, db.Named("defer.epics", "select id from epics order by id"), func(id *int64) []any { return []any{id} })
	for _, id := range epics {
		if err := tx.DeferTasks(plan.KeyOf(id)); err != nil {
			return err
		}
	}
	return err
}

// mostBegun is how many tasks Begin marks in one go.
const mostBegun = 1000

// Begin marks tasks that were deferred until a moment that has passed, some if
// there are many.
func (tx *Tx) Begin() error {
	now, err := tx.Now()
	if err != nil {
		return err
	}
	var w where
	which := "select id from tasks" + tx.engine.Use("idx_tasks_not_before") + " where " + begunAt(w.arg(db.Stamp(&now))) + " order by not_before limit " + w.arg(mostBegun)
	if lock := tx.engine.ForUpdate; lock != "" {
		which += lock + tx.engine.SkipLocked
	}
	return tx.turnDeferred(db.Named("task.begin_deferred", "update tasks set deferred = 0 where id in ("+which+") "+opened), w.args...)
}

// countBegun counts the tasks that count as deferred, and are not by now.
func (tx *Tx) countBegun(under plan.Key) (int, error) {
	now, err := tx.Now()
	if err != nil {
		return 0, err
	}
	var w where
	w.add(begunAt(w.arg(db.Stamp(&now))) + " and " + begunReady)
	if !under.IsZero() {
		first, last := under.Range()
		w.add("id between " + w.arg(first) + " and " + w.arg(last))
	}
	return tx.Count(db.Named("task.count_begun", "select count(*) from tasks"+tx.engine.Use("idx_tasks_not_before")+w.sql()), w.args...)
}

var deferDrift = db.Named("doctor.deferrals", `select t.key, t.deferred, t.not_before, t.defer, t.defer_from, f.defer, f.defer_from, e.defer, e.defer_from
	from tasks t join features f on f.id = t.feature_id join epics e on e.id = f.epic_id
	where t.not_before is not null or t.defer is not null or t.defer_from is not null or t.deferred = 1 or f.defer is not null or f.defer_from is not null or e.defer is not null or e.defer_from is not null
	order by t.id`)

// farthest is how far the clocks of two zones can be apart.
const farthest = 27 * time.Hour

// DeferralFlaws finds tasks that are not deferred until the latest moment that
// their defer and those above mean. A day means one in some zone.
func (tx *Tx) DeferralFlaws() (flaws []Flaw, err error) {
	now, err := tx.Now()
	if err != nil {
		return nil, err
	}
	type row struct {
		plan.Task
		feature, epic         plan.Date
		featureFrom, epicFrom plan.Date
	}
	means := func(d, from plan.Date) bool {
		if !d.IsDay() {
			return d == from
		}
		at, ok := from.Time()
		day := d.End(time.UTC).AddDate(0, 0, -1)
		return ok && at.Sub(day).Abs() <= farthest
	}
	_, err = db.Walk(tx.Tx, deferDrift, func(r *row) []any {
		return []any{keyText{&r.Key}, db.Flag(&r.Deferred), db.Text(&r.NotBefore), db.Text(&r.Defer), db.Text(&r.DeferFrom), db.Text(&r.feature), db.Text(&r.featureFrom), db.Text(&r.epic), db.Text(&r.epicFrom)}
	}, func(r row) {
		latest := max(r.DeferFrom, r.featureFrom, r.epicFrom)
		switch {
		case !means(r.Defer, r.DeferFrom):
			flaws = append(flaws, Flaw{r.Key, "defer_from does not match defer"})
		case !means(r.feature, r.featureFrom):
			flaws = append(flaws, Flaw{r.Key.FeatureKey(), "defer_from does not match defer"})
		case !means(r.epic, r.epicFrom):
			flaws = append(flaws, Flaw{r.Key.EpicKey(), "defer_from does not match defer"})
		case r.NotBefore != latest:
			flaws = append(flaws, Flaw{r.Key, "not_before is not the latest deferral of the task, its feature and its epic"})
		case r.Deferred && r.NotBefore == "", !r.Deferred && r.NotBefore > plan.DateOf(now.Add(farthest)):
			flaws = append(flaws, Flaw{r.Key, "deferred does not match not_before"})
		}
	})
	return flaws, err
}
