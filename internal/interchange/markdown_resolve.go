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
func (r *reading) resolveDependencies(drafts []*draft) {
	x := newIndex(drafts)
	for _, d := range drafts {
		for _, need := range d.needs {
			d.resolve(x, need)
		}
	}
}

func (d *draft) resolve(x index, need ref) {
	target := x.find(d, need)
	t := &d.task
	switch {
	case target == d:
		d.doc.note(need.line, Warning, "depends on itself: dropped")
	case target != nil:
		if !slices.Contains(t.DependsOn, target.task.Key) {
			t.DependsOn = append(t.DependsOn, target.task.Key)
		}
	case need.key.IsZero():
		d.doc.note(need.line, Warning, "depends on %s, which is no task of this import: left in the description", quote(need.text))
		for _, f := range d.doc.fields("depends_on") {
			f.used = false
		}
	case !slices.Contains(t.UnknownDependsOn, need.key):
		d.doc.note(need.line, Warning, "depends on %s, which no file of this import has", need.key)
		t.UnknownDependsOn = append(t.UnknownDependsOn, need.key)
	}
}
