package store

import (
	"fmt"

	"pm/internal/db"
	"pm/internal/plan"
)

const taskColumns = "id, feature_id, key, title, description, status, agent_type, priority, assigned_agent, " +
	"session, file_path, blocked_reason, blocked_from, open_dependencies, offered, lease_until, lease_seconds, fence, version, " +
	"created_at, started_at, completed_at, blocked_at, updated_at, history_hash"

func taskFields(t *plan.Task) []any {
	return []any{&t.ID, &t.FeatureID, keyText{&t.Key}, &t.Title, &t.Description, &t.Status, db.Text(&t.AgentType), &t.Priority, db.Text(&t.AssignedAgent),
		db.Text(&t.Session), db.Text(&t.FilePath), db.Text(&t.BlockedReason), db.Text(&t.BlockedFrom), &t.OpenDependencies, db.Flag(&t.Offered), db.NullStamp(&t.LeaseUntil), &t.LeaseSeconds, &t.LastFence, &t.Version,
		db.Stamp(&t.CreatedAt), db.NullStamp(&t.StartedAt), db.NullStamp(&t.CompletedAt), db.NullStamp(&t.BlockedAt), db.Stamp(&t.UpdatedAt), &t.HistoryHash}
}

var (
	taskByKey = db.Named("task.by_key", `select `+taskColumns+` from tasks where key = $1`)
	// Two ways to save: an update touches every index on a column it names,
	// changed or not, and most changes are of the status only.
	taskSaveStatus = db.Named("task.save_status", `update tasks set status = $3, assigned_agent = $4, session = $5, blocked_reason = $6, blocked_from = $7,
		lease_until = $8, lease_seconds = $9, fence = $10, started_at = $11, completed_at = $12, blocked_at = $13, updated_at = $14, history_hash = $15,
		version = version + 1 where id = $1 and version = $2`)
	taskSaveFields = db.Named("task.save_fields", `update tasks set title = $3, description = $4, agent_type = $5, priority = $6, file_path = $7,
		lease_until = $8, updated_at = $9, history_hash = $10, version = version + 1 where id = $1 and version = $2`)
	taskTouch = db.Named("task.touch", `update tasks set lease_until = $3, updated_at = $4, history_hash = $5,
		version = version + 1 where id = $1 and version = $2`)
	taskRenew  = db.Named("task.renew", `update tasks set lease_until = $3, lease_seconds = $4 where id = $1 and fence = $2 and status = 'in_progress'`)
	taskDelete = db.Named("task.delete", `delete from tasks where id = $1`)
	taskOffer  = db.Named("task.offer", `update tasks set offered = 1 - offered where id between $1 and $2 and offered <> (
		select case when f.status = 'active' and e.status = 'active' then 1 else 0 end
		from features f join epics e on e.id = f.epic_id where f.id = tasks.feature_id)`)
	taskCounts = db.Named("task.counts", `select count(*) filter (where status <> 'archived' or completed_at is not null),
		count(*) filter (where status = 'completed' or status = 'archived' and completed_at is not null)
		from tasks where id between $1 and $2`)
)

// Task returns the task with the key, without its dependencies; plan.NotFound
// if there is none.
func (tx *Tx) Task(k plan.Key) (plan.Task, error) { return tx.task(k, "") }

// LockTask is Task, and keeps others from changing it until the transaction ends.
func (tx *Tx) LockTask(k plan.Key) (plan.Task, error) { return tx.task(k, tx.engine.ForUpdate) }

func (tx *Tx) task(k plan.Key, lock string) (plan.Task, error) {
	t, err := db.One(tx.Tx, taskByKey.And(lock), taskFields, keyText{&k})
	derive(&t)
	return t, missing(k, err)
}

// tasks runs a select of all columns of tasks.
func (tx *Tx) tasks(s db.Stmt, args ...any) ([]plan.Task, error) {
	return derived(db.List(tx.Tx, s, taskFields, args...))
}

// derived fills in what follows from the columns.
func derived(ts []plan.Task, err error) ([]plan.Task, error) {
	for i := range ts {
		derive(&ts[i])
	}
	return ts, err
}

// derive fills in what follows from the columns.
func derive(t *plan.Task) {
	t.FeatureKey, t.EpicKey = t.Key.FeatureKey(), t.Key.EpicKey()
	t.Fence = 0
	if t.Status == plan.InProgress && t.LeaseUntil != nil {
		t.Fence = t.LastFence
	}
}

// InsertTask adds a task with the record h of its creation.
func (tx *Tx) InsertTask(t *plan.Task, h plan.History) error {
	b := tx.NewBulk()
	if err := b.Insert(t, h); err != nil {
		return err
	}
	return b.Flush()
}

// PutTask adds a task as it is, from an export, with its records, oldest
// first, but without its dependencies.
func (tx *Tx) PutTask(t *plan.Task, history ...plan.History) error {
	b := tx.NewBulk()
	if err := b.Put(t, history...); err != nil {
		return err
	}
	return b.Flush()
}

// SaveStatus writes what a change of status, holder or lease changes, raises
// the version and records h. It is a conflict if t was changed since it was read.
func (tx *Tx) SaveStatus(t *plan.Task, h plan.History) error {
	if err := tx.indexReason(t, h); err != nil {
		return err
	}
	return tx.save(t, h, func() (int64, error) {
		return tx.Exec(taskSaveStatus, t.ID, t.Version, t.Status, db.Text(&t.AssignedAgent), db.Text(&t.Session), db.Text(&t.BlockedReason), db.Text(&t.BlockedFrom),
			db.NullStamp(&t.LeaseUntil), t.LeaseSeconds, t.LastFence, db.NullStamp(&t.StartedAt), db.NullStamp(&t.CompletedAt), db.NullStamp(&t.BlockedAt), db.Stamp(&t.UpdatedAt), t.HistoryHash)
	})
}

