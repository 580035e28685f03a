package tracker

import (
	"maps"
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// mine reports whether the fields of an item are to be taken back: not those of
// what was created, which goes as a whole, or was only deleted or brought back,
// which comes and goes as one.
func (i *undoneItem) mine() bool {
	return !i.gone && !i.net.Created && (!i.net.Deleted && !i.net.Returned || i.changed) && !(i.net.Old == "" && i.net.New == "" && !i.key.IsZero())
}

// lock keeps others from changing what the operation changed, in the order in
// which everybody locks it: tasks, with those that wait for them where they are
// done or no more; then what lies under epics and features whose status changes.
func (u *undoing) lock() error {
	var tasks []plan.Key
	done := false
	for _, i := range u.items {
		if i.key.Level() == plan.LevelTask {
			tasks = append(tasks, i.key)
			done = done || isDone(i.net.Old) != isDone(i.net.New)
		}
	}
	slices.SortFunc(tasks, plan.Key.Compare)
	if done {
		if _, err := u.tx.LockWithDependants(tasks); err != nil {
			return err
		}
	} else if err := u.tx.LockTasks(tasks); err != nil {
		return err
	}
	for _, i := range u.byLevel() {
		_, deferred := i.net.Columns["defer"]
		if i.key.Level() == plan.LevelTask || i.key.IsZero() || !i.mine() || i.net.Old == i.net.New && !deferred {
			continue
		}
		if err := u.tx.LockUnder(i.key); err != nil {
			return err
		}
	}
	return nil
}

func isDone(status string) bool {
	return plan.Task{Status: plan.TaskStatus(status)}.Done()
}

// tasks takes back what the operation changed of tasks.
func (u *undoing) tasks() error {
	var keys []plan.Key
	for _, i := range u.items {
		if i.key.Level() == plan.LevelTask && i.mine() {
			keys = append(keys, i.key)
		}
	}
	slices.SortFunc(keys, plan.Key.Compare)
	rows, err := u.tx.TasksOf(keys)
	if err != nil {
		return err
	}
	there := make(map[plan.Key]plan.Task, len(rows))
	for _, t := range rows {
		there[t.Key] = t
	}
	progress, n := u.tx.Announce(len(keys)), 0
	var changes []store.TaskChange
	for _, i := range u.items {
		if i.key.Level() != plan.LevelTask || !i.mine() {
			continue
		}
		row, found := there[i.key]
		if !found {
			if err := u.missing(i); err != nil {
				return err
			}
			continue
		}
		if err := u.task(i, row, &changes); err != nil {
			return err
		}
		n++
		progress(n)
	}
	return u.saveTasks(changes)
}

// saveTasks saves tasks, and what follows for those that wait for them.
func (u *undoing) saveTasks(changes []store.TaskChange) error {
	for from := 0; from < len(changes); from += manyChanges {
		if err := u.tx.SaveTasks(changes[from:min(from+manyChanges, len(changes))]); err != nil {
			return err
		}
	}
	for _, c := range changes {
		u.moved.add(c.Before, *c.After)
		n := 0
		switch {
		case c.After.Done() && !c.Before.Done():
			n = -1
		case c.Before.Done() && !c.After.Done():
			n = +1
		default:
			continue
		}
		if err := openToDependants(u.tx, *c.After, n); err != nil {
			return err
		}
	}
	return nil
}

// manyChanges is how many tasks are saved together.
const manyChanges = 1000

// task works out what a task becomes.
func (u *undoing) task(i *undoneItem, row plan.Task, changes *[]store.TaskChange) error {
	if err := u.readLater(i, row.HistoryHash); err != nil {
		return err
	}
	back, err := u.fields(i)
	if err != nil {
		return err
	}
	after := row
	if err := u.takeBackTask(i, row, &after, back); err != nil {
		return err
	}
	if after.Stage != row.Stage && after.Stage != "" {
		if err := u.tx.EnterStage(after.Stage); err != nil {
			if err := u.tried(err, i, "stage"); err != nil {
				return err
			}
			after.Stage = row.Stage
		}
	}
	if after.DeferFrom, err = u.begin(after.Defer, row.Defer, row.DeferFrom); err != nil {
		return err
	}
	if after.DeferFrom != row.DeferFrom {
		if err := deferTask(u.tx, &after); err != nil {
			return err
		}
	}
	notes, err := u.notes(i)
	if err != nil {
		return err
	}
	h, notes := noted(notes)
	if after.Status == row.Status && len(after.Since(row)) == 0 && len(h.Change) == 0 {
		return nil
	}
	if after.Status == row.Status {
		if err := renewHeld(u.tx, &after); err != nil {
			return err
		}
	}
	if len(notes) == 0 {
		*changes = append(*changes, store.TaskChange{Before: row, After: &after, Record: h})
		return nil
	}
	// Each record is of one note: what has several is saved by itself.
	if err := u.saveTasks([]store.TaskChange{{Before: row, After: &after, Record: h}}); err != nil {
		return err
	}
	for _, v := range notes {
		item, err := lockRow(u.tx, i.key)
		if err != nil {
			return err
		}
		if err := u.tx.SaveTask(*item.Task, item.Task, plan.History{Change: plan.Change{"note": v}}); err != nil {
			return err
		}
	}
	return nil
}

// takeBackTask sets the fields of a task that are taken back. What makes up its
// status goes together.
func (u *undoing) takeBackTask(i *undoneItem, row plan.Task, after *plan.Task, back plan.Change) error {
	status := row.Status
	switch {
	case i.net.Old != i.net.New:
		status = u.status(i, row, back)
	case u.released(i, row, back):
		status = plan.Todo
	}
	order, err := u.checkOrder(i, back)
	if err != nil {
		return err
	}
	var failed error
	after.TakeBack(plan.History{Key: i.key, OldStatus: string(status), Change: back}, u.former(i.key, &failed), order)
	after.Version, after.LastCheck, after.LastFence = row.Version, max(row.LastCheck, after.LastCheck), row.LastFence
	if after.Status != row.Status {
		held := after.AssignedAgent != ""
		after.LeaseUntil = nil
		switch after.Status {
		case plan.Todo:
			after.AssignedAgent, after.Session, after.StartedAt = "", "", nil
		case plan.InProgress: // nobody's
			after.AssignedAgent, after.Session = "", ""
			if held {
				u.notHandedBack(i.key, plan.InProgress, "is in progress without a holder")
			}
		}
	}
	if after.Resolution == "" {
		after.Resolution = after.DefaultResolution()
	}
	return failed
}

// mostNotHanded is of how many tasks an undo says that they were not handed back.
const mostNotHanded = 5

// notHandedBack notes that a task has no holder: a claim is not handed back.
func (u *undoing) notHandedBack(k plan.Key, status plan.TaskStatus, how string) {
	u.unheld = append(slices.DeleteFunc(u.unheld, func(n unheld) bool { return n.key == k }), unheld{k, status, how})
}

// An unheld is a task that was held, and the status that an undo left it in.
type unheld struct {
	key    plan.Key
	status plan.TaskStatus
	how    string
}

// warnOfUnheld warns of tasks that have no holder, unless what was taken back
// after them has changed that.
func (u *undoing) warnOfUnheld() error {
	left := mostNotHanded
	for _, n := range u.unheld {
		task, err := u.tx.Task(n.key)
		switch {
		case kindOf(err) == plan.NotFound:
			continue
		case err != nil:
			return err
		case left > 0 && task.Status == n.status && task.AssignedAgent == "":
			u.warnings = append(u.warnings, warning("not_handed_back", "%s %s: undo does not restore claims", n.key, n.how).hint("claim it: pm claim %s", n.key))
			left--
		}
		if left == 0 {
			break
		}
	}
	return nil
}

// statusFields are what follows the status of a task.
var statusFields = []string{"assigned_agent", "session", "started_at", "completed_at", "blocked_at", "blocked_reason", "blocked_from", "resolution"}

// status returns the status that a task gets whose status the operation
// changed, and leaves in back what goes with it.
func (u *undoing) status(i *undoneItem, row plan.Task, back plan.Change) plan.TaskStatus {
	old, now := plan.TaskStatus(i.net.Old), plan.TaskStatus(i.net.New)
	drop := func() {
		for _, f := range append(statusFields, "fence") {
			delete(back, f)
		}
	}
	fence, claimed := i.net.Columns["fence"]
	switch {
	case row.Status == old:
		drop()
		return old
	case row.Status != now && !(now == plan.InProgress && row.Status == plan.Todo && u.leftByUndo(i)):
		drop()
		u.conflict(i, "status")
		return row.Status
	case claimed && now == plan.InProgress && row.Held() && !plan.SameValue("fence", fence[1], row.LastFence):
		drop()
		u.conflict(i, "assigned_agent")
		return row.Status
	}
	if f := u.changedSince(i); f != "" {
		drop()
		u.conflict(i, f)
		return row.Status
	}
	if old == plan.InProgress && now == plan.Todo && i.net.Columns["assigned_agent"][0] != nil {
		drop()
		u.notHandedBack(i.key, plan.Todo, "stays todo")
		return row.Status
	}
	for _, f := range statusFields {
		if v, is := i.net.Columns[f]; is {
			back[f] = v
		}
	}
	delete(back, "fence")
	return old
}

// leftByUndo reports whether a task has the status that it has because an undo
// did not hand it back: what changed it last is an undo, this one perhaps, or is
// undone.
func (u *undoing) leftByUndo(i *undoneItem) bool {
	h, found := lastOf(i.later, func(h plan.History) bool { return h.OldStatus != h.NewStatus })
	return found && (h.Operation == u.tx.Operation() || u.undoings.Undoes(h.Operation) || u.undoings.By(h.Operation) != "" || u.taking[h.Operation])
}

// changedSince returns the field that goes with the status and that was changed
// since; empty if there is none.
func (u *undoing) changedSince(i *undoneItem) string {
	for _, f := range statusFields {
		v, is := i.net.Columns[f]
		if !is {
			continue
		}
		now := i.since.Now(f, v[1])
		holding := f == "assigned_agent" || f == "session" || f == "started_at"
		if !plan.SameValue(f, now, v[1]) && !(holding && now == nil) { // that nobody holds it any more is no change
			return f
		}
	}
	return ""
}

// released reports whether a task is to be released whose holder the operation
// changed, but not its status.
func (u *undoing) released(i *undoneItem, row plan.Task, back plan.Change) bool {
	fence, claimed := i.net.Columns["fence"]
	delete(back, "fence")
	if !claimed || row.Status != plan.InProgress && plan.TaskStatus(i.net.New) != plan.InProgress {
		return false
	}
	for _, f := range statusFields {
		delete(back, f)
	}
	switch {
	case row.Status == plan.Todo:
		return false
	case row.Status != plan.InProgress:
		u.conflict(i, "status")
		return false
	case row.Held() && !plan.SameValue("fence", fence[1], row.LastFence):
		u.conflict(i, "assigned_agent")
		return false
	}
	return true
}

// fields returns the values of one field each that are taken back, and notes
// the others as conflicts, but those that go with the status, which are left to
// whoever looks at that.
func (u *undoing) fields(i *undoneItem) (plan.Change, error) {
	back := plan.Change{}
	for _, f := range slices.Sorted(maps.Keys(i.net.Columns)) {
		v := i.net.Columns[f]
		now := i.since.Now(f, v[1])
		t, long := plan.AsText(v[0])
		status := i.key.Level() == plan.LevelTask && slices.Contains(append(statusFields, "fence"), f) && (i.net.Old != i.net.New || i.net.Columns["fence"] != [2]any{})
		switch {
		case status:
		case plan.SameValue(f, now, v[0]):
		case !plan.SameValue(f, now, v[1]), long && t.Redacted:
			u.conflict(i, f)
		default:
			back[f] = v
		}
	}
	u.lines(i, back)
	return back, nil
}

// lines adds to what is taken back the lines of a checklist.
func (u *undoing) lines(i *undoneItem, back plan.Change) {
	var old, now []plan.CheckChange
	for _, n := range slices.Sorted(maps.Keys(i.net.Lines)) {
		l := i.net.Lines[n]
		current := l.After
		if since, is := i.since.Lines[n]; is {
			current = since.After
		}
		if (plan.LineNet{After: l.Before, Reworded: l.Reworded, Ticked: l.Ticked}).SameLine(current) {
			continue
		}
		if !l.SameLine(current) {
			u.conflict(i, "checks")
			continue
		}
		if l.Before != nil {
			c := *l.Before
			if !l.Reworded {
				c.Text = nil
			}
			old = append(old, c)
		}
		if l.After != nil {
			now = append(now, *l.After)
		}
	}
	if len(old)+len(now) > 0 {
		back["checks"] = [2]any{old, now}
	}
}

// checkOrder returns the order of the lines of a checklist before the
// operation, if it took some out.
func (u *undoing) checkOrder(i *undoneItem, back plan.Change) ([]int, error) {
	if !plan.RemovesChecks(back) {
		return nil, nil
	}
	all, err := u.tx.ItemHistory(i.key)
	if err != nil {
		return nil, err
	}
	first := slices.IndexFunc(all, func(h plan.History) bool { return h.Hash == i.records[0].Hash })
	item, err := loadItem(u.tx, i.key)
	if err != nil {
		return nil, err
	}
	uid, _, _, _ := item.record()
	r, err := plan.Fold(uid, all[:max(first, 0)])
	return r.CheckOrder(), err
}

// begin returns the moment that a date means, which stays as it is where the
// date does.
func (u *undoing) begin(d, before, from plan.Date) (plan.Date, error) {
	if d == before {
		return from, nil
	}
	now, err := keptNow(u.tx)
	return d.Begin(now.Location()), err
}
