package tracker

import (
	"slices"
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
	"pm/internal/store"
)

// A wanting is the dependencies as they will be once those of the source are taken over.
type wanting struct {
	*formImport
	items  map[plan.Key]*form.Item
	turned map[plan.Key]bool         // asked for: the source has changed what the item depends on
	stay   map[plan.Key][]store.Edge // asked for: those that are here and stay
	added  map[plan.Key][]store.Edge
	all    []store.Edge // that are added
	levels bool         // some lead to or from features and epics, and no item moves
}

// uncycle leaves out the dependencies of the source that would close a cycle with those
// of the plan, as those that close one in the source are left out.
func (i *formImport) uncycle() error {
	if !slices.Contains(i.there, true) {
		return nil
	}
	w := &wanting{formImport: i, items: map[plan.Key]*form.Item{}, turned: map[plan.Key]bool{}, stay: map[plan.Key][]store.Edge{}, added: map[plan.Key][]store.Edge{}}
	ofNew, ofOld, err := w.fresh()
	if err != nil {
		return err
	}
	for n, e := range slices.Concat(ofNew, ofOld) {
		isOld := n >= len(ofNew)
		if isOld {
			if turned, err := w.isTurned(e.Task); err != nil {
				return err
			} else if !turned {
				continue
			}
		}
		var path []plan.Key
		if w.levels || isOld && !e.IsLevel() { // between tasks, one of a new task closes none
			if path, err = cycleAlong(e, w.edgesOf); err != nil {
				return err
			}
		}
		if path != nil {
			if err := w.leaveOut(e, path); err != nil {
				return err
			}
			continue
		}
		w.added[e.Task], w.all = append(w.added[e.Task], e), append(w.all, e)
	}
	return nil
}

// fresh returns the dependencies of the source that are not there: those of new items,
// and those of others.
func (w *wanting) fresh() (ofNew, ofOld []store.Edge, err error) {
	onLevels, err := w.tx.LevelEdges()
	if err != nil {
		return nil, nil, err
	}
	moves := false
	w.levels = len(onLevels) > 0
	for page := range slices.Chunk(w.in.Outline.Items, comparedTogether) {
		has, err := w.edgesOn(page)
		if err != nil {
			return nil, nil, err
		}
		for _, e := range onLevels {
			has[e] = true
		}
		for _, item := range page {
			k := w.key(item)
			w.items[k] = item
			if w.there[item.N] {
				_, other := w.otherParent(item, k)
				moves = moves || other
			}
			for _, on := range w.needs(item) {
				e := store.Edge{Task: k, DependsOn: on}
				w.levels = w.levels || e.IsLevel()
				switch {
				case has[e]:
				case w.there[item.N]:
					ofOld = append(ofOld, e)
				default:
					ofNew = append(ofNew, e)
				}
			}
		}
	}
	w.levels = w.levels && !moves
	return ofNew, ofOld, nil
}

// edgesOn returns the dependencies between tasks that those of some items have here.
func (w *wanting) edgesOn(page []*form.Item) (map[store.Edge]bool, error) {
	var ids []int64
	for _, item := range page {
		if k := w.key(item); w.there[item.N] && k.Level() == plan.LevelTask {
			ids = append(ids, k.Ordinal())
		}
	}
	slices.Sort(ids)
	edges, err := w.tx.EdgesOf(ids)
	has := make(map[store.Edge]bool, len(edges))
	for _, e := range edges {
		has[e] = true
	}
	return has, err
}

// isTurned reports whether the source has changed what an item depends on since it was
// last read.
func (w *wanting) isTurned(k plan.Key) (bool, error) {
	item, turned := w.items[k], w.turned[k]
	if _, known := w.turned[k]; known || item == nil || !w.there[item.N] {
		return turned, nil
	}
	base, err := lastRead(w.tx, k)
	w.turned[k] = base == nil || base.DiffersIn("depends_on", plan.KeyWords(w.needs(item)))
	return w.turned[k], err
}

// edgesOf is edgesOfAll, as it will be.
func (w *wanting) edgesOf(k plan.Key) ([]store.Edge, error) {
	stay, known := w.stay[k]
	if !known {
		all, err := w.edgesNow(k)
		if err != nil {
			return nil, err
		}
		for _, e := range all {
			goes := false
			if item := w.items[e.Task]; item != nil && !slices.Contains(w.needs(item), e.DependsOn) {
				if goes, err = w.isTurned(e.Task); err != nil {
					return nil, err
				}
			}
			if !goes {
				stay = append(stay, e)
			}
		}
		w.stay[k] = stay
	}
	out := slices.Clone(stay)
	for up := k; !up.IsZero(); up = up.Parent() {
		out = append(out, w.added[up]...)
	}
	if k.Level() != plan.LevelTask {
		for _, e := range w.all {
			if e.Task != k && k.Contains(e.Task) {
				out = append(out, e)
			}
		}
	}
	return out, nil
}

func (w *wanting) edgesNow(k plan.Key) ([]store.Edge, error) {
	if w.levels {
		return edgesOfAll(w.tx, k)
	}
	return w.tx.EdgesFrom(k)
}

// leaveOut leaves out a dependency that would close a cycle, and blocks the task that has
// it if nobody has started it.
func (w *wanting) leaveOut(e store.Edge, path []plan.Key) error {
	o, item, on := w.in.Outline, w.items[e.Task], e.DependsOn.String()
	if other := w.items[e.DependsOn]; other != nil {
		on = o.Ref(other)
	}
	item.Needs = slices.DeleteFunc(item.Needs, func(n *form.Item) bool { return w.key(n) == e.DependsOn })
	item.Others = slices.DeleteFunc(item.Others, func(id string) bool { return w.others[plan.FoldRef(o.RefOf(id))] == e.DependsOn })
	words := append([]string{e.Task.String()}, plan.KeyWords(path)...)
	if len(words) > 12 {
		words = append(append(words[:10:10], "…"), words[len(words)-1])
	}
	w.report(item, interchange.Warning, "dependency cycle: %s; the dependency of %s on %s is dropped, and tasks that are not started are blocked", strings.Join(words, " -> "), o.Ref(item), on)
	waits, err := w.waits(item, e.Task)
	if err == nil && waits {
		o.Change(item, func(i *form.Item) { i.Block("depends on " + on + ", in a cycle") })
	}
	return err
}

// waits reports whether an item of the source is not started there, nor here: what was
// blocked when it was last read is so in the source, whatever became of it here.
func (w *wanting) waits(item *form.Item, k plan.Key) (bool, error) {
	if open := item.Status == "" || item.Status == plan.Todo; !open || !w.there[item.N] {
		return open, nil
	}
	now, err := loadItem(w.tx, k)
	if err != nil {
		return false, err
	}
	base, err := lastRead(w.tx, k)
	held := base != nil && (base.Status == string(plan.Blocked) || base.Status == string(plan.PlanDraft))
	return held || now.Task == nil || now.Task.Status == plan.Todo, err
}
