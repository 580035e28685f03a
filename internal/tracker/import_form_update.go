package tracker

import (
	"slices"

	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// update takes over what changed in the source, field by field: what leads to other
// items later, once these are there.
func (i *formImport) update(item *form.Item, k plan.Key, take taken, moved counts) error {
	changed := take.fields
	if k.Level() != plan.LevelTask && (changed["status"] || changed["defer"]) {
		if err := i.tx.LockUnder(k); err != nil {
			return err
		}
	}
	now, err := lockItem(i.tx, k)
	if err != nil {
		return err
	}
	switch {
	case now.Epic != nil:
		now, err = i.updateEpic(item, *now.Epic, changed)
	case now.Feature != nil:
		now, err = i.updateFeature(item, *now.Feature, changed)
	default:
		now, err = i.updateTask(item, *now.Task, changed, moved)
	}
	if err == nil && changed["labels"] {
		there := now.labels()
		now, err = relabel(i.tx, now, plan.MissingLabels(there, item.Labels), plan.MissingLabels(item.Labels, there))
	}
	if err == nil && changed["depends_on"] {
		now, err = loosen(i.tx, now, i.needs(item))
	}
	if err == nil && changed[formerName] {
		now, err = i.rename(item, now)
	}
	for _, n := range take.notes {
		if err != nil {
			return err
		}
		n.Key, n.N = k, *now.lastNote()+1
		now, err = saveItem(i.tx, now, plan.History{Change: plan.Change{"note": {nil, n.Change()}}}, func(i Item) { *i.lastNote() = n.N })
		err = firstError(err, i.tx.PutNote(n))
	}
	if err != nil {
		return err
	}
	if l := (later{item: i.in.Outline.Items[item.N], parent: take.parent, needs: changed["depends_on"]}); changed[linksName] || l.needs || !l.parent.IsZero() {
		if changed[linksName] {
			l.links = take.links
		}
		i.later = append(i.later, l)
		return nil
	}
	return i.updated(item, now)
}

// given returns a pointer to a value if its field changed.
func given[T any](changed map[string]bool, name string, v T) *T {
	if !changed[name] {
		return nil
	}
	return &v
}

func (i *formImport) updateEpic(item *form.Item, there plan.Epic, changed map[string]bool) (Item, error) {
	e := i.epicOf(item)
	out, err := updateEpic(i.tx, there, UpdateEpic{Title: given(changed, "title", e.Title), Description: given(changed, "description", e.Description),
		Status: given(changed, "status", string(e.Status)), Priority: given(changed, "priority", string(e.Priority)), BusinessValue: given(changed, "business_value", string(e.BusinessValue)), Due: given(changed, "due", string(e.Due)), Defer: given(changed, "defer", string(e.Defer)), Fields: i.givenFields(item, changed)})
	return Item{Epic: &out.Epic}, err
}

func (i *formImport) updateFeature(item *form.Item, there plan.Feature, changed map[string]bool) (Item, error) {
	f := i.featureOf(item)
	out, err := updateFeature(i.tx, there, UpdateFeature{Title: given(changed, "title", f.Title), Description: given(changed, "description", f.Description),
		Status: given(changed, "status", string(f.Status)), Due: given(changed, "due", string(f.Due)), Defer: given(changed, "defer", string(f.Defer)), Fields: i.givenFields(item, changed)})
	return Item{Feature: &out.Feature}, err
}

func (i *formImport) updateTask(item *form.Item, there plan.Task, changed map[string]bool, moved counts) (Item, error) {
	at, err := i.tx.At()
	if err != nil {
		return Item{}, err
	}
	now, err := keptNow(i.tx)
	if err != nil {
		return Item{}, err
	}
	from, t := i.taskOf(item, at), there
	t.Labels, t.Refs, t.DependsOn, t.Checks = slices.Clone(there.Labels), slices.Clone(there.Refs), slices.Clone(there.DependsOn), slices.Clone(there.Checks)
	err = updateTask(i.tx, &t, UpdateTask{Title: given(changed, "title", from.Title), Description: given(changed, "description", from.Description),
		Priority: given(changed, "priority", from.Priority), Kind: given(changed, "kind", from.Kind), AgentType: given(changed, "agent_type", from.AgentType), Stage: given(changed, "stage", from.Stage), Repeat: given(changed, "repeat", from.Repeat), Due: given(changed, "due", string(from.Due)),
		Assignee: given(changed, "assignee", from.Assignee), Defer: given(changed, "defer", string(from.Defer)),
		Estimate: given(changed, "estimate", typedEstimate(from.Estimate)), Fields: i.givenFields(item, changed)}, now, moved)
	if err != nil {
		return Item{}, err
	}
	if changed["checks"] {
		before := t
		t.Checks = recheck(&t, from.Checks)
		if err := i.tx.SaveTask(before, &t, plan.History{}); err != nil {
			return Item{}, err
		}
	}
	if changed["status"] || changed["resolution"] || changed["blocked_reason"] || changed["completed_at"] {
		before := t
		if before.Status != from.Status {
			enter(&t, from.Status, "", from.BlockedReason, plan.ActorOf(i.ctx), at, now)
		}
		t.BlockedReason, t.Resolution = from.BlockedReason, from.Resolution
		if from.Done() {
			t.CompletedAt, t.AssignedAgent = from.CompletedAt, before.AssignedAgent
		}
		if err := saveMove(i.tx, before, &t, plan.History{}, moved); err != nil {
			return Item{}, err
		}
	}
	return Item{Task: &t}, nil
}

func typedEstimate(e plan.Estimate) plan.Typed {
	if e == 0 {
		return ""
	}
	return plan.Typed(e.String())
}

// recheck returns the checklist of the source: lines that are there keep their
// numbers, and who ticked them.
func recheck(t *plan.Task, from []plan.Check) (out []plan.Check) {
	there := slices.Clone(t.Checks)
	for _, c := range from {
		n := slices.IndexFunc(there, func(was plan.Check) bool { return was.Text == c.Text })
		if n < 0 {
			t.LastCheck++
			c.N = t.LastCheck
		} else {
			was := there[n]
			there = slices.Delete(there, n, n+1)
			if c.N = was.N; was.Done && c.Done {
				c = was
			}
		}
		out = append(out, c)
	}
	return out
}
