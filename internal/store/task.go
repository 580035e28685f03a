package store

import (
	"strconv"
	"strings"

	"pm/internal/db"
	"pm/internal/plan"
)

const taskColumns = "id, uid, feature_id, key, title, description, status, agent_type, priority, assigned_agent, " +
	"session, file_path, kind, stage, due, estimate, assignee, position, defer, defer_from, not_before, deferred, checks, fields, repeat, resolution, blocked_reason, blocked_from, open_dependencies, offered, lease_until, lease_seconds, lease_digest, fence, last_note, answers, links, version, " +
	"created_at, started_at, completed_at, blocked_at, updated_at, history_hash"

func taskFields(t *plan.Task) []any {
	return []any{&t.ID, &t.UID, &t.FeatureID, keyText{&t.Key}, &t.Title, &t.Description, &t.Status, db.Text(&t.AgentType), &t.Priority, db.Text(&t.AssignedAgent),
		db.Text(&t.Session), db.Text(&t.FilePath), db.Text(&t.Kind), db.Text(&t.Stage), db.Text(&t.Due), db.Number(&t.Estimate), db.Text(&t.Assignee), db.Text(&t.Position), db.Text(&t.Defer), db.Text(&t.DeferFrom), db.Text(&t.NotBefore), db.Flag(&t.Deferred), checksText{t}, fieldsText{&t.Fields}, db.Text(&t.Repeat), resolutionText{t}, db.Text(&t.BlockedReason), db.Text(&t.BlockedFrom), &t.OpenDependencies, db.Flag(&t.Offered), db.NullStamp(&t.LeaseUntil), &t.LeaseSeconds, db.Text(&t.LeaseDigest), &t.LastFence, &t.LastNote, &t.Answers, &t.LinkCount, &t.Version,
		db.Stamp(&t.CreatedAt), db.NullStamp(&t.StartedAt), db.NullStamp(&t.CompletedAt), db.NullStamp(&t.BlockedAt), db.Stamp(&t.UpdatedAt), &t.HistoryHash}
}

var (
	taskByKey  = db.Named("task.by_key", `select `+taskColumns+` from tasks where key = $1`)
	taskRenew  = db.Named("task.renew", `update tasks set lease_until = $3, lease_seconds = $4, lease_digest = $5 where id = $1 and fence = $2 and status = 'in_progress'`)
	taskDelete = db.Named("task.delete", `delete from tasks where id = $1 returning status, offered, open_dependencies, deferred, completed_at`)
	taskOffer  = db.Named("task.offer", `update tasks set offered = 1 - offered from (`+offers+`) above where tasks.id between $1 and $2 and tasks.feature_id = above.of_id and tasks.offered <> above.offer `+opened)
	taskCounts = db.Named("task.counts", `select `+taskTally+` from tasks where id between $1 and $2`)
)

// offers says of features with the ids from $3 to $2 whether the tasks under them are
// offered.
const offers = `select f.id as of_id, case when f.status = 'active' and e.status = 'active' and f.open_dependencies = 0 and e.open_dependencies = 0 then 1 else 0 end as offer
		from features f join epics e on e.id = f.epic_id where f.id between $3 and $2`

// Task returns the task with the key, without its dependencies; plan.NotFound
// if there is none.
func (tx *Tx) Task(k plan.Key) (plan.Task, error) { return tx.task(k, "") }

// LockTask is Task, and keeps others from changing it until the transaction ends.
func (tx *Tx) LockTask(k plan.Key) (plan.Task, error) { return tx.task(k, tx.engine.ForUpdate) }

