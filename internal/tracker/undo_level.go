package tracker

import (
	"maps"
	"slices"
	"strings"

	"pm/internal/plan"
)

// levels takes back what the operation changed of features, and then of epics.
func (u *undoing) levels() error {
	for _, level := range []plan.Level{plan.LevelFeature, plan.LevelEpic} {
		for _, i := range u.items {
			if i.key.Level() != level || i.key.IsZero() || !i.mine() {
				continue
			}
			item, err := lockItem(u.tx, i.key)
			if kindOf(err) == plan.NotFound {
				err = u.missing(i)
				if err == nil {
					continue
				}
			}
			if err == nil {
				err = u.level(i, item)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// level takes back what the operation changed of a feature or an epic.
func (u *undoing) level(i *undoneItem, item Item) error {
	_, status, head, _ := item.record()
	if err := u.readLater(i, head); err != nil {
		return err
	}
	back, err := u.fields(i)
	if err != nil {
		return err
	}
	switch {
	case i.net.Old == i.net.New || status == i.net.Old:
	case status != i.net.New:
		u.conflict(i, "status")
	default:
		status = i.net.Old
	}
	notes, err := u.notes(i)
	if err != nil {
		return err
	}
	h := plan.History{Key: i.key, OldStatus: status, Change: back}
	if item.Feature != nil {
		err = u.feature(i, *item.Feature, h, notes)
	} else {
		err = u.epic(i, *item.Epic, h, notes)
	}
	return err
}

// noted returns the record with the first of the notes, and the others.
func noted(notes [][2]any) (h plan.History, rest [][2]any) {
	h.Change = plan.Change{}
	if len(notes) > 0 {
		h.Change["note"], notes = notes[0], notes[1:]
	}
	return h, notes
}

func (u *undoing) feature(i *undoneItem, before plan.Feature, back plan.History, notes [][2]any) (err error) {
	f := before
	var failed error
	f.TakeBack(back, u.former(i.key, &failed))
	f.Version = before.Version
	if failed != nil {
		return failed
	}
	if f.DeferFrom, err = u.begin(f.Defer, before.Defer, before.DeferFrom); err != nil {
		return err
	}
	h, notes := noted(notes)
	if f.Status == before.Status && len(f.Since(before)) == 0 && len(h.Change) == 0 {
		return nil
	}
	if err := u.tx.SaveFeature(before, &f, h); err != nil {
		return err
	}
	for _, v := range notes {
		saved := f
		if err := u.tx.SaveFeature(saved, &f, plan.History{Change: plan.Change{"note": v}}); err != nil {
			return err
		}
	}
	return u.followed(i.key, before.Status, f.Status, before.DeferFrom, f.DeferFrom, tally{Total: f.TasksTotal, Completed: f.TasksCompleted})
}

func (u *undoing) epic(i *undoneItem, before plan.Epic, back plan.History, notes [][2]any) (err error) {
	e := before
	var failed error
	e.TakeBack(back, u.former(i.key, &failed))
	e.Version = before.Version
	if failed != nil {
		return failed
	}
	if e.DeferFrom, err = u.begin(e.Defer, before.Defer, before.DeferFrom); err != nil {
		return err
	}
	h, notes := noted(notes)
	if e.Status == before.Status && len(e.Since(before)) == 0 && len(h.Change) == 0 {
		return nil
	}
	if err := u.tx.SaveEpic(before, &e, h); err != nil {
		return err
	}
	for _, v := range notes {
		saved := e
		if err := u.tx.SaveEpic(saved, &e, plan.History{Change: plan.Change{"note": v}}); err != nil {
			return err
		}
	}
	return u.followed(i.key, before.Status, e.Status, before.DeferFrom, e.DeferFrom, tally{Total: e.TasksTotal, Completed: e.TasksCompleted})
}

// followed does what follows for tasks from a change of a feature or an epic.
func (u *undoing) followed(k plan.Key, before, after plan.PlanStatus, from, to plan.Date, tasks tally) error {
	if err := deferChanged(u.tx, k, from, to, tasks.Total); err != nil {
		return err
	}
	warnings, err := closing(u.tx, k, before, after, tasks)
	u.warnings = append(u.warnings, warnings...)
	return err
}

// declare takes back what the operation changed of the project itself, but not
// yet what it declared: values of that may be there.
func (u *undoing) declare() error { return u.projectBack(false) }

// project takes back what the operation declared, and its notes.
func (u *undoing) project() error { return u.projectBack(true) }

func (u *undoing) projectBack(removing bool) error {
	i := u.at[plan.Key{}]
	if i == nil {
		return nil
	}
	before, err := u.tx.LockProject()
	if err != nil {
		return err
	}
	if err := u.readLater(i, before.HistoryHash); err != nil {
		return err
	}
	back, err := u.fields(i)
	if err != nil {
		return err
	}
	for _, f := range slices.Sorted(maps.Keys(back)) {
		v := back[f]
		removes := v[0] == nil
		if removes != removing {
			delete(back, f)
			continue
		}
		if err := u.canDeclare(f, v[0]); err != nil {
			delete(back, f)
			if err := u.tried(err, i, f); err != nil {
				return err
			}
		}
	}
	var notes [][2]any
	if removing {
		if notes, err = u.notes(i); err != nil {
			return err
		}
	}
	return u.saveProject(i, before, back, notes)
}

// canDeclare refuses to take a field away that items have a value of, or to
// change its choices so that a value is none, and to take away a stage with
// open tasks.
func (u *undoing) canDeclare(field string, value any) error {
	if name, is := strings.CutPrefix(field, string(plan.StageDefinition)+"."); is && value == nil {
		counts, err := u.tx.StageCounts()
		if err == nil && counts[name].Open > 0 {
			err = plan.Errorf(plan.Refused, "open tasks are in the stage %s", name)
		}
		return err
	}
	name, is := strings.CutPrefix(field, string(plan.FieldDefinition)+".")
	if !is {
		return nil
	}
	if err := u.tx.LockField(name); err != nil {
		return err
	}
	keys, err := u.tx.HasField(name)
	if err != nil || len(keys) == 0 {
		return err
	}
	if value == nil {
		return plan.Errorf(plan.Refused, "%s a value of the field %s", whoHas(keys), name)
	}
	body, _ := value.(string)
	f, err := plan.ReadCustomField(plan.Definition{Kind: plan.FieldDefinition, Name: name, Body: body})
	return firstError(err, valuesFit(u.tx, f, "change it first"))
}

func (u *undoing) saveProject(i *undoneItem, before plan.Project, back plan.Change, notes [][2]any) error {
	p := before
	var failed error
	p.TakeBack(plan.History{Change: back}, u.former(i.key, &failed))
	p.Version = before.Version
	h, notes := noted(notes)
	if failed != nil || len(back) == 0 && len(h.Change) == 0 {
		return failed
	}
	if err := u.tx.SaveProject(before, &p, h); err != nil {
		return err
	}
	for _, v := range notes {
		saved := p
		if err := u.tx.SaveProject(saved, &p, plan.History{Change: plan.Change{"note": v}}); err != nil {
			return err
		}
	}
	for f := range back {
		if f == string(plan.SettingDefinition)+"."+plan.TimeZone {
			if err := deferAnew(u.tx); err != nil {
				return err
			}
		}
	}
	return nil
}
