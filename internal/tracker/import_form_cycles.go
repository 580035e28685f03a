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
	levels bool         // some lead to or from features and epics

	onLevels   []store.Edge          // those that are here
	goes, came map[plan.Key]plan.Key // of what moves: from its key to one under its new parent, and back
}

// uncycle leaves out the dependencies of the source that would close a cycle with those
// of the plan, as those that close one in the source are left out.
func (i *formImport) uncycle() error {
	if !slices.Contains(i.there, true) {
		return nil
	}
	i.loader.uncycled = true
	w := &wanting{formImport: i, items: map[plan.Key]*form.Item{}, turned: map[plan.Key]bool{}, stay: map[plan.Key][]store.Edge{}, added: map[plan.Key][]store.Edge{}, goes: map[plan.Key]plan.Key{}, came: map[plan.Key]plan.Key{}}
	ofNew, ofOld, err := w.fresh()
	if err == nil {
		err = w.moves()
	}
	if err != nil {
		return err
	}
	for n, real := range slices.Concat(ofNew, ofOld) {
		isOld := n >= len(ofNew)
		if isOld {
			if turned, err := w.isTurned(real.Task); err != nil {
				return err
			} else if !turned {
				continue
			}
		}
		e := w.laterEdge(real)
		var path []plan.Key
		if w.levels || isOld && !e.IsLevel() { // between tasks, one of a new task closes none
			if path, err = cycleAlong(e, w.edgesOf); err != nil {
				return err
			}
		}
		if path != nil {
			if err := w.leaveOut(real, append([]plan.Key{e.Task}, path...)); err != nil {
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
	if w.onLevels, err = w.tx.LevelEdges(); err != nil {
		return nil, nil, err
	}
	w.levels = len(w.onLevels) > 0
	for page := range slices.Chunk(w.in.Outline.Items, comparedTogether) {
		has, err := w.edgesOn(page)
		if err != nil {
			return nil, nil, err
		}
		for _, e := range w.onLevels {
			has[e] = true
		}
		for _, item := range page {
			k := w.key(item)
			w.items[k] = item
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

// remains reports whether a dependency that is here is not one that the source takes back.
func (w *wanting) remains(e store.Edge) (bool, error) {
	item := w.items[e.Task]
	if item == nil || slices.Contains(w.needs(item), e.DependsOn) {
		return true, nil
	}
	goes, err := w.isTurned(e.Task)
	return !goes, err
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
			if stays, err := w.remains(e); err != nil {
				return nil, err
			} else if stays {
				stay = append(stay, w.laterEdge(e))
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

// edgesNow returns the dependencies that are here of an item, of what will lie under it,
// and of what it will lie under.
func (w *wanting) edgesNow(k plan.Key) ([]store.Edge, error) {
	if !w.levels {
		return w.tx.EdgesFrom(k)
	}
	all, err := edgesOfAll(w.tx, w.first(k))
	for from, to := range w.goes {
		if err == nil && to != k && k.Contains(to) {
			var under []store.Edge
			under, err = edgesOfAll(w.tx, from)
			all = append(all, under...)
		}
	}
	for up := k.Parent(); !up.IsZero() && err == nil; up = up.Parent() {
		var on []plan.Key
		on, err = w.tx.LevelsOf(w.first(up))
		for _, other := range on {
			all = append(all, store.Edge{Task: w.first(up), DependsOn: other})
		}
	}
	return slices.DeleteFunc(all, func(e store.Edge) bool {
		of := w.later(e.Task)
		return !of.Contains(k) && !k.Contains(of)
	}), err
}

// words writes a cycle with the keys that its items have, shortened.
func (w *wanting) words(path []plan.Key) []string {
	out := make([]string, len(path))
	for n, k := range path {
		out[n] = w.first(k).String()
	}
	if len(out) > 13 {
		out = append(append(out[:10:10], "…"), out[len(out)-1])
	}
	return out
}

// leaveOut leaves out a dependency that would close a cycle, and blocks the task that has
// it if nobody has started it.
func (w *wanting) leaveOut(e store.Edge, path []plan.Key) error {
	o, item, on := w.in.Outline, w.items[e.Task], e.DependsOn.String()
	if other := w.items[e.DependsOn]; other != nil {
		on = o.Ref(other)
	}
	needs, others, status, reason := item.Needs, item.Others, item.Status, ""
	item.Needs = slices.DeleteFunc(slices.Clone(needs), func(n *form.Item) bool { return w.key(n) == e.DependsOn })
	item.Others = slices.DeleteFunc(slices.Clone(others), func(id string) bool { return w.others[plan.FoldRef(o.RefOf(id))] == e.DependsOn })
	what := "the dependency of %s on %s is dropped, and tasks that are not started are blocked"
	if w.there[item.N] && !w.in.Update {
		what = "--update drops the dependency of %s on %s, and blocks tasks that are not started"
	}
	w.report(item, interchange.Warning, "dependency cycle: %s; "+what, strings.Join(w.words(path), " -> "), o.Ref(item), on)
	waits, err := w.waits(item, e.Task)
	if err == nil && waits {
		o.Change(item, func(i *form.Item) {
			reason = i.Reason
			i.Block("depends on " + on + ", in a cycle")
		})
	}
	*w.putBack = append(*w.putBack, func() {
		item.Needs, item.Others = needs, others
		if waits {
			o.Change(item, func(i *form.Item) { i.Status, i.Reason = status, reason })
		}
	})
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
