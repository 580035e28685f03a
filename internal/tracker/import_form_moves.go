package tracker

import (
	"slices"
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
	"pm/internal/store"
)

// newParent returns what an item lies under in the source, if that has changed there
// since the import, and not only here. What is known by its text stays where it is.
func (i *formImport) newParent(item *form.Item) (to plan.Key, moved bool, err error) {
	k := i.key(item)
	if item.In == nil || item.Worded || k.Level() != item.Level || k.Level() == plan.LevelEpic || k.EpicKey() == i.key(item.In) && k.Level() == plan.LevelTask {
		return to, false, nil
	}
	to, err = i.under(item)
	if err != nil || to == k.Parent() { // it would lie in an epic without features: that is no reason to refuse the rest
		return to, false, nil
	}
	parent, err := loadItem(i.tx, k.Parent())
	if err != nil || i.ownRef(parent) == "" {
		return to, false, err
	}
	records, read, err := readings(i.tx, k)
	here := slices.ContainsFunc(records, func(h plan.History) bool { return h.Change["key"][1] != nil && !read[h.Operation] })
	return to, err == nil && len(read) > 0 && !here, err
}

// moves finds what has another parent in the source, and lets stay where it is what
// cannot go there: something of it is in the trash, or a cycle would be closed by the
// dependencies that are here and stay.
func (w *wanting) moves() error {
	trash, err := w.tx.Trash()
	if err != nil {
		return err
	}
	var going []*form.Item
	for _, level := range []plan.Level{plan.LevelFeature, plan.LevelTask} {
		for _, item := range w.in.Outline.Items {
			if item.Level != level || !w.there[item.N] {
				continue
			}
			to, moved, err := w.newParent(item)
			if err != nil {
				return err
			}
			if !moved {
				continue
			}
			k := w.key(item)
			if held := slices.IndexFunc(trash, func(t plan.Trashed) bool { return k.Contains(t.Key) }); held >= 0 {
				w.report(item, interchange.Warning, "%s stays, and is not moved to %s: %s of it is in the trash", k, to, trash[held].Key)
				continue
			}
			w.parents[k] = to
			going = append(going, item)
		}
	}
	if !w.levels || len(going) == 0 {
		return nil
	}
	return w.send(going)
}

// send has items go to their new parents, all of them but those that would close a
// cycle there.
func (w *wanting) send(going []*form.Item) error {
	for _, item := range going {
		k := w.key(item)
		to := w.later(w.parents[k])
		if k.Level() == plan.LevelFeature {
			to.Feature = plan.MaxFeature - len(w.goes) // no item has these numbers
		} else {
			to.Task = plan.MaxTask - len(w.goes)
		}
		w.goes[k], w.came[to] = to, k
	}
	clear(w.stay)
	path, err := w.cycleAt(going)
	if err != nil || path == nil {
		return err
	}
	words := strings.Join(w.words(path), " -> ")
	for _, item := range going {
		k := w.key(item)
		delete(w.came, w.goes[k])
		delete(w.goes, k)
	}
	clear(w.stay)
	if half := len(going) / 2; half > 0 {
		return firstError(w.send(going[:half]), w.send(going[half:]))
	}
	k := w.key(going[0])
	w.report(going[0], interchange.Warning, "%s stays, and is not moved to %s: dependency cycle: %s", k, w.parents[k], words)
	delete(w.parents, k)
	return nil
}

// cycleAt returns a cycle through what items go under: through a dependency that this
// has, or that others have on it.
func (w *wanting) cycleAt(going []*form.Item) ([]plan.Key, error) {
	above := map[plan.Key]bool{}
	for _, item := range going {
		for up := w.goes[w.key(item)].Parent(); !up.IsZero(); up = up.Parent() {
			above[up] = true
		}
	}
	for _, real := range w.onLevels {
		e := w.laterEdge(real)
		if !above[e.Task] && !above[e.DependsOn] {
			continue
		}
		stays, err := w.remains(real)
		if err != nil {
			return nil, err
		}
		if !stays {
			continue
		}
		if path, err := cycleAlong(e, w.edgesOf); err != nil || path != nil {
			return append([]plan.Key{e.Task}, path...), err
		}
	}
	return nil, nil
}

// later returns the key by which cycles are looked for: that of an item under what it
// will lie under. first returns the key that it has.
func (w *wanting) later(k plan.Key) plan.Key { return rekeyed(k, w.goes) }
func (w *wanting) first(k plan.Key) plan.Key { return rekeyed(k, w.came) }

func (w *wanting) laterEdge(e store.Edge) store.Edge {
	return store.Edge{Task: w.later(e.Task), DependsOn: w.later(e.DependsOn)}
}

// rekeyed returns the other key of an item, or that under the one of its feature.
func rekeyed(k plan.Key, others map[plan.Key]plan.Key) plan.Key {
	if to, is := others[k]; is {
		return to
	}
	if to, is := others[k.FeatureKey()]; is && k.Level() == plan.LevelTask {
		to.Task = k.Task
		return to
	}
	return k
}
