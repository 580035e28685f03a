package interchange

import (
	"path"
	"slices"
	"strings"

	"pm/internal/plan"
)

// An index finds tasks by what other documents call them.
type index struct {
	byKey  map[plan.Key]*draft
	byFile map[fileName]*draft
	named  map[folderName]*draft
}

// A fileName is a file's name in lower case within a folder, or within a
// feature wherever its folders are.
type fileName struct {
	folder  string
	feature plan.Key
	stem    string
}

// A folderName is the key that a file's name gives it within its folder.
type folderName struct {
	folder string
	key    plan.Key
}

func newIndex(drafts []*draft) index {
	x := index{map[plan.Key]*draft{}, map[fileName]*draft{}, map[folderName]*draft{}}
	for _, d := range drafts {
		dir, stem := path.Dir(d.file.path), strings.ToLower(d.file.stem())
		x.byKey[d.task.Key] = d
		x.byFile[fileName{folder: dir, stem: stem}] = d
		if f := (fileName{feature: d.task.Key.FeatureKey(), stem: stem}); x.byFile[f] == nil {
			x.byFile[f] = d
		}
		if f := (folderName{dir, d.name.key}); x.named[f] == nil {
			x.named[f] = d
		}
	}
	return x
}

// find returns the task that r means where d says it: the file of that name,
// first beside d; else, unless r is a full key, the file beside d whose name
// gives that key; else the owner of the key.
func (x index) find(d *draft, r ref) *draft {
	dir, stem := path.Dir(d.file.path), strings.ToLower(r.stem)
	if t := x.byFile[fileName{folder: dir, stem: stem}]; t != nil {
		return t
	}
	if t := x.named[folderName{dir, r.key}]; t != nil && !r.full {
		return t
	}
	if t := x.byFile[fileName{feature: d.task.Key.FeatureKey(), stem: stem}]; t != nil {
		return t
	}
	return x.byKey[r.key]
}

// resolveDependencies gives every draft its dependencies by their final keys.
func (r *reading) resolveDependencies(drafts []*draft, out *Documents) {
	x := newIndex(drafts)
	for _, d := range drafts {
		for _, need := range d.needs {
			d.resolve(x, need, out)
		}
	}
	for _, d := range drafts {
		for _, b := range d.blocks {
			d.holdUp(x, b)
		}
	}
	r.resolveParents(x, out)
}

// resolve adds what d depends on.
func (d *draft) resolve(x index, need ref, out *Documents) {
	switch {
	case !need.key.IsZero() && need.key.Task == 0:
		d.resolveWhole(x, need, out)
		return
	case !need.to.IsZero():
		d.resolveRange(x, need)
		return
	}
	target := x.find(d, need)
	t := &d.task
	switch {
	case target == d:
		d.doc.note(need.line, Warning, "depends on itself: dropped")
	case target != nil:
		d.dependOn(target)
	case need.key.IsZero():
		d.doc.note(need.line, Warning, "depends on %s, which is not a task in this import: kept in the description; a todo task is imported as blocked", quote(need.text))
		d.holds = append(d.holds, oneLineOf(need.text))
		for _, f := range d.doc.fields("depends_on") {
			f.used = false
		}
	case !slices.Contains(t.UnknownDependsOn, need.key):
		d.doc.note(need.line, Info, "depends on %s, which is not in this import", need.key)
		t.UnknownDependsOn = append(t.UnknownDependsOn, need.key)
	}
}

func (d *draft) dependOn(target *draft) {
	if t := &d.task; target != d && !slices.Contains(t.DependsOn, target.task.Key) {
		t.DependsOn = append(t.DependsOn, target.task.Key)
	}
}

// resolveRange adds the tasks from one number to another.
func (d *draft) resolveRange(x index, need ref) {
	found := false
	for k := need.key; k.Task <= need.to.Task; k.Task++ {
		if target := x.byKey[k]; target != nil {
			d.dependOn(target)
			found = true
		}
	}
	if !found {
		d.doc.note(need.line, Warning, "depends on %s, a key that is not in this import: a todo task is imported as blocked", quote(need.text))
		d.holds = append(d.holds, need.text)
	}
}

// mostWhole is how many tasks a dependency on an epic or a feature may stand for.
const mostWhole = 100

