package tracker

import (
	"context"
	"fmt"
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// Depend is the input of Tracker.AddDependencies and RemoveDependencies.
type Depend struct {
	Task      string   `json:"task" jsonschema:"key of the task, feature or epic that depends on the others" arg:"task"`
	DependsOn []string `json:"depends_on" jsonschema:"keys of its dependencies: tasks, or whole features and epics" arg:"depends_on"`
}

// AddDependencies makes an item wait for others, all or none. An edge that is
// there already is left as it is; one that would close a cycle is refused
// with the cycle.
func (t *Tracker) AddDependencies(ctx context.Context, in Depend) (Items, error) {
	key, on, err := in.keys()
	if err != nil {
		return Items{}, err
	}
	return write(ctx, t, call{"dep add", in}, func(tx *store.Tx) (Items, error) {
		return changeEdges(tx, key, on, func(item Item, locked map[plan.Key]Item) (out Items, err error) {
			var added []plan.Key
			for _, k := range on {
				isNew, err := addEdge(tx, store.Edge{Task: key, DependsOn: k}, locked[k])
				if err != nil {
					return out, err
				}
				if isNew {
					added = append(added, k)
				}
			}
			if item, err = recordEdges(tx, item, nil, added); err != nil {
				return out, err
			}
			out.Items = []Item{item}
			out.Warnings, err = notWaitedFor(tx, key, tasksAt(locked, on))
			return out, err
		})
	})
}

// RemoveDependencies makes an item wait no more for others. An edge that is
// not there is an error, and nothing is removed.
func (t *Tracker) RemoveDependencies(ctx context.Context, in Depend) (Item, error) {
	key, on, err := in.keys()
	if err != nil {
		return Item{}, err
	}
	return write(ctx, t, call{"dep remove", in}, func(tx *store.Tx) (Item, error) {
		out, err := changeEdges(tx, key, on, func(item Item, locked map[plan.Key]Item) (Items, error) {
			for _, k := range on {
				if err := removeEdge(tx, store.Edge{Task: key, DependsOn: k}, locked[k]); err != nil {
					return Items{}, err
				}
			}
			item, err := recordEdges(tx, item, on, nil)
			return Items{Items: []Item{item}}, err
		})
		if err != nil {
			return Item{}, err
		}
		return out.Items[0], nil
	})
}

// changeEdges locks both ends of edges, and changes them.
func changeEdges(tx *store.Tx, key plan.Key, on []plan.Key, change func(Item, map[plan.Key]Item) (Items, error)) (Items, error) {
	if err := tx.LockGraph(); err != nil {
		return Items{}, err
	}
	if key.Level() != plan.LevelTask {
		if err := tx.LockUnder(key); err != nil {
			return Items{}, err
		}
	}
	locked, err := lockItems(tx, append([]plan.Key{key}, on...))
	if err != nil {
		return Items{}, err
	}
	return change(locked[key], locked)
}

func (in Depend) keys() (item plan.Key, on []plan.Key, err error) {
	if item, err = plan.ParseKey(in.Task); err != nil {
		return item, nil, err
	}
	if on, err = anyKeys(in.DependsOn); err != nil {
		return item, nil, err
	}
	for _, k := range on {
		if item.Level() != plan.LevelTask && k.Level() == plan.LevelTask {
			return item, nil, onSingleTask(item.Level(), k.String()).WithHint("pm dep add %s %s", item, k.FeatureKey())
		}
	}
	return item, on, nil
}

func onSingleTask(level plan.Level, task string) *plan.Error {
	return plan.Errorf(plan.Invalid, "%s can only depend on features and epics, not on a single task such as %s", level.Article(), task).WithCode("bad_level").WithHint("name its feature instead")
}

// lockItems locks items in the order in which everybody does.
func lockItems(tx *store.Tx, keys []plan.Key) (map[plan.Key]Item, error) {
	out := map[plan.Key]Item{}
	for _, k := range slices.SortedFunc(slices.Values(keys), inOrderOfLocks) {
		item, err := lockItem(tx, k)
		if err != nil {
			return nil, err
		}
		out[k] = item
	}
	return out, nil
}

// tasksAt returns those of the items that are tasks.
func tasksAt(of map[plan.Key]Item, keys []plan.Key) (out []plan.Task) {
	for _, k := range keys {
		if t := of[k].Task; t != nil {
			out = append(out, *t)
		}
	}
	return out
}

// addEdge adds one dependency and counts it, unless it is there already. Both
// ends are locked.
func addEdge(tx *store.Tx, e store.Edge, on Item) (added bool, err error) {
	if e.IsLevel() {
		return addLevelEdge(tx, e)
	}
	if err := checkCycle(tx, e); err != nil {
		return false, err
	}
	if added, err = tx.AddDependency(e); err != nil || !added {
		return added, err
	}
	if ended, err := settled(tx, *on.Task); err != nil || ended {
		return true, err
	}
	return true, tx.AddOpen(e.Task, 1)
}

// checkCycle refuses a dependency between tasks that closes a circle.
func checkCycle(tx *store.Tx, e store.Edge) error {
	levels, err := tx.HasLevelEdges()
	if err != nil {
		return err
	}
	if levels {
		return refuseCycle(tx, e)
	}
	reached := e.Task == e.DependsOn
	if !reached {
		if reached, err = tx.Reaches(e.DependsOn, e.Task); err != nil {
			return err
		}
	}
	if reached {
		return cycleError(tx, e.Task, e.DependsOn)
	}
	return nil
}

func removeEdge(tx *store.Tx, e store.Edge, on Item) error {
	if e.IsLevel() {
		return removeLevelEdge(tx, e)
	}
	removed, err := tx.RemoveDependency(e)
	if err != nil {
		return err
	}
	if !removed {
		return noEdge(e.Task, e.DependsOn)
	}
	if ended, err := settled(tx, *on.Task); err != nil || ended {
		return err
	}
	return tx.AddOpen(e.Task, -1)
}

func noEdge(k, on plan.Key) error {
	return plan.Errorf(plan.NotFound, "%s does not depend on %s", k, on).WithHint("to see its dependencies: pm dep list %s", k)
}

// recordEdges writes the history of an item whose dependencies changed, and
// returns the item as it is then.
func recordEdges(tx *store.Tx, item Item, removed, added []plan.Key) (Item, error) {
	if len(removed)+len(added) > 0 {
		h := plan.History{Change: plan.Change{"depends_on": {keyStrings(removed), keyStrings(added)}}}
		if _, err := saveItem(tx, item, h, func(Item) {}); err != nil {
			return item, err
		}
	}
	return loadItem(tx, item.Key())
}

// loosen removes the dependencies of an item but for those on some items. Where those
// of several items change, all are loosened before one is tightened, since the old
// ones of one may close a cycle with the new of another.
func loosen(tx *store.Tx, now Item, on []plan.Key) (Item, error) {
	removed := slices.DeleteFunc(slices.Clone(now.dependsOn()), func(k plan.Key) bool { return slices.Contains(on, k) })
	locked, err := lockItems(tx, removed)
	if err != nil || len(removed) == 0 {
		return now, err
	}
	for _, k := range removed {
		if err := removeEdge(tx, store.Edge{Task: now.Key(), DependsOn: k}, locked[k]); err != nil {
			return now, err
		}
	}
	return recordEdges(tx, now, removed, nil)
}

// tighten adds the dependencies that an item does not have, and returns what it waits
// for anew.
func tighten(tx *store.Tx, now Item, on []plan.Key) (_ Item, added map[plan.Key]Item, err error) {
	there := now.dependsOn()
	missing := slices.DeleteFunc(slices.Clone(on), func(k plan.Key) bool { return slices.Contains(there, k) })
	if added, err = lockItems(tx, missing); err != nil || len(missing) == 0 {
		return now, added, err
	}
	for _, k := range missing {
		if _, err := addEdge(tx, store.Edge{Task: now.Key(), DependsOn: k}, added[k]); err != nil {
			return now, added, err
		}
	}
	now, err = recordEdges(tx, now, nil, missing)
	return now, added, err
}

func (i Item) dependsOn() []plan.Key {
	switch {
	case i.Epic != nil:
		return i.Epic.DependsOn
	case i.Feature != nil:
		return i.Feature.DependsOn
	}
	return i.Task.DependsOn
}

func loadTask(tx *store.Tx, k plan.Key) (plan.Task, error) {
	task, err := tx.Task(k)
	if err != nil {
		return task, err
	}
	one := []plan.Task{task}
	err = tx.LoadBeside(one)
	return one[0], err
}

func keyStrings(keys []plan.Key) any {
	if len(keys) == 0 {
		return nil
	}
	return plan.KeyWords(keys)
}

// cycleError prints the cycle that "task depends on on" would close.
func cycleError(tx *store.Tx, task, on plan.Key) error {
	path, err := way(tx, on, task)
	if err != nil {
		return err
	}
	return cycleOf(append([]plan.Key{task}, path...))
}

// way returns the shortest way along dependencies from one task to another,
// both included. The caller knows that there is one.
func way(tx *store.Tx, from, to plan.Key) ([]plan.Key, error) {
	cameFrom := map[plan.Key]plan.Key{from: {}}
	for queue := []plan.Key{from}; len(queue) > 0; queue = queue[1:] {
		if queue[0] == to {
			break
		}
		next, err := tx.DependenciesOf(queue[0])
		if err != nil {
			return nil, err
		}
		for _, k := range next {
			if _, seen := cameFrom[k]; !seen {
				cameFrom[k] = queue[0]
				queue = append(queue, k)
			}
		}
	}
	var path []plan.Key
	for k := to; !k.IsZero(); k = cameFrom[k] {
		path = append(path, k)
	}
	slices.Reverse(path)
	return path, nil
}

// ListDependencies is the input of Tracker.ListDependencies.
type ListDependencies struct {
	Task string `json:"task" jsonschema:"key of a task, a feature or an epic" arg:"task"`
	AsOf string `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// Dependencies is the answer of Tracker.ListDependencies.
type Dependencies struct {
	Task       plan.Key `json:"task"`
	DependsOn  []Linked `json:"depends_on"` // what it waits for, or waited for
	Dependants []Linked `json:"dependants"` // what waits for it
}

// A Linked is the other end of a dependency.
type Linked struct {
	Key     plan.Key       `json:"key"`
	Title   string         `json:"title"`
	Status  plan.AnyStatus `json:"status"`
	Outcome string         `json:"outcome,omitempty"` // in a context: what came out of a task that is completed; why an open one is not waited for
}

// ListDependencies returns both directions of an item's dependencies: tasks
// first, then whole features and epics.
func (t *Tracker) ListDependencies(ctx context.Context, in ListDependencies) (Dependencies, error) {
	key, err := plan.ParseKey(in.Task)
	if err != nil {
		return Dependencies{}, err
	}
	return readAt(ctx, t, in.AsOf, func(tx *store.Tx) (out Dependencies, err error) {
		if _, err = loadItem(tx, key); err != nil {
			return out, err
		}
		out.Task = key
		if out.DependsOn, err = linked(tx, tx.DependenciesOf, key); err != nil {
			return out, err
		}
		if err = addAbandoned(tx, out.DependsOn); err != nil {
			return out, err
		}
		if out.Dependants, err = linked(tx, tx.DependantsOf, key); err != nil {
			return out, err
		}
		for _, of := range []struct {
			find func(plan.Key) ([]plan.Key, error)
			into *[]Linked
		}{{tx.LevelsOf, &out.DependsOn}, {tx.LevelDependants, &out.Dependants}} {
			keys, err := of.find(key)
			if err != nil {
				return out, err
			}
			items, err := linkedItems(tx, keys)
			if err != nil {
				return out, err
			}
			*of.into = append(*of.into, items...)
		}
		return out, nil
	})
}

func linked(tx *store.Tx, of func(plan.Key) ([]plan.Key, error), k plan.Key) ([]Linked, error) {
	keys, err := of(k)
	if err != nil {
		return nil, err
	}
	tasks, err := tx.TasksOf(keys)
	if err != nil {
		return nil, err
	}
	out := make([]Linked, len(tasks))
	for i, task := range tasks {
		out[i] = Linked{Key: task.Key, Title: task.Title, Status: plan.AnyStatus(task.Status)}
	}
	return out, nil
}

// releaseDependants takes the tasks under k away from those elsewhere that
// wait for them, with a record in the history of each.
func releaseDependants(tx *store.Tx, edges []store.Edge, gone string) error {
	for _, e := range edges {
		locked, err := lockItems(tx, []plan.Key{e.Task, e.DependsOn})
		if err != nil {
			return err
		}
		if err := removeEdge(tx, e, locked[e.DependsOn]); err != nil {
			return err
		}
		h := plan.History{Notes: fmt.Sprintf("%s was deleted", gone),
			Change: plan.Change{"depends_on": {keyStrings([]plan.Key{e.DependsOn}), nil}}}
		if err := saveBeside(tx, locked[e.Task], h); err != nil {
			return err
		}
	}
	return nil
}

// saveBeside records with a locked item that something beside its row changed.
// It is no change of its holder's.
func saveBeside(tx *store.Tx, item Item, h plan.History) error {
	switch {
	case item.Epic != nil:
		return tx.SaveEpic(*item.Epic, item.Epic, h)
	case item.Feature != nil:
		return tx.SaveFeature(*item.Feature, item.Feature, h)
	}
	return tx.SaveTask(*item.Task, item.Task, h)
}