// SaveFields is SaveStatus for the fields that people edit.
func (tx *Tx) SaveFields(t *plan.Task, h plan.History) error {
	_, newTitle := h.Change["title"]
	_, newText := h.Change["description"]
	if newTitle || newText {
		reason, err := tx.Reason(t.Key)
		if err != nil {
			return err
		}
		if err := tx.indexTask(t, reason); err != nil {
			return err
		}
	}
	return tx.save(t, h, func() (int64, error) {
		return tx.Exec(taskSaveFields, t.ID, t.Version, t.Title, t.Description, db.Text(&t.AgentType), t.Priority, db.Text(&t.FilePath),
			db.NullStamp(&t.LeaseUntil), db.Stamp(&t.UpdatedAt), t.HistoryHash)
	})
}

// Touch is SaveStatus for a change beside the task's own row: a note, a dependency.
func (tx *Tx) Touch(t *plan.Task, h plan.History) error {
	return tx.save(t, h, func() (int64, error) {
		return tx.Exec(taskTouch, t.ID, t.Version, db.NullStamp(&t.LeaseUntil), db.Stamp(&t.UpdatedAt), t.HistoryHash)
	})
}

func (tx *Tx) save(t *plan.Task, h plan.History, update func() (int64, error)) error {
	if err := tx.seal(&h, t.Key, &t.HistoryHash); err != nil {
		return err
	}
	t.UpdatedAt = h.Timestamp
	n, err := update()
	if err := saved(t.Key, n, err); err != nil {
		return err
	}
	t.Version++
	derive(t)
	return tx.insertTaskHistory(t.ID, h)
}

// Renew moves the end of the lease of t, which is no change of the task: its
// version stays and nothing is recorded.
func (tx *Tx) Renew(t *plan.Task) error {
	n, err := tx.Exec(taskRenew, t.ID, t.LastFence, db.NullStamp(&t.LeaseUntil), t.LeaseSeconds)
	return saved(t.Key, n, err)
}

// DeleteTask removes the task with its notes, history and dependencies.
func (tx *Tx) DeleteTask(k plan.Key) error {
	_, err := tx.Exec(taskDelete, k.Ordinal())
	return err
}

// OfferTasks brings up to date, after a change of an epic's or a feature's
// status, which of the tasks under it are offered as work.
func (tx *Tx) OfferTasks(under plan.Key) error {
	first, last := under.Range()
	_, err := tx.Exec(taskOffer, first, last)
	return err
}

// CountTasks counts the tasks under k as progress does: in one query, from
// the tasks themselves.
func (tx *Tx) CountTasks(k plan.Key) (total, completed int, err error) {
	first, last := k.Range()
	_, err = tx.ScanOne(taskCounts, []any{&total, &completed}, first, last)
	return total, completed, err
}

// LockTasks keeps others from changing those of the tasks that are there
// until the transaction ends.
func (tx *Tx) LockTasks(keys []plan.Key) error {
	return tx.lockTasks("task.lock", `id in (%[1]s)`, keys)
}

// LockWithDependants is LockTasks for the tasks and those that wait for them,
// all in one order: changes of tasks that others wait for in common would
// else wait for each other.
func (tx *Tx) LockWithDependants(keys []plan.Key) error {
	return tx.lockTasks("task.lock_dependants", `id in (
		select id from tasks where id in (%[1]s) union select task_id from task_dependencies where depends_on_id in (%[1]s))`, keys)
}

func (tx *Tx) lockTasks(name, which string, keys []plan.Key) error {
	if tx.engine.ForUpdate == "" {
		return nil // a write has the database for itself
	}
	for from := 0; from < len(keys); from += maxIn {
		page := keys[from:min(from+maxIn, len(keys))]
		ids := make([]any, len(page))
		for i, k := range page {
			ids[i] = k.Ordinal()
		}
		lock := db.Named(name, `select id from tasks where `+fmt.Sprintf(which, tx.engine.Marks(len(ids)))+` order by id`+tx.engine.ForUpdate)
		if _, err := db.List(tx.Tx, lock, func(id *int64) []any { return []any{id} }, ids...); err != nil {
			return err
		}
	}
	return nil
}

// LockUnder keeps others from changing k and what lies under it, and from
// adding to it, until the transaction ends. What was committed while it waited
// is seen by what is read after it.
func (tx *Tx) LockUnder(k plan.Key) error {
	if tx.engine.ForUpdate == "" {
		return nil // a write has the database for itself
	}
	_, err := tx.revisions(k, "lock_under", tx.engine.ForUpdate)
	return err
}

// A Revision says at which version an item is.
type Revision struct{ ID, Version int64 }

// Revisions returns the version of k and of every item under it: two equal
// answers mean that nothing was made, changed or deleted there in between.
func (tx *Tx) Revisions(k plan.Key) ([]Revision, error) { return tx.revisions(k, "revisions", "") }

func (tx *Tx) revisions(k plan.Key, name, lock string) (all []Revision, err error) {
	first, last := k.Range()
	for _, item := range []string{"task", "feature", "epic"} {
		s := db.Named(item+"."+name, `select id, version from `+item+`s where id between $1 and $2 order by id`+lock)
		some, err := db.List(tx.Tx, s, func(r *Revision) []any { return []any{&r.ID, &r.Version} }, first, last)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}
