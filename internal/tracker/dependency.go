package tracker

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pm/internal/plan"
	"pm/internal/store"
)

// Depend is the input of Tracker.AddDependencies and RemoveDependencies.
type Depend struct {
	Task      string   `json:"task" jsonschema:"key of the task that waits" arg:"task"`
	DependsOn []string `json:"depends_on" jsonschema:"keys of the tasks it waits for" arg:"depends_on"`
}

// AddDependencies makes a task wait for others, all or none. An edge that is
// there already is left as it is; one that would close a cycle is refused
// with the cycle.
func (t *Tracker) AddDependencies(ctx context.Context, in Depend) (Changed, error) {
	key, on, err := in.keys()
	if err != nil {
		return Changed{}, err
	}
	return write(ctx, t, call{"dep add", in}, func(tx *store.Tx) (out Changed, err error) {
		if err := tx.LockGraph(); err != nil {
			return out, err
		}
		locked, err := lockAll(tx, append([]plan.Key{key}, on...))
		if err != nil {
			return out, err
		}
		task := locked[key]
		var added []plan.Key
		for _, k := range on {
			isNew, err := addEdge(tx, key, locked[k])
			if err != nil {
				return out, err
			}
			if isNew {
				added = append(added, k)
			}
		}
		if task, err = recordEdges(tx, task, nil, added); err != nil {
			return out, err
		}
		out.Items = []plan.Task{task}
		out.Warnings, err = notWaitedFor(tx, key, tasksAt(locked, on))
		return out, err
	})
}

// RemoveDependencies makes a task wait no more for others. An edge that is
// not there is an error, and nothing is removed.
func (t *Tracker) RemoveDependencies(ctx context.Context, in Depend) (plan.Task, error) {
	key, on, err := in.keys()
	if err != nil {
		return plan.Task{}, err
	}
	return write(ctx, t, call{"dep remove", in}, func(tx *store.Tx) (plan.Task, error) {
		locked, err := lockAll(tx, append([]plan.Key{key}, on...))
		if err != nil {
			return plan.Task{}, err
		}
		for _, k := range on {
			if err := removeEdge(tx, key, locked[k]); err != nil {
				return plan.Task{}, err
			}
		}
		return recordEdges(tx, locked[key], on, nil)
	})
}

func (in Depend) keys() (task plan.Key, on []plan.Key, err error) {
	if task, err = keyAt(plan.LevelTask, in.Task); err == nil {
		on, err = taskKeys(in.DependsOn)
	}
	return task, on, err
}

// lockAll locks tasks in the order of their keys.
func lockAll(tx *store.Tx, keys []plan.Key) (map[plan.Key]plan.Task, error) {
	out := map[plan.Key]plan.Task{}
	for _, k := range slices.SortedFunc(slices.Values(keys), byOrdinal) {
		task, err := tx.LockTask(k)
		if err != nil {
			return nil, err
		}
		out[k] = task
	}
	return out, nil
}

func tasksAt(of map[plan.Key]plan.Task, keys []plan.Key) []plan.Task {
	out := make([]plan.Task, len(keys))
	for i, k := range keys {
		out[i] = of[k]
	}
	return out
}

// addEdge adds one dependency and counts it, unless it is there already.
func addEdge(tx *store.Tx, task plan.Key, on plan.Task) (added bool, err error) {
	reached := task == on.Key
	if !reached {
		if reached, err = tx.Reaches(on.Key, task); err != nil {
			return false, err
		}
	}
	if reached {
		return false, cycleError(tx, task, on.Key)
	}
	if added, err = tx.AddDependency(store.Edge{Task: task, DependsOn: on.Key}); err != nil || !added {
		return added, err
	}
	if ended, err := settled(tx, on); err != nil || ended {
		return true, err
	}
	return true, tx.AddOpen(task, 1)
}

func removeEdge(tx *store.Tx, task plan.Key, on plan.Task) error {
	removed, err := tx.RemoveDependency(store.Edge{Task: task, DependsOn: on.Key})
	if err != nil {
		return err
	}
	if !removed {
		return plan.Errorf(plan.NotFound, "%s does not depend on %s", task, on.Key).
			WithHint("run pm dep list %s to see its dependencies", task)
	}
	if ended, err := settled(tx, on); err != nil || ended {
		return err
	}
	return tx.AddOpen(task, -1)
}

// recordEdges writes the history of a task whose dependencies changed, and
// returns the task as it is then.
func recordEdges(tx *store.Tx, task plan.Task, removed, added []plan.Key) (plan.Task, error) {
	if len(removed)+len(added) > 0 {
		before := task
		if err := renewHeld(tx, &task); err != nil {
			return task, err
		}
		h := plan.History{Change: plan.Change{"depends_on": {keyStrings(removed), keyStrings(added)}}}
		if err := tx.SaveTask(before, &task, h); err != nil {
			return task, err
		}
	}
	return loadTask(tx, task.Key)
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
	words := []string{task.String()}
	for _, k := range path {
		words = append(words, k.String())
	}
	return plan.Errorf(plan.Refused, "dependency cycle: %s", strings.Join(words, " -> ")).WithCode("cycle").
		WithHint("remove one of these dependencies with pm dep remove")
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
	Task string `json:"task" jsonschema:"key of the task" arg:"task"`
}

// Dependencies is the answer of Tracker.ListDependencies.
type Dependencies struct {
	Task       plan.Key `json:"task"`
	DependsOn  []Linked `json:"depends_on"` // what it waits for, or waited for
	Dependants []Linked `json:"dependants"` // what waits for it
}

// A Linked is the other end of a dependency.
type Linked struct {
	Key     plan.Key        `json:"key"`
	Title   string          `json:"title"`
	Status  plan.TaskStatus `json:"status"`
	Outcome string          `json:"outcome,omitempty"` // in a context: what came out of a task that is completed; why an open one is not waited for
}

// ListDependencies returns both directions of a task's dependencies.
func (t *Tracker) ListDependencies(ctx context.Context, in ListDependencies) (Dependencies, error) {
	key, err := keyAt(plan.LevelTask, in.Task)
	if err != nil {
		return Dependencies{}, err
	}
	return read(ctx, t, func(tx *store.Tx) (out Dependencies, err error) {
		if _, err = tx.Task(key); err != nil {
			return out, err
		}
		out.Task = key
		if out.DependsOn, err = linked(tx, tx.DependenciesOf, key); err != nil {
			return out, err
		}
		if err = addAbandoned(tx, out.DependsOn); err != nil {
			return out, err
		}
		out.Dependants, err = linked(tx, tx.DependantsOf, key)
		return out, err
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
		out[i] = Linked{Key: task.Key, Title: task.Title, Status: task.Status}
	}
	return out, nil
}

// releaseDependants takes the tasks under k away from those elsewhere that
// wait for them, with a record in the history of each.
func releaseDependants(tx *store.Tx, edges []store.Edge, gone string) error {
	for _, e := range edges {
		locked, err := lockAll(tx, []plan.Key{e.Task, e.DependsOn})
		if err != nil {
			return err
		}
		if err := removeEdge(tx, e.Task, locked[e.DependsOn]); err != nil {
			return err
		}
		task := locked[e.Task]
		h := plan.History{Notes: fmt.Sprintf("%s was deleted", gone),
			Change: plan.Change{"depends_on": {keyStrings([]plan.Key{e.DependsOn}), nil}}}
		if err := tx.SaveTask(task, &task, h); err != nil {
			return err
		}
	}
	return nil
}
