package store

import (
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

const epicColumns = "id, uid, key, title, description, status, priority, business_value, fields, tasks_total, " +
	"tasks_completed, due, defer, defer_from, estimate_total, estimate_done, open_dependencies, last_child, last_note, links, version, created_at, updated_at, history_hash"

func epicFields(e *plan.Epic) []any {
	return []any{&e.ID, &e.UID, keyText{&e.Key}, &e.Title, &e.Description, &e.Status, &e.Priority, db.Text(&e.BusinessValue), fieldsText{&e.Fields}, &e.TasksTotal,
		&e.TasksCompleted, db.Text(&e.Due), db.Text(&e.Defer), db.Text(&e.DeferFrom), (*int64)(&e.EstimateTotal), (*int64)(&e.EstimateDone), &e.OpenDependencies, &e.LastChild, &e.LastNote, &e.LinkCount, &e.Version, db.Stamp(&e.CreatedAt), db.Stamp(&e.UpdatedAt), &e.HistoryHash}
}

var epicInsertion = db.Insertion{Name: "epic.insert", Table: "epics", Columns: epicColumns}

var (
	epicByKey = db.Named("epic.by_key", `select `+epicColumns+` from epics where key = $1`)
	epicSave  = db.Named("epic.save", `update epics set title = $3, description = $4, status = $5, priority = $6, business_value = $7, updated_at = $8, history_hash = $9, last_note = $10, fields = $11, defer = $12, defer_from = $13, due = $14, version = version + 1 where id = $1 and version = $2`)
	epicChild = db.Named("epic.next_feature", `update epics set last_child = last_child + 1 where id = $1 returning last_child`)
	epicRaise = db.Named("epic.raise_last_child", `update epics set last_child = $2 where id = $1 and last_child < $2`)
	epicCount = db.Named("epic.count", `update epics set tasks_total = tasks_total + $2, tasks_completed = tasks_completed + $3,
		estimate_total = estimate_total + $4, estimate_done = estimate_done + $5 where id = $1 returning status, defer_from, open_dependencies, tasks_total, tasks_completed`)
)

// Epic returns the epic with the key; plan.NotFound if there is none.
func (tx *Tx) Epic(k plan.Key) (plan.Epic, error) { return tx.epic(k, "") }

// LockEpic is Epic, and keeps others from changing it until the transaction ends.
func (tx *Tx) LockEpic(k plan.Key) (plan.Epic, error) { return tx.epic(k, tx.engine.ForUpdate) }

func (tx *Tx) epic(k plan.Key, lock string) (plan.Epic, error) {
	e, err := db.One(tx.Tx, epicByKey.And(lock), epicFields, keyText{&k})
	e.ProgressPct = plan.Progress(e.TasksCompleted, e.TasksTotal)
	if err != nil {
		return e, tx.missing(k, err)
	}
	one := []plan.Epic{e}
	err = tx.loadEpicWords(one)
	return one[0], err
}

// InsertEpic adds an epic with the record h of its creation.
func (tx *Tx) InsertEpic(e *plan.Epic, h plan.History) error {
	h, err := tx.Stamped(h, e.Key, time.Time{})
	if err != nil {
		return err
	}
	e.ID, e.UID = e.Key.Ordinal(), plan.NewUID(h.Timestamp)
	h, _ = e.Append(plan.Epic{}, h)
	if err := tx.PutEpic(e); err != nil {
		return err
	}
	return tx.insertPlanHistory(e.ID, 0, h)
}

// PutEpic adds an epic as it is, from an export.
func (tx *Tx) PutEpic(e *plan.Epic) error {
	e.ID = e.Key.Ordinal()
	tx.tallyEpic(e.Key, e.Status, +1)
	if err := tx.Insert(epicInsertion, epicFields(e)...); err != nil {
		return err
	}
	if err := tx.AddLabels(e.Key, e.Labels); err != nil {
		return err
	}
	return tx.PutRefs(e.Key, e.Refs)
}

// SaveEpic writes what of e differs from before, raises its version, and
// records that with what h says besides. It is a conflict if e was changed
// since before was read.
func (tx *Tx) SaveEpic(before plan.Epic, e *plan.Epic, h plan.History) error {
	h, err := tx.Stamped(h, e.Key, before.UpdatedAt)
	if err != nil {
		return err
	}
	if before.Status.Closed() != e.Status.Closed() {
		if err := tx.TouchClosing(e.Key); err != nil {
			return err
		}
	}
	h, former := e.Append(before, h)
	if err := tx.PutTexts(e.Key, former); err != nil {
		return err
	}
	n, err := tx.Exec(epicSave, e.ID, before.Version, e.Title, e.Description, e.Status, e.Priority, db.Text(&e.BusinessValue), db.Stamp(&e.UpdatedAt), e.HistoryHash, e.LastNote, fieldsText{&e.Fields}, db.Text(&e.Defer), db.Text(&e.DeferFrom), db.Text(&e.Due))
	if err := saved(e.Key, n, err); err != nil {
		return err
	}
	tx.tallyEpic(e.Key, plan.PlanStatus(h.OldStatus), -1)
	tx.tallyEpic(e.Key, plan.PlanStatus(h.NewStatus), +1)
	return tx.insertPlanHistory(e.ID, 0, h)
}

// NextFeatureKey gives the next feature's key in the epic, once and never again.
func (tx *Tx) NextFeatureKey(epic plan.Key) (plan.Key, error) {
	return tx.nextChild(epic, epicChild, plan.MaxFeature)
}

// RaiseLastFeature makes sure that no feature number up to n is given again in the epic.
func (tx *Tx) RaiseLastFeature(epic plan.Key, n int) error {
	_, err := tx.Exec(epicRaise, epic.Ordinal(), n)
	return err
}

func (tx *Tx) nextChild(parent plan.Key, s db.Stmt, most int) (plan.Key, error) {
	var n int
	found, err := tx.ScanOne(s, []any{&n}, parent.Ordinal())
	switch {
	case err != nil:
		return plan.Key{}, err
	case !found:
		return plan.Key{}, tx.missing(parent, db.ErrNoRow)
	case n > most:
		return plan.Key{}, plan.Errorf(plan.Refused, "no free key left in %s (maximum %d)", parent, most)
	}
	return parent.Child(n), nil
}

// saved turns a guarded update that met no row into a conflict.
func saved(k plan.Key, rows int64, err error) error {
	if err == nil && rows == 0 {
		return plan.Errorf(plan.Conflict, "%s was changed by someone else meanwhile", k).
			WithCode("stale_version").WithHint("to see the current version: pm show %s", k)
	}
	return err
}
