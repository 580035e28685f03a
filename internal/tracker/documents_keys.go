package tracker

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"pm/internal/interchange"
	"pm/internal/plan"
)

// settleKeys gives the tasks of the documents their final keys. The file that
// a task was imported from stays that task's, however the files around it come
// and go. A file whose name is the key of another one gets the next number of
// its feature, once.
func (i *docImport) settleKeys(there map[plan.Key]plan.Task) error {
	k, err := i.newKeys(there)
	if err != nil {
		return err
	}
	final := map[plan.Key]plan.Key{}
	for _, d := range i.in.Documents.Tasks {
		final[d.Key] = k.imported(d)
	}
	var tasks []interchange.TaskDoc
	for _, d := range i.in.Documents.Tasks {
		key := final[d.Key]
		if owner := k.owner[d.Key]; key.IsZero() && d.Named.IsZero() && owner == "" {
			key = d.Key
		} else if d.Named.IsZero() && key != d.Key {
			d.Named, d.Owner = d.Key, owner
			if d.Owner == "" {
				d.Owner = there[d.Key].FilePath
			}
		}
		if key.IsZero() {
			key = k.next(d)
		}
		if key.Task > plan.MaxTask {
			i.find(d.Path, interchange.Failed, "not imported: %s is the task in %s, and its feature has no number left", d.Named, d.Owner)
			continue
		}
		if !d.Named.IsZero() {
			i.find(d.Path, interchange.Warning, "%s is the task in %s: this one is %s", d.Named, cmp.Or(d.Owner, "the plan"), key)
		}
		final[d.Key] = key
		d.Key = key
		tasks = append(tasks, d)
	}
	for n, d := range tasks {
		tasks[n].DependsOn = make([]plan.Key, len(d.DependsOn))
		for m, on := range d.DependsOn {
			tasks[n].DependsOn[m] = final[on]
		}
	}
	plan.Sort(tasks, func(a, b interchange.TaskDoc) int { return plan.Key.Compare(a.Key, b.Key) })
	i.tasks = tasks
	return nil
}

// newKeys is what is known about keys while the tasks of documents get theirs.
type newKeys struct {
	there map[plan.Key]plan.Task
	in    map[plan.Key][]plan.Key // the keys that are there, by feature
	owner map[plan.Key]string     // the document that a task which is there belongs to
	last  map[plan.Key]int        // the highest number of each feature that is given or spoken of
}

func (i *docImport) newKeys(there map[plan.Key]plan.Task) (newKeys, error) {
	k := newKeys{there: there, in: map[plan.Key][]plan.Key{}, owner: map[plan.Key]string{}, last: map[plan.Key]int{}}
	raise := func(key plan.Key) { k.last[key.FeatureKey()] = max(k.last[key.FeatureKey()], key.Task) }
	for _, d := range i.in.Documents.Tasks {
		if d.Named.IsZero() {
			raise(d.Key)
		}
		for _, on := range d.UnknownDependsOn {
			raise(on)
		}
	}
	for key := range there {
		k.in[key.FeatureKey()] = append(k.in[key.FeatureKey()], key)
		raise(key)
	}
	for _, keys := range k.in {
		slices.SortFunc(keys, plan.Key.Compare)
	}
	for _, d := range i.in.Documents.Features {
		switch f, err := i.tx.Feature(d.Key); {
		case err == nil:
			k.last[d.Key] = max(k.last[d.Key], f.LastChild)
		case kindOf(err) != plan.NotFound:
			return k, err
		}
	}
	return k, nil
}

// imported returns the key of the task that was imported from the document
// earlier; zero if there is none. For a document whose name is another one's
// key, a task of its title and file name will do.
func (k newKeys) imported(d interchange.TaskDoc) plan.Key {
	ways := []func(plan.Task) bool{
		func(t plan.Task) bool { return t.FilePath == d.Path },
		func(t plan.Task) bool { return samePath(t.FilePath, d.Path) },
		func(t plan.Task) bool {
			return !d.Named.IsZero() && strings.EqualFold(t.Title, d.Title) && path.Base(t.FilePath) == path.Base(d.Path)
		},
	}
	for _, is := range ways {
		for _, key := range k.in[d.Key.FeatureKey()] {
			if k.owner[key] == "" && is(k.there[key]) {
				k.owner[key] = d.Path
				return key
			}
		}
	}
	return plan.Key{}
}

// next returns the next number of the document's feature.
func (k newKeys) next(d interchange.TaskDoc) plan.Key {
	feature := d.Key.FeatureKey()
	k.last[feature]++
	return plan.Key{Epic: feature.Epic, Feature: feature.Feature, Task: k.last[feature]}
}

// samePath reports whether two paths can be of one file, seen from folders of
// which one lies in the other.
func samePath(a, b string) bool {
	return a != "" && b != "" && (a == b || strings.HasSuffix(a, "/"+b) || strings.HasSuffix(b, "/"+a))
}
