package tracker

import (
	"slices"
	"strings"

	"pm/internal/plan"
	"pm/internal/store"
)

// addLevelEdge has an item wait for a whole feature or epic, which is locked,
// unless it does already.
func addLevelEdge(tx *store.Tx, e store.Edge) (added bool, err error) {
	if err := refuseCycle(tx, e); err != nil {
		return false, err
	}
	if added, err = tx.AddLevelEdge(e); err != nil || !added {
		return added, err
	}
	return true, countLevelEdge(tx, e, +1)
}

func removeLevelEdge(tx *store.Tx, e store.Edge) error {
	removed, err := tx.RemoveLevelEdge(e)
	if err != nil {
		return err
	}
	if !removed {
		return noEdge(e.Task, e.DependsOn)
	}
	return countLevelEdge(tx, e, -1)
}

// countLevelEdge adds n to what an item waits for, unless the other end is over.
func countLevelEdge(tx *store.Tx, e store.Edge, n int) error {
	over, err := tx.Over(e.DependsOn)
	if err != nil || over {
		return err
	}
	if e.Task.Level() == plan.LevelTask {
		return tx.AddOpen(e.Task, n)
	}
	return tx.AddOpenLevel(e.Task, n)
}

// levelCycle returns the way from the end of an edge back to its beginning, both
// included, if the edge would close a circle; else nil. What lies under an item
// must be done before the item is, and waits for all that the item waits for.
func levelCycle(tx *store.Tx, e store.Edge) ([]plan.Key, error) {
	return cycleAlong(e, func(k plan.Key) ([]store.Edge, error) { return edgesOfAll(tx, k) })
}

// cycleAlong is levelCycle along the edges that a function returns: those of an
// item, of what lies under it, and of what it lies under.
func cycleAlong(e store.Edge, edgesOf func(plan.Key) ([]store.Edge, error)) ([]plan.Key, error) {
	cameFrom := map[plan.Key]step{e.DependsOn: {}}
	for queue := []plan.Key{e.DependsOn}; len(queue) > 0; queue = queue[1:] {
		k := queue[0]
		if k.Contains(e.Task) || e.Task.Contains(k) {
			return pathTo(e, k, cameFrom), nil
		}
		edges, err := edgesOf(k)
		if err != nil {
			return nil, err
		}
		for _, next := range edges {
			if _, seen := cameFrom[next.DependsOn]; !seen {
				cameFrom[next.DependsOn] = step{k, next.Task}
				queue = append(queue, next.DependsOn)
			}
		}
	}
	return nil, nil
}

// A step leads from one item to another by an edge that it has, or that one does which
// lies under it or over it.
type step struct{ from, by plan.Key }

// pathTo returns the steps from the end of an edge to an item, and on to its beginning.
func pathTo(e store.Edge, k plan.Key, cameFrom map[plan.Key]step) (path []plan.Key) {
	if path = []plan.Key{k}; k != e.Task {
		path = []plan.Key{e.Task, k}
	}
	for k != e.DependsOn {
		s := cameFrom[k]
		if s.by != s.from {
			path = append(path, s.by)
		}
		path, k = append(path, s.from), s.from
	}
	slices.Reverse(path)
	return path
}

// edgesOfAll returns what must be done before an item can be: what it, what lies
// under it and what it lies under wait for.
func edgesOfAll(tx *store.Tx, k plan.Key) ([]store.Edge, error) {
	edges, err := tx.LevelEdgesFrom(k)
	for up := k.Parent(); !up.IsZero() && err == nil; up = up.Parent() {
		var on []plan.Key
		on, err = tx.LevelsOf(up)
		for _, other := range on {
			edges = append(edges, store.Edge{Task: up, DependsOn: other})
		}
	}
	if err != nil {
		return nil, err
	}
	under, err := tx.EdgesFrom(k)
	return append(edges, under...), err
}