// resolveWhole makes a dependency on an epic or a feature one on each of its
// tasks that is not done.
func (d *draft) resolveWhole(x index, need ref, out *Documents) {
	if need.key.Contains(d.task.Key) {
		d.doc.note(need.line, Warning, "depends on %s, which contains it: dropped", need.key)
		return
	}
	open, all := x.openIn(need.key)
	switch {
	case out.closed(need.key), all > 0 && len(open) == 0:
		d.doc.note(need.line, Info, "depends on %s, which is done", need.key)
	case len(open) == 0 || len(open) > mostWhole:
		d.doc.note(need.line, Warning, "depends on %s %s, which has %d open tasks here: a todo task is imported as blocked", need.key.Level(), need.key, len(open))
		d.holds = append(d.holds, need.key.String())
	default:
		d.doc.note(need.line, Info, "depends on %s %s: that is, on its %d open tasks", need.key.Level(), need.key, len(open))
		for _, target := range open {
			d.dependOn(target)
		}
	}
}

// holdUp makes those depend on d that it says it blocks.
func (d *draft) holdUp(x index, b ref) {
	var targets []*draft
	switch {
	case b.key.Task == 0 && !b.key.IsZero():
		if targets, _ = x.openIn(b.key); b.key.Contains(d.task.Key) {
			targets = nil
		}
	case !b.to.IsZero():
		for k := b.key; k.Task <= b.to.Task; k.Task++ {
			if t := x.byKey[k]; t != nil {
				targets = append(targets, t)
			}
		}
	default:
		if t := x.find(d, b); t != nil {
			targets = []*draft{t}
		}
	}
	if len(targets) == 0 {
		d.doc.note(b.line, Info, "blocks %s, which is not in this import", quote(b.text))
	}
	for _, t := range targets {
		t.dependOn(d)
	}
}

// openIn returns the tasks of an epic or a feature that are not done, in the
// order of their keys, and how many tasks it has.
func (x index) openIn(k plan.Key) (open []*draft, all int) {
	for key, d := range x.byKey {
		if !k.Contains(key) {
			continue
		}
		all++
		if d.task.Status != plan.Completed && d.task.Status != plan.Archived {
			open = append(open, d)
		}
	}
	slices.SortFunc(open, func(a, b *draft) int { return byOrdinal(a.task.Key, b.task.Key) })
	return open, all
}

// closed reports whether an epic or a feature is completed or archived.
func (d *Documents) closed(k plan.Key) bool {
	for _, e := range d.Epics {
		if e.Key == k {
			return e.Status == plan.PlanCompleted || e.Status == plan.PlanArchived
		}
	}
	for _, f := range d.Features {
		if f.Key == k {
			return f.Status == plan.PlanCompleted || f.Status == plan.PlanArchived
		}
	}
	return false
}

// waiting remembers what an epic or a feature depends on.
func (r *reading) waiting(doc *document, k plan.Key) {
	d := &draft{doc: doc, name: taskName{key: k}}
	for _, f := range doc.allFields() {
		if f.name == "depends_on" && !f.section {
			d.needs = append(d.needs, d.refsOf(f)...)
			f.used = false // no column of it holds dependencies
		}
	}
	if len(d.needs) > 0 || len(d.holds) > 0 {
		if r.waits == nil {
			r.waits, r.documents = map[plan.Key][]ref{}, map[plan.Key]*document{}
		}
		r.waits[k], r.documents[k] = d.needs, doc
		for _, text := range d.holds {
			r.waits[k] = append(r.waits[k], ref{text: text})
		}
	}
}

// resolveParents makes drafts of the epics and features that depend on what is
// not done: pm holds dependencies of tasks only, and their tasks must not be
// offered meanwhile.
func (r *reading) resolveParents(x index, out *Documents) {
	waits := func(k plan.Key, status *plan.PlanStatus) {
		for _, need := range r.waits[k] {
			if *status != plan.PlanActive {
				return
			}
			if open, all := x.openIn(need.key); !need.key.IsZero() && (out.closed(need.key) || all > 0 && len(open) == 0) {
				continue
			}
			*status = plan.PlanDraft
			r.report.add(r.documents[k].path, need.line, Warning, "depends on %s: only tasks can have dependencies, so it is imported as a draft and its tasks are not offered", quote(need.text))
		}
	}
	for i := range out.Epics {
		waits(out.Epics[i].Key, &out.Epics[i].Status)
	}
	for i := range out.Features {
		waits(out.Features[i].Key, &out.Features[i].Status)
	}
}
