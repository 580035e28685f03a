package tracker

import (
	"fmt"
	"maps"
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// changeParents creates and updates the epics and the features.
func (a *applier) changeParents() error {
	for _, p := range a.items {
		var err error
		switch {
		case p.level == plan.LevelTask:
		case p.found:
			err = a.updateParent(p)
		default:
			err = a.createParent(p)
		}
		if err != nil {
			return p.fail(err)
		}
	}
	return nil
}

func (a *applier) createParent(p *planned) error {
	refs, err := p.refs(a.scope)
	if err != nil {
		return err
	}
	p.fresh = true
	if p.epic != nil {
		e, err := newEpic(p.epic.Create, a.local)
		if e.Refs = refs; err == nil {
			e, err = insertEpic(a.tx, e)
		}
		p.now = e.Key
		return p.created(a, Item{Epic: &e}, err)
	}
	in := p.feat.Create
	in.Epic = a.parentOf(p).String()
	epic, f, err := newFeature(in, a.local)
	if f.Refs = refs; err != nil {
		return err
	}
	out, err := insertFeature(a.tx, epic, f)
	p.now, a.out.Warnings = out.Key, append(a.out.Warnings, out.Warnings...)
	return p.created(a, Item{Feature: &out.Feature}, err)
}

// created keeps, for a dry run, what a new item is.
func (p *planned) created(a *applier, item Item, err error) error {
	if err == nil && a.in.DryRun {
		p.change = difference(Item{}, item)
	}
	return err
}

func (a *applier) updateParent(p *planned) error {
	item, labels := p.before, []string(nil)
	if p.epic != nil {
		if err := checkVersion(p.now, item.Epic.Version, p.epic.Update.IfVersion); err != nil {
			return err
		}
		out, err := updateEpic(a.tx, *item.Epic, p.epic.Update)
		if err != nil {
			return err
		}
		item, labels, a.out.Warnings = Item{Epic: &out.Epic}, p.epic.Create.Labels, append(a.out.Warnings, out.Warnings...)
	} else {
		if err := checkVersion(p.now, item.Feature.Version, p.feat.Update.IfVersion); err != nil {
			return err
		}
		out, err := updateFeature(a.tx, *item.Feature, p.feat.Update)
		if err != nil {
			return err
		}
		item, labels, a.out.Warnings = Item{Feature: &out.Feature}, p.feat.Create.Labels, append(a.out.Warnings, out.Warnings...)
	}
	item, err := a.updateBeside(p, item, labels)
	p.change = difference(p.before, item)
	return err
}

// updateBeside brings the labels and the references of an item up to date.
func (a *applier) updateBeside(p *planned, item Item, labels []string) (Item, error) {
	if p.Given["labels"] {
		there, given := *item.labelPlace(), plan.SortLabels(labels)
		var err error
		if item, err = relabel(a.tx, item, plan.MissingLabels(there, given), plan.MissingLabels(given, there)); err != nil {
			return item, err
		}
	}
	refs, err := p.refs(a.scope)
	if err != nil {
		return item, err
	}
	return addRefs(a.tx, item, refs)
}

// addRefs adds those of the references that a locked item does not have.
func addRefs(tx *store.Tx, item Item, refs []string) (Item, error) {
	there := map[string]bool{}
	for _, r := range *item.refPlace() {
		there[plan.FoldRef(r)] = true
	}
	added := slices.DeleteFunc(slices.Clone(refs), func(r string) bool { return there[plan.FoldRef(r)] })
	if len(added) == 0 {
		return item, nil
	}
	now := plan.SortRefs(append(slices.Clone(*item.refPlace()), added...))
	if err := firstError(plan.CheckRefs(now), tx.PutRefs(item.Key(), added)); err != nil {
		return item, err
	}
	return saveItem(tx, item, plan.History{Change: plan.Change{"refs": {nil, listOrNone(added)}}}, func(i Item) { *i.refPlace() = now })
}

// refs returns the references that the plan gives an item, its id among them.
func (p *planned) refs(scope string) ([]string, error) {
	var out []string
	for _, s := range p.Refs {
		ref, err := plan.ParseRef(s)
		if err != nil {
			return nil, err
		}
		out = append(out, ref)
	}
	if p.ID != "" {
		out = append(out, scope+p.ID)
	}
	return plan.SortRefs(out), nil
}

// changeTasks creates and updates the tasks.
func (a *applier) changeTasks() error {
	if err := a.createTasks(); err != nil {
		return err
	}
	a.moved = counts{}
	loose := map[*planned]Item{}
	for _, change := range []func(p *planned) error{
		func(p *planned) (err error) {
			if err = checkVersion(p.now, p.before.Task.Version, p.task.Update.IfVersion); err != nil {
				return err
			}
			if loose[p] = p.before; p.Given["depends_on"] {
				loose[p], err = loosen(a.tx, p.before, a.dependencies(p))
			}
			return err
		},
		func(p *planned) error { return a.updateTask(p, loose[p]) },
	} {
		for _, p := range a.items {
			if p.task == nil || !p.found {
				continue
			}
			if err := change(p); err != nil {
				return p.fail(err)
			}
		}
	}
	return a.moved.flush(a.tx)
}

// createTasks creates the tasks that do not exist, in the order in which they
// depend on each other: what waits is counted when it is added.
func (a *applier) createTasks() error {
	var fresh []*planned
	var tasks []plan.Task
	for _, p := range a.items {
		if p.task == nil || p.found {
			continue
		}
		d, err := a.draft(p, a.parentOf(p), nil)
		if err != nil {
			return p.fail(err)
		}
		fresh, tasks = append(fresh, p), append(tasks, d.task)
	}
	if len(fresh) == 0 {
		return nil
	}
	if i, err := assignKeys(a.tx, tasks); err != nil {
		return fresh[i].fail(err)
	}
	graph, at := map[plan.Key][]plan.Key{}, map[plan.Key]int{}
	for i, p := range fresh {
		p.now, p.fresh = tasks[i].Key, true
		at[p.now] = i
	}
	drafts := make([]draft, len(fresh))
	for i, p := range fresh {
		var err error
		if drafts[i], err = a.draft(p, tasks[i].FeatureKey, a.dependencies(p)); err != nil {
			return p.fail(err)
		}
		links, t := drafts[i].task.Links, &drafts[i].task // which may lead to what has its key only now
		*t = tasks[i]
		t.Links = links
		graph[t.Key] = drafts[i].dependsOn
	}
	if cycle := plan.Cycle(graph); cycle != nil {
		return fresh[at[cycle[0]]].fail(a.cycle(cycle))
	}
	return a.insert(fresh, drafts, at)
}

// draft returns the task that an item of the plan describes.
func (a *applier) draft(p *planned, feature plan.Key, on []plan.Key) (d draft, err error) {
	in := p.task.Create
	in.Feature, in.DependsOn = feature.String(), plan.KeyWords(on)
	if in.DiscoveredFrom != "" {
		if k := a.keyOf(in.DiscoveredFrom); !k.IsZero() { // its own key may yet be to come
			in.DiscoveredFrom = k.String()
		} else {
			in.DiscoveredFrom = ""
		}
	}
	if d, err = newDraft(in, a.local); err == nil {
		d.task, err = d.within(a.tx, a.estimate)
	}
	if err == nil {
		d.task.Refs, err = p.refs(a.scope)
	}
	return d, err
}

// cycle says which items of the plan wait for each other, in its own words.
func (a *applier) cycle(keys []plan.Key) error {
	name := map[plan.Key]string{}
	for _, p := range a.items {
		if name[p.now] = p.ID; p.ID == "" {
			name[p.now] = fmt.Sprintf("%q", p.title)
		}
	}
	words := name[keys[0]]
	for _, k := range keys[1:] {
		words += " -> " + name[k]
	}
	if len(keys) == 2 && keys[0] == keys[1] {
		return selfDependency(keys[0].Level()).WithHint("remove the dependency of %s on itself from the plan", name[keys[0]])
	}
	return plan.Errorf(plan.Refused, "dependency cycle: %s", words).WithCode("cycle").WithHint("remove one of these dependencies from the plan")
}

func (a *applier) insert(fresh []*planned, drafts []draft, at map[plan.Key]int) error {
	bulk, known, progress := a.tx.NewBulk(), map[plan.Key]plan.Task{}, a.tx.Announce(len(fresh))
	for done, i := range inOrderOfNeeds(drafts, at) {
		t := &drafts[i].task
		warnings, err := insertTask(a.tx, bulk, t, drafts[i].dependsOn, known)
		if err != nil {
			return fresh[i].fail(err)
		}
		known[t.Key] = *t
		a.out.Warnings = append(a.out.Warnings, warnings...)
		progress(done + 1)
	}
	tasks := make([]plan.Task, len(fresh))
	for i, p := range fresh {
		tasks[i] = known[p.now]
		p.created(a, Item{Task: &tasks[i]}, nil)
	}
	if err := firstError(bulk.Flush(), addBeside(a.tx, tasks)); err != nil {
		return err
	}
	inactive, err := notOffered(a.tx, tasks)
	a.out.Warnings = append(inactive, a.out.Warnings...)
	return err
}

// inOrderOfNeeds returns the numbers of the drafts, each behind those that it
// depends on. There is no cycle among them.
func inOrderOfNeeds(drafts []draft, at map[plan.Key]int) []int {
	order, seen := make([]int, 0, len(drafts)), make([]bool, len(drafts))
	type step struct{ draft, next int }
	for i := range drafts {
		for stack := []step{{i, 0}}; len(stack) > 0; {
			top := &stack[len(stack)-1]
			if top.next == 0 && seen[top.draft] {
				stack = stack[:len(stack)-1]
				continue
			}
			seen[top.draft] = true
			on := drafts[top.draft].dependsOn
			if top.next == len(on) {
				order = append(order, top.draft)
				stack = stack[:len(stack)-1]
				continue
			}
			j, own := at[on[top.next]]
			if top.next++; own && !seen[j] {
				stack = append(stack, step{j, 0})
			}
		}
	}
	return order
}

// updateTask changes a task of which the plan gives some of what it has now. Its
// version was checked before it was loosened.
func (a *applier) updateTask(p *planned, now Item) error {
	task, update := *now.Task, p.task.Update
	update.IfVersion = nil
	task.Labels, task.Refs, task.DependsOn = slices.Clone(task.Labels), slices.Clone(task.Refs), slices.Clone(task.DependsOn)
	if err := updateTask(a.tx, &task, update, a.local, a.moved); err != nil {
		return err
	}
	if err := a.addChecks(&task, p.task.Create.Checks); err != nil {
		return err
	}
	item, err := a.updateBeside(p, Item{Task: &task}, p.task.Create.Labels)
	if err == nil && p.Given["depends_on"] {
		item, err = a.updateEdges(item, a.dependencies(p))
	}
	p.change = difference(p.before, item)
	return err
}

// addChecks adds the lines that the checklist of a task does not have. Those
// that others added stay, and so does what is ticked.
func (a *applier) addChecks(task *plan.Task, texts []string) error {
	before, missing := *task, []string{}
	for _, text := range texts {
		if !slices.ContainsFunc(task.Checks, func(c plan.Check) bool { return c.Text == text }) {
			missing = append(missing, text)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	if err := firstError(appendChecks(task, missing), renewHeld(a.tx, task)); err != nil {
		return err
	}
	return a.tx.SaveTask(before, task, plan.History{})
}

// updateEdges makes an item depend on these items, too.
func (a *applier) updateEdges(item Item, on []plan.Key) (Item, error) {
	item, added, err := tighten(a.tx, item, on)
	if err != nil {
		return item, err
	}
	warnings, err := notWaitedFor(a.tx, item.Key(), tasksAt(added, slices.Collect(maps.Keys(added))))
	a.out.Warnings = append(a.out.Warnings, warnings...)
	return item, err
}

// difference returns what of an item differs from before, with what it has
// beside its row. Before may be no item.
func difference(before, after Item) plan.Change {
	var c plan.Change
	var was, is string
	switch {
	case after.Epic != nil:
		e := plan.Epic{}
		if before.Epic != nil {
			e = *before.Epic
		}
		c, was, is = after.Epic.Since(e), string(e.Status), string(after.Epic.Status)
		before = Item{Epic: &e}
	case after.Feature != nil:
		f := plan.Feature{}
		if before.Feature != nil {
			f = *before.Feature
		}
		c, was, is = after.Feature.Since(f), string(f.Status), string(after.Feature.Status)
		before = Item{Feature: &f}
	default:
		t := plan.Task{}
		if before.Task != nil {
			t = *before.Task
		}
		c, was, is = after.Task.Since(t), string(t.Status), string(after.Task.Status)
		before = Item{Task: &t}
	}
	setList(c, "depends_on", plan.KeyWords(before.dependsOn()), plan.KeyWords(after.dependsOn()))
	c.Set("status", was, is)
	setList(c, "labels", *before.labelPlace(), *after.labelPlace())
	setList(c, "refs", *before.refPlace(), *after.refPlace())
	setList(c, "links", linkTexts(*before.linkPlace()), linkTexts(*after.linkPlace()))
	return c
}

// linkTexts are links as people read them.
func linkTexts(links []plan.Link) (out []string) {
	for _, l := range links {
		out = append(out, string(l.As)+" "+l.To)
	}
	return out
}

// setList records a list if it changed.
func setList(c plan.Change, field string, before, after []string) {
	if !slices.Equal(before, after) {
		c[field] = [2]any{listOrNone(before), listOrNone(after)}
	}
}

// answer sorts the items by what was done with them.
func (a *applier) answer() error {
	for _, p := range a.items {
		item := AppliedItem{ID: p.ID, Key: p.now, Title: p.title, Changes: p.change}
		if item.Title == "" {
			item.Title = p.before.Title()
		}
		if p.ID != "" {
			a.out.Keys[p.ID] = p.now
		}
		switch {
		case p.fresh:
			a.out.Created = append(a.out.Created, item)
		case len(p.change) > 0:
			a.out.Updated = append(a.out.Updated, item)
		default:
			a.out.Unchanged = append(a.out.Unchanged, item)
		}
	}
	a.out.Warnings = a.out.Warnings[:min(len(a.out.Warnings), mostWarnings)]
	return nil
}
