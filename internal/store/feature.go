package store

import (
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

const featureColumns = "id, uid, epic_id, key, title, description, status, fields, progress_pct, tasks_total, " +
	"tasks_completed, due, defer, defer_from, estimate_total, estimate_done, open_dependencies, last_child, last_note, links, version, created_at, updated_at, history_hash"

func featureFields(f *plan.Feature) []any {
	return []any{&f.ID, &f.UID, &f.EpicID, keyText{&f.Key}, &f.Title, &f.Description, &f.Status, fieldsText{&f.Fields}, (*float64)(&f.ProgressPct), &f.TasksTotal,
		&f.TasksCompleted, db.Text(&f.Due), db.Text(&f.Defer), db.Text(&f.DeferFrom), (*int64)(&f.EstimateTotal), (*int64)(&f.EstimateDone), &f.OpenDependencies, &f.LastChild, &f.LastNote, &f.LinkCount, &f.Version, db.Stamp(&f.CreatedAt), db.Stamp(&f.UpdatedAt), &f.HistoryHash}
}

var featureInsertion = db.Insertion{Name: "feature.insert", Table: "features", Columns: featureColumns}

var (
	featureByKey = db.Named("feature.by_key", `select `+featureColumns+` from features where key = $1`)
	featureSave  = db.Named("feature.save", `update features set title = $3, description = $4, status = $5, updated_at = $6, history_hash = $7, last_note = $8, fields = $9, defer = $10, defer_from = $11, due = $12, version = version + 1 where id = $1 and version = $2`)
	featureChild = db.Named("feature.next_task", `update features set last_child = last_child + $2 where id = $1 returning last_child, status, defer_from, open_dependencies,
		(select count(*) from (select 1 from definitions where kind = 'stage' limit 1) x)`)
	featureRaise = db.Named("feature.raise_last_child", `update features set last_child = $2 where id = $1 and last_child < $2`)
	// Progress is kept by difference, so that it costs the same in a feature
	// of ten tasks and of a hundred thousand.
	featureCount = db.Named("feature.count", `update features set tasks_total = tasks_total + $2, tasks_completed = tasks_completed + $3,
		estimate_total = estimate_total + $4, estimate_done = estimate_done + $5,
		progress_pct = case when tasks_total + $2 = 0 then 0
			else cast(tasks_completed + $3 as double precision) / (tasks_total + $2) * 100 end
		where id = $1 returning tasks_total, tasks_completed`)
)

// Feature returns the feature with the key; plan.NotFound if there is none.
func (tx *Tx) Feature(k plan.Key) (plan.Feature, error) { return tx.feature(k, "") }

// LockFeature is Feature, and keeps others from changing it until the transaction ends.
func (tx *Tx) LockFeature(k plan.Key) (plan.Feature, error) {
	return tx.feature(k, tx.engine.ForUpdate)
}

func (tx *Tx) feature(k plan.Key, lock string) (plan.Feature, error) {
	f, err := db.One(tx.Tx, featureByKey.And(lock), featureFields, keyText{&k})
	f.EpicKey = f.Key.EpicKey()
	if err != nil {
		return f, tx.missing(k, err)
	}
	one := []plan.Feature{f}
	err = tx.loadFeatureWords(one)
	return one[0], err
}

// InsertFeature adds a feature with the record h of its creation.
func (tx *Tx) InsertFeature(f *plan.Feature, h plan.History) error {
	h, err := tx.Stamped(h, f.Key, time.Time{})
	if err != nil {
		return err
	}
	f.UID = plan.NewUID(h.Timestamp)
	h, _ = f.Append(plan.Feature{}, h)
	if err := tx.PutFeature(f); err != nil {
		return err
	}
	return tx.insertPlanHistory(0, f.ID, h)
}

// PutFeature adds a feature as it is, from an export.
func (tx *Tx) PutFeature(f *plan.Feature) error {
	f.ID, f.EpicID, f.EpicKey = f.Key.Ordinal(), f.Key.EpicKey().Ordinal(), f.Key.EpicKey()
	if err := tx.Insert(featureInsertion, featureFields(f)...); err != nil {
		return err
	}
	if err := tx.AddLabels(f.Key, f.Labels); err != nil {
		return err
	}
	return tx.PutRefs(f.Key, f.Refs)
}

// SaveFeature is SaveEpic for a feature.
func (tx *Tx) SaveFeature(before plan.Feature, f *plan.Feature, h plan.History) error {
	h, err := tx.Stamped(h, f.Key, before.UpdatedAt)
	if err != nil {
		return err
	}
	if before.Status.Closed() != f.Status.Closed() {
		if err := tx.TouchClosing(f.Key); err != nil {
			return err
		}
	}
	h, former := f.Append(before, h)
	if err := tx.PutTexts(f.Key, former); err != nil {
		return err
	}
	n, err := tx.Exec(featureSave, f.ID, before.Version, f.Title, f.Description, f.Status, db.Stamp(&f.UpdatedAt), f.HistoryHash, f.LastNote, fieldsText{&f.Fields}, db.Text(&f.Defer), db.Text(&f.DeferFrom), db.Text(&f.Due))
	if err := saved(f.Key, n, err); err != nil {
		return err
	}
	return tx.insertPlanHistory(0, f.ID, h)
}

// Above is what an epic or a feature says of the tasks under it.
type Above struct {
	Status    plan.PlanStatus
	DeferFrom plan.Date // the moment before which they are not offered; empty: none
	Waits     bool      // for a whole feature or epic
	Staged    bool      // the project has stages; only of a feature
}

// Offers reports whether tasks under it are offered, at the earliest from
// DeferFrom on.
func (a Above) Offers() bool { return a.Status == plan.PlanActive && !a.Waits }

// NextTaskKeys gives the next n task numbers in the feature, once and never
// again, and returns the first with what the feature says of them.
func (tx *Tx) NextTaskKeys(feature plan.Key, n int) (first plan.Key, above Above, err error) {
	var last, open int
	found, err := tx.ScanOne(featureChild, []any{&last, &above.Status, db.Text(&above.DeferFrom), &open, db.Flag(&above.Staged)}, feature.Ordinal(), n)
	above.Waits = open > 0
	switch {
	case err != nil:
		return plan.Key{}, above, err
	case !found:
		return plan.Key{}, above, tx.missing(feature, db.ErrNoRow)
	case last > plan.MaxTask:
		return plan.Key{}, above, plan.Errorf(plan.Refused, "no free key left in %s (maximum %d)", feature, plan.MaxTask)
	}
	return feature.Child(last - n + 1), above, nil
}

// RaiseLastTask makes sure that no task number up to n is given again in the feature.
func (tx *Tx) RaiseLastTask(feature plan.Key, n int) error {
	_, err := tx.Exec(featureRaise, feature.Ordinal(), n)
	return err
}

// AddFeatureCounts adds to the numbers of tasks of a feature, and brings its
// progress up to date.
func (tx *Tx) AddFeatureCounts(feature plan.Key, d Sums) error {
	var total, completed int
	found, err := tx.ScanOne(featureCount, []any{&total, &completed}, feature.Ordinal(), d.Total, d.Completed, int64(d.Estimate), int64(d.EstimateDone))
	if found {
		err = tx.touchCounted(feature, total, completed, d)
	}
	return err
}

// AddEpicCounts adds to the numbers of tasks of an epic. It returns what the
// epic says of them, which stays as it is until the transaction ends.
func (tx *Tx) AddEpicCounts(k plan.Key, d Sums) (above Above, err error) {
	var open, total, completed int
	found, err := tx.ScanOne(epicCount, []any{&above.Status, db.Text(&above.DeferFrom), &open, &total, &completed}, k.Ordinal(), d.Total, d.Completed, int64(d.Estimate), int64(d.EstimateDone))
	above.Waits = open > 0
	if err == nil && !found {
		err = tx.missing(k, db.ErrNoRow)
	}
	if found {
		err = tx.touchCounted(k, total, completed, d)
	}
	return above, err
}