// cycleOf refuses the dependency that a cycle begins with.
func cycleOf(path []plan.Key) error {
	if len(path) == 2 && path[0] == path[1] {
		return selfDependency(path[0].Level()).WithHint("name another item for %s to depend on", path[0])
	}
	e := plan.Errorf(plan.Refused, "dependency cycle: %s", strings.Join(plan.KeyWords(path), " -> ")).WithCode("cycle")
	if len(path) == 3 && (path[0].Contains(path[1]) || path[1].Contains(path[0])) {
		return e.WithHint("one of them contains the other, so neither can wait for the other: name another item")
	}
	return e.WithHint("remove one of these dependencies with pm dep remove")
}

func selfDependency(level plan.Level) *plan.Error {
	return plan.Errorf(plan.Refused, "%s cannot depend on itself", level.Article()).WithCode("cycle")
}

// checkMovedCycles refuses a move to a feature or an epic that makes a circle:
// what lies under it now must be done before it is, and waits with it.
func checkMovedCycles(tx *store.Tx, to plan.Key) error {
	has, err := tx.HasLevelEdges()
	if err != nil || !has {
		return err
	}
	for k := to; !k.IsZero(); k = k.Parent() {
		onto, err := tx.LevelDependants(k)
		if err != nil {
			return err
		}
		for _, d := range onto {
			if err := refuseCycle(tx, store.Edge{Task: d, DependsOn: k}); err != nil {
				return err
			}
		}
		on, err := tx.LevelsOf(k)
		if err != nil {
			return err
		}
		for _, d := range on {
			if err := refuseCycle(tx, store.Edge{Task: k, DependsOn: d}); err != nil {
				return err
			}
		}
	}
	return nil
}

func refuseCycle(tx *store.Tx, e store.Edge) error {
	path, err := levelCycle(tx, e)
	if err == nil && path != nil {
		err = cycleOf(append([]plan.Key{e.Task}, path...))
	}
	return err
}

// waitsAbove returns the feature or the epic that a task lies under and that
// waits, with what it waits for; the zero key if neither does.
func waitsAbove(tx *store.Tx, k plan.Key, p store.Parents) (waiting plan.Key, on []plan.Key, err error) {
	if p.EpicWaits {
		waiting = k.EpicKey()
		on, err = openLevels(tx, waiting)
	}
	if p.FeatureWaits && len(on) == 0 && err == nil {
		waiting = k.FeatureKey()
		on, err = openLevels(tx, waiting)
	}
	if len(on) == 0 { // what it waited for was completed in this transaction
		waiting = plan.Key{}
	}
	return waiting, on, err
}

// openLevels returns the features and epics that an item waits for and that are
// not over.
func openLevels(tx *store.Tx, k plan.Key) (open []plan.Key, err error) {
	on, err := tx.LevelsOf(k)
	for _, level := range on {
		if err != nil {
			return nil, err
		}
		var over bool
		if over, err = tx.Over(level); !over {
			open = append(open, level)
		}
	}
	return open, err
}

// linkedItems returns features and epics as the other ends of dependencies.
func linkedItems(tx *store.Tx, keys []plan.Key) (out []Linked, err error) {
	for _, k := range keys {
		item, err := loadItem(tx, k)
		if err != nil {
			return nil, err
		}
		out = append(out, Linked{Key: k, Title: item.Title(), Status: item.statusWord()})
	}
	return out, nil
}

// statusWord is the item's status, whatever its level.
func (i Item) statusWord() plan.AnyStatus {
	switch {
	case i.Epic != nil:
		return plan.AnyStatus(i.Epic.Status)
	case i.Feature != nil:
		return plan.AnyStatus(i.Feature.Status)
	}
	return plan.AnyStatus(i.Task.Status)
}

// levelOver reports whether nobody waits for a feature or an epic any more;
// plan.NotFound if it does not exist.
func levelOver(tx *store.Tx, k plan.Key) (bool, error) {
	if _, err := loadItem(tx, k); err != nil {
		return false, err
	}
	return tx.Over(k)
}