func (tx *Tx) task(k plan.Key, lock string) (plan.Task, error) {
	t, err := db.One(tx.Tx, taskByKey.And(lock), taskFields, keyText{&k})
	derive(&t)
	return t, tx.missing(k, err)
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
	if t.Resolution == "" {
		t.Resolution = t.DefaultResolution()
	}
	t.FeatureKey, t.EpicKey = t.Key.FeatureKey(), t.Key.EpicKey()
	t.Fence = 0
	if t.Status == plan.InProgress && (t.LeaseUntil != nil || t.AssignedAgent != "" && t.LeaseSeconds > 0) { // of a past moment, the end may not be known
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

// SaveTask writes what of t differs from before, raises its version, and
// records that with what h says besides: the notes, and a change beside the
// row. It is a conflict if t was changed since before was read.
func (tx *Tx) SaveTask(before plan.Task, t *plan.Task, h plan.History) error {
	h, err := tx.Stamped(h, t.Key, before.UpdatedAt)
	if err != nil {
		return err
	}
	h, former := t.Append(before, h)
	group, fields := groupOf(before, *t, h)
	if err := tx.PutTexts(t.Key, former); err != nil {
		return err
	}
	if err := tx.reindex(t, h); err != nil {
		return err
	}
	if fields {
		if err := tx.saveFieldValues(before, *t); err != nil {
			return err
		}
	}
	tx.tallyTask(before, -1)
	tx.tallyTask(*t, +1)
	if err := tx.saveColumns(before.Version, t, group); err != nil {
		return err
	}
	derive(t)
	return tx.insertTaskHistory(t.ID, h)
}

// saveColumns writes the columns of a group, and those that any change may
// write. An update touches every index on a column it names, changed or not: so
// it names no others.
func (tx *Tx) saveColumns(version int64, t *plan.Task, g taskGroup) error {
	name := "task.touch"
	switch {
	case g.staged:
		name = "task.save_stage"
	case g.moved:
		name = "task.save_status"
	case g.planned:
		name = "task.save_schedule"
	case g.edited:
		name = "task.save_fields"
	}
	t.LeaseDigest = t.DigestLease()
	set := newAssignments(t.ID, version)
	for _, c := range savedColumns(t, g) {
		set.to(c.name, c.value)
	}
	n, err := tx.Exec(db.Named(name, "update tasks set "+set.text.String()+"version = version + 1 where id = $1 and version = $2"), set.args...)
	return saved(t.Key, n, err)
}

// assignments are columns of an update with their values.
type assignments struct {
	text strings.Builder
	args []any
}

func newAssignments(args ...any) *assignments { return &assignments{args: args} }

func (a *assignments) to(column string, value any) *assignments {
	a.args = append(a.args, value)
	a.text.WriteString(column + " = $" + strconv.Itoa(len(a.args)) + ", ")
	return a
}

// Renew moves the end of the lease of t, which is no change of the task: its
// version stays and nothing is recorded.
func (tx *Tx) Renew(t *plan.Task) error {
	t.LeaseDigest = t.DigestLease()
	n, err := tx.Exec(taskRenew, t.ID, t.LastFence, db.NullStamp(&t.LeaseUntil), t.LeaseSeconds, db.Text(&t.LeaseDigest))
	return saved(t.Key, n, err)
}

// DeleteTask removes the task with its notes, labels and dependencies.
func (tx *Tx) DeleteTask(k plan.Key) error {
	gone := plan.Task{Key: k}
	found, err := tx.ScanOne(taskDelete, []any{&gone.Status, db.Flag(&gone.Offered), &gone.OpenDependencies, db.Flag(&gone.Deferred), db.NullStamp(&gone.CompletedAt)}, k.Ordinal())
	if found {
		tx.tallyTask(gone, -1)
	}
	if err == nil {
		err = tx.deleteRange(k, underNotes, levelUnder, linksUnder, linksOnto, labelsUnder, refsUnder, fieldsUnder)
	}
	return err
}

// OfferTasks brings up to date, after a change of an epic's or a feature's
// status, which of the tasks under it are offered as work; of a task, whether it is.
func (tx *Tx) OfferTasks(under plan.Key) error {
	first, last := under.Range()
	above := first
	if under.Level() == plan.LevelTask {
		above = under.FeatureKey().Ordinal()
	}
	return tx.inSteps(first, last, func(first, last int64) error {
		return tx.countAnew(taskOffer, func(t *plan.Task) { t.Offered = !t.Offered }, first, last, above)
	})
}

// CountTasks counts the tasks under k as progress does: in one query, from
// the tasks themselves.
func (tx *Tx) CountTasks(k plan.Key) (s Sums, err error) {
	first, last := k.Range()
	_, err = tx.ScanOne(taskCounts, s.fields(), first, last)
	return s, err
}
