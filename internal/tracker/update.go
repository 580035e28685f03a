package tracker

import (
	"context"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// UpdateEpic is the input of Tracker.UpdateEpic.
type UpdateEpic struct {
	Key           string      `json:"key" jsonschema:"key of the epic" arg:"key"`
	Title         *string     `json:"title,omitempty" jsonschema:"new title"`
	Description   *string     `json:"description,omitempty" jsonschema:"new description, Markdown" short:"d"`
	Status        *string     `json:"status,omitempty" jsonschema:"draft, active, completed or archived"`
	Priority      *string     `json:"priority,omitempty" jsonschema:"high, medium or low" short:"p"`
	BusinessValue *string     `json:"business_value,omitempty" jsonschema:"high, medium or low; empty for none"`
	Fields        plan.Fields `json:"fields,omitempty" jsonschema:"custom fields, such as severity=high; an empty value clears one" flag:"set"`
	Due           *string     `json:"due,omitempty" jsonschema:"due date, a day or a time: 2026-12-01, fri, +7d, 2026-12-01T15:00; empty for none"`
	Defer         *string     `json:"defer,omitempty" jsonschema:"defer until this day or time: 2026-12-01, mon, +7d, 2026-12-01T15:00; empty for none"`
	IfVersion     *int64      `json:"if_version,omitempty" jsonschema:"change it only if it is still at this version"`
}

// UpdateEpic changes the fields that are given.
func (t *Tracker) UpdateEpic(ctx context.Context, in UpdateEpic) (SavedEpic, error) {
	key, err := keyAt(plan.LevelEpic, in.Key)
	if err != nil {
		return SavedEpic{}, err
	}
	return write(ctx, t, call{"epic update", in}, func(tx *store.Tx) (out SavedEpic, err error) {
		if _, err := nowIf(tx, in.Due != nil || in.Defer != nil); err != nil { // first, as everybody locks the time zone
			return out, err
		}
		if err := lockForChange(tx, key, in.Status, in.Defer); err != nil {
			return out, err
		}
		e, err := tx.LockEpic(key)
		if err := firstError(err, checkVersion(key, e.Version, in.IfVersion)); err != nil {
			return out, err
		}
		return updateEpic(tx, e, in)
	})
}

// updateEpic changes the fields of a locked epic that are given. What lies
// under it is locked, too, if its status may change.
func updateEpic(tx *store.Tx, e plan.Epic, in UpdateEpic) (out SavedEpic, err error) {
	before := e
	now, err := nowIf(tx, in.Due != nil || in.Defer != nil)
	if err := firstError(
		err,
		set(&e.Title, in.Title, same), plan.CheckTitle(e.Title),
		set(&e.Description, in.Description, same), plan.CheckText("description", e.Description),
		set(&e.Status, in.Status, plan.ParsePlanStatus),
		set(&e.Priority, in.Priority, grade("priority")),
		set(&e.BusinessValue, in.BusinessValue, orEmpty(grade("business value"))),
		setFields(tx, plan.LevelEpic, &e.Fields, in.Fields),
		set(&e.Due, in.Due, parseDate("due date", now)),
		setDefer(&e.Defer, &e.DeferFrom, in.Defer, now),
	); err != nil {
		return out, err
	}
	if e.Status == before.Status && len(e.Since(before)) == 0 {
		return SavedEpic{Epic: e}, nil
	}
	if err := tx.SaveEpic(before, &e, plan.History{}); err != nil {
		return out, err
	}
	if err := deferChanged(tx, e.Key, before.DeferFrom, e.DeferFrom, e.TasksTotal); err != nil {
		return out, err
	}
	out.Epic = e
	out.Warnings, err = closing(tx, e.Key, before.Status, e.Status, tally{Total: e.TasksTotal, Completed: e.TasksCompleted})
	return out, err
}

// UpdateFeature is the input of Tracker.UpdateFeature.
type UpdateFeature struct {
	Key         string      `json:"key" jsonschema:"key of the feature" arg:"key"`
	Title       *string     `json:"title,omitempty" jsonschema:"new title"`
	Description *string     `json:"description,omitempty" jsonschema:"new description, Markdown" short:"d"`
	Status      *string     `json:"status,omitempty" jsonschema:"draft, active, completed or archived"`
	Fields      plan.Fields `json:"fields,omitempty" jsonschema:"custom fields, such as severity=high; an empty value clears one" flag:"set"`
	Due         *string     `json:"due,omitempty" jsonschema:"due date, a day or a time: 2026-12-01, fri, +7d, 2026-12-01T15:00; empty for none"`
	Defer       *string     `json:"defer,omitempty" jsonschema:"defer until this day or time: 2026-12-01, mon, +7d, 2026-12-01T15:00; empty for none"`
	IfVersion   *int64      `json:"if_version,omitempty" jsonschema:"change it only if it is still at this version"`
}

// UpdateFeature changes the fields that are given.
func (t *Tracker) UpdateFeature(ctx context.Context, in UpdateFeature) (SavedFeature, error) {
	key, err := keyAt(plan.LevelFeature, in.Key)
	if err != nil {
		return SavedFeature{}, err
	}
	return write(ctx, t, call{"feature update", in}, func(tx *store.Tx) (out SavedFeature, err error) {
		if _, err := nowIf(tx, in.Due != nil || in.Defer != nil); err != nil { // first, as everybody locks the time zone
			return out, err
		}
		if err := lockForChange(tx, key, in.Status, in.Defer); err != nil {
			return out, err
		}
		f, err := tx.LockFeature(key)
		if err := firstError(err, checkVersion(key, f.Version, in.IfVersion)); err != nil {
			return out, err
		}
		return updateFeature(tx, f, in)
	})
}

// updateFeature is updateEpic for a feature.
func updateFeature(tx *store.Tx, f plan.Feature, in UpdateFeature) (out SavedFeature, err error) {
	before := f
	now, err := nowIf(tx, in.Due != nil || in.Defer != nil)
	if err := firstError(
		err,
		set(&f.Title, in.Title, same), plan.CheckTitle(f.Title),
		set(&f.Description, in.Description, same), plan.CheckText("description", f.Description),
		set(&f.Status, in.Status, plan.ParsePlanStatus),
		setFields(tx, plan.LevelFeature, &f.Fields, in.Fields),
		set(&f.Due, in.Due, parseDate("due date", now)),
		setDefer(&f.Defer, &f.DeferFrom, in.Defer, now),
	); err != nil {
		return out, err
	}
	if f.Status == before.Status && len(f.Since(before)) == 0 {
		return SavedFeature{Feature: f}, nil
	}
	if err := tx.SaveFeature(before, &f, plan.History{}); err != nil {
		return out, err
	}
	if err := deferChanged(tx, f.Key, before.DeferFrom, f.DeferFrom, f.TasksTotal); err != nil {
		return out, err
	}
	out.Feature = f
	out.Warnings, err = closing(tx, f.Key, before.Status, f.Status, tally{Total: f.TasksTotal, Completed: f.TasksCompleted})
	return out, err
}

// lockForChange locks what lies under k before k itself, as everybody does,
// where a change of its status, or of its defer, is going to change the tasks too. Of a feature
// its epic's status decides with its own: one of both changes waits for the
// other at the feature's row.
func lockForChange(tx *store.Tx, k plan.Key, status, deferral *string) error {
	if status == nil && deferral == nil {
		return nil
	}
	return tx.LockUnder(k)
}

// UpdateTask is the input of Tracker.UpdateTask.
type UpdateTask struct {
	Keys        []string    `json:"keys" jsonschema:"keys of the tasks" arg:"key"`
	Title       *string     `json:"title,omitempty" jsonschema:"new title"`
	Description *string     `json:"description,omitempty" jsonschema:"new description, Markdown" short:"d"`
	Priority    *int        `json:"priority,omitempty" jsonschema:"1 (most urgent) to 10 (least)" short:"p"`
	AgentType   *string     `json:"agent_type,omitempty" jsonschema:"the type of agent it needs; empty for any" short:"t"`
	FilePath    *string     `json:"file_path,omitempty" jsonschema:"a project file that the task is about"`
	Kind        *string     `json:"kind,omitempty" jsonschema:"kind of task: bug, chore, spike or any word; empty for the default, task"`
	Stage       *string     `json:"stage,omitempty" jsonschema:"the stage to put it in; its status and holder stay the same; empty for none"`
	Fields      plan.Fields `json:"fields,omitempty" jsonschema:"custom fields, such as severity=high; an empty value clears one" flag:"set"`
	Due         *string     `json:"due,omitempty" jsonschema:"due date, a day or a time: 2026-12-01, fri, +7d, 2026-12-01T15:00; empty for none"`
	Assignee    *string     `json:"assignee,omitempty" jsonschema:"the agent to assign it to: pm next offers it to nobody else; empty for anyone"`
	Defer       *string     `json:"defer,omitempty" jsonschema:"defer until this day or time: 2026-12-01, mon, +7d, 2026-12-01T15:00; empty for none"`
	Estimate    *plan.Typed `json:"estimate,omitempty" jsonschema:"estimate, in hours unless the project uses another unit: 2.5, 90m; empty for none"`
	Repeat      *string     `json:"repeat,omitempty" jsonschema:"how often it repeats after it is completed: daily, weekly, every 2 weeks on mon,thu, monthly, yearly, or an RRULE; empty for never"`
	IfVersion   *int64      `json:"if_version,omitempty" jsonschema:"change it only if it is still at this version"`
}

// UpdateTask changes the fields that are given, of all tasks or of none.
// Changes of different fields never undo each other.
func (t *Tracker) UpdateTask(ctx context.Context, in UpdateTask) (Changed, error) {
	keys, err := taskKeys(in.Keys)
	if err := firstError(err, oneVersion(in.IfVersion, keys)); err != nil {
		return Changed{}, err
	}
	return write(ctx, t, call{"task update", in}, func(tx *store.Tx) (Changed, error) {
		now, err := nowIf(tx, in.Due != nil || in.Defer != nil)
		if err != nil {
			return Changed{}, err
		}
		moved := counts{}
		out, err := changeEach(tx, keys, func(task *plan.Task) error { return updateTask(tx, task, in, now, moved) })
		if err != nil {
			return out, err
		}
		return out, moved.flush(tx)
	})
}

func updateTask(tx *store.Tx, task *plan.Task, in UpdateTask, now time.Time, moved counts) error {
	if err := checkVersion(task.Key, task.Version, in.IfVersion); err != nil {
		return err
	}
	before := *task
	if err := firstError(
		set(&task.Title, in.Title, same),
		set(&task.Description, in.Description, same),
		set(&task.Priority, in.Priority, sameInt),
		set(&task.AgentType, in.AgentType, plan.ParseTrade),
		set(&task.FilePath, in.FilePath, same),
		set(&task.Kind, in.Kind, parseKind),
		set(&task.Stage, in.Stage, parseStage(tx)),
		set(&task.Due, in.Due, parseDate("due date", now)),
		set(&task.Estimate, in.Estimate, parseEstimate(tx)),
		setFields(tx, plan.LevelTask, &task.Fields, in.Fields),
		set(&task.Assignee, in.Assignee, same),
		set(&task.Repeat, in.Repeat, parseRepeat),
		setDefer(&task.Defer, &task.DeferFrom, in.Defer, now),
		plan.CheckTask(*task),
	); err != nil {
		return err
	}
	if len(task.Since(before)) == 0 {
		return nil
	}
	if task.Stage != before.Stage && task.Stage != "" && task.Status == plan.InProgress {
		if err := roomFor(tx, *task); err != nil {
			return err
		}
	}
	if task.DeferFrom != before.DeferFrom {
		if err := deferTask(tx, task); err != nil {
			return err
		}
	}
	if err := renewHeld(tx, task); err != nil {
		return err
	}
	moved.add(before, *task)
	return tx.SaveTask(before, task, plan.History{})
}

// set parses a value into its place if it is given.
func set[T, In any](into *T, given *In, parse func(In) (T, error)) error {
	if given == nil {
		return nil
	}
	v, err := parse(*given)
	if err == nil {
		*into = v
	}
	return err
}

func same(s string) (string, error) { return s, nil }
func sameInt(n int) (int, error)    { return n, nil }

func orEmpty[T ~string](parse func(string) (T, error)) func(string) (T, error) {
	return func(s string) (T, error) {
		if s == "" {
			return "", nil
		}
		return parse(s)
	}
}
