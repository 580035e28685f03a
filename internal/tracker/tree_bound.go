package tracker

import (
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// A treeLoader loads a tree of at most so many items: all epics there is room
// for, then features, then tasks. Each level shares what is left among its
// parents, so that a large one does not hide the others.
type treeLoader struct {
	tx    *store.Tx
	key   plan.Key
	depth plan.Level
	open  bool
	left  int // items that there is still room for
	sort  store.Sort
}

func (l *treeLoader) load() (out Tree, err error) {
	out.Epics = []EpicTree{}
	epics, more, err := l.epics()
	if err != nil {
		return out, err
	}
	if l.sort, err = treeOrder(l.tx); err != nil {
		return out, err
	}
	out.More = more
	for _, e := range epics {
		e.Description = ""
		out.Epics = append(out.Epics, EpicTree{Epic: e})
	}
	if l.depth == plan.LevelEpic {
		return out, nil
	}
	var branches []*FeatureTree
	for i := range out.Epics {
		e := &out.Epics[i]
		if e.Features, e.More, err = l.features(e.Key, share(l.left, len(out.Epics)-i)); err != nil {
			return out, err
		}
		l.left -= len(e.Features)
	}
	for i := range out.Epics {
		for j := range out.Epics[i].Features {
			branches = append(branches, &out.Epics[i].Features[j])
		}
	}
	if l.depth == plan.LevelFeature {
		return out, nil
	}
	for i, f := range branches {
		if f.Tasks, f.More, err = l.tasks(f.Key, share(l.left, len(branches)-i)); err != nil {
			return out, err
		}
		l.left -= len(f.Tasks)
	}
	return out, nil
}

// share is what the first of n parents gets of what is left.
func share(left, n int) int { return (left + n - 1) / n }

// epics returns those of the tree, and how many there is no room for.
func (l *treeLoader) epics() (epics []plan.Epic, more int, err error) {
	if !l.key.IsZero() {
		e, err := l.tx.Epic(l.key.EpicKey())
		l.left--
		return []plan.Epic{e}, 0, err
	}
	f := store.PlanFilter{Statuses: l.planStatuses(), Limit: l.left + 1}
	epics, err = l.tx.Epics(f)
	if err == nil && len(epics) > l.left {
		epics = epics[:l.left]
		f.After = epics[l.left-1].Key
		more, err = l.tx.CountEpicsTo(f, countTo)
	}
	l.left -= len(epics)
	return epics, min(more, countTo), err
}

// features returns the first n features of an epic, and how many more it has.
func (l *treeLoader) features(epic plan.Key, n int) (out []FeatureTree, more int, err error) {
	if l.key.Level() == plan.LevelFeature {
		f, err := l.tx.Feature(l.key)
		f.Description = ""
		return []FeatureTree{{Feature: f}}, 0, err
	}
	f := store.PlanFilter{Under: epic, Statuses: l.planStatuses(), Limit: n + 1}
	features, err := l.tx.Features(f)
	if err == nil && len(features) > n {
		features = features[:n]
		if n > 0 {
			f.After = features[n-1].Key
		}
		more, err = l.tx.CountFeaturesTo(f, countTo)
	}
	for _, one := range features {
		one.Description = ""
		out = append(out, FeatureTree{Feature: one})
	}
	return out, min(more, countTo), err
}

// tasks returns the first n tasks of a feature, and how many more it has.
func (l *treeLoader) tasks(feature plan.Key, n int) (tasks []plan.Task, more int, err error) {
	f := store.TaskFilter{Under: feature, Sort: l.sort, Limit: n + 1}
	if l.open {
		f.Statuses = openStatuses()
	}
	list, err := l.tx.List(f)
	if err != nil {
		return nil, 0, err
	}
	if tasks, err = list.Tasks(); err != nil || len(tasks) <= n {
		return withoutTexts(tasks), 0, err
	}
	tasks = tasks[:n]
	var last *plan.Task
	if n > 0 {
		last = &tasks[n-1]
	}
	more, _, err = list.Count(n, last, countTo)
	return withoutTexts(tasks), min(more, countTo), err
}

func (l *treeLoader) planStatuses() []plan.PlanStatus {
	if l.open {
		return []plan.PlanStatus{plan.PlanDraft, plan.PlanActive}
	}
	return nil
}

func openStatuses() []plan.TaskStatus {
	return slices.DeleteFunc(plan.TaskStatuses(), func(s plan.TaskStatus) bool { return s == plan.Completed || s == plan.Archived })
}

func withoutTexts(tasks []plan.Task) []plan.Task {
	for i := range tasks {
		tasks[i].Description = ""
	}
	return tasks
}
