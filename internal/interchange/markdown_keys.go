package interchange

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"pm/internal/plan"
)

// assignKeys decides which file owns a key that several claim. Of the others,
// documents about the task and further copies of it are reported; another
// task gets the next number of the feature, so that no work is lost: for the
// time being, since only the database knows what it got in an earlier import.
func (r *reading) assignKeys(drafts []*draft, below map[string]int) []*draft {
	highest := map[plan.Key]int{}
	claims := map[plan.Key][]*draft{}
	for _, d := range drafts {
		claims[d.name.key] = append(claims[d.name.key], d)
		raise(highest, d.name.key)
		for _, need := range d.needs {
			raise(highest, need.key)
		}
	}
	var out []*draft
	for _, k := range slices.SortedFunc(maps.Keys(claims), byOrdinal) {
		owned := r.claimants(claims[k], below)
		for _, d := range owned[min(1, len(owned)):] {
			r.renumber(d, owned[0], highest)
		}
		out = append(out, slices.DeleteFunc(owned, func(d *draft) bool { return d.task.Key.IsZero() })...)
	}
	return out
}

func raise(highest map[plan.Key]int, k plan.Key) {
	if k.Task > 0 {
		highest[k.FeatureKey()] = max(highest[k.FeatureKey()], k.Task)
	}
}

// claimants returns the drafts that are tasks of their own, the owner of the
// key first.
func (r *reading) claimants(same []*draft, below map[string]int) (tasks []*draft) {
	slices.SortFunc(same, func(a, b *draft) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(below[b.file.around()], below[a.file.around()]), cmp.Compare(a.file.path, b.file.path))
	})
	for _, d := range same {
		copied := slices.IndexFunc(tasks, func(t *draft) bool { return strings.EqualFold(t.task.Title, d.task.Title) })
		switch {
		case len(tasks) == 0 && d.name.isReport() && !d.doc.claimsKey():
			r.report.add(d.file.path, 0, Skipped, "a report about task %s, which has no file", d.name.key)
		case len(tasks) > 0 && d.isCompanion(tasks[0]):
			r.report.add(d.file.path, 0, Skipped, "a report next to task %s, not a task", d.name.key)
		case copied >= 0:
			r.report.add(d.file.path, 0, Failed, "the same key and title as %s: not imported again", tasks[copied].file.path)
		default:
			tasks = append(tasks, d)
		}
	}
	return tasks
}

// around returns the folder of the epic or feature that f lies in.
func (f file) around() string {
	for dir := path.Dir(f.path); dir != "."; dir = path.Dir(dir) {
		if _, _, ok := folderKey(path.Base(dir), f.place.key); ok {
			return dir
		}
	}
	return "."
}

// rank orders the files that claim one key: an exact name before one with
// words behind it, a file in its feature's folder before one elsewhere. Of the
// same rank the one in the folder with the most tasks owns the key.
func (d *draft) rank() int {
	switch {
	case d.name.isReport():
		return 6
	case d.file.place.role < featureFolder:
		return 5
	case !d.byName:
		return 4
	case d.name.slug == "" && strings.EqualFold(d.file.stem(), d.name.key.String()):
		return 0
	case d.name.slug == "":
		return 1
	case d.doc.isTask():
		return 2
	}
	return 3
}

// isCompanion reports whether d is about the owner of its key. Beside the
// owner's file only a front matter makes a task of its own; in another folder
// bold lines do, too.
func (d *draft) isCompanion(owner *draft) bool {
	if d.name.isReport() {
		return true
	}
	if path.Dir(d.file.path) == path.Dir(owner.file.path) && d.name.slug != "" {
		return !d.doc.has("key", "task_key", "status", "title")
	}
	return d.name.slug != "" && !d.doc.isTask()
}

// claimsKey reports whether the document says itself which task it is.
func (d *document) claimsKey() bool {
	return d.has("key", "task_key") || slices.ContainsFunc(d.head, func(f *field) bool { return f.name == "key" || f.name == "task_key" })
}

func (r *reading) renumber(d, owner *draft, highest map[plan.Key]int) {
	feature := d.name.key.FeatureKey()
	n := highest[feature] + 1
	if n > plan.MaxTask {
		r.report.add(d.file.path, 0, Failed, "%s is already the key of %s, and the feature has no number left", d.name.key, owner.file.path)
		d.task.Key = plan.Key{}
		return
	}
	highest[feature] = n
	d.task.Key, d.task.Named, d.task.Owner = feature.Child(n), d.name.key, owner.file.path
}
