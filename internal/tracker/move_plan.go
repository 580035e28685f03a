package tracker

import (
	"maps"
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// A mover moves items to one parent.
type mover struct {
	tx       *store.Tx
	to       plan.Key
	keys     map[plan.Key]plan.Key // of the tasks that move: from the old to the new
	branches map[plan.Key]plan.Key // of the features that move
	locked   []Item                // what was asked for
	moved    counts
	parents  map[plan.Key]store.Parents // by feature, as far as they were asked for
	settled  map[plan.Key]int           // of moved tasks that others wait for no more, -1, or wait for again, +1
	warnings []Warning
	together bool // with other moves, after which cycles are looked for

	back map[plan.Key]plan.Key // an undo: the former keys that they get again
}

// now returns the key that an item has after the move.
func (m *mover) now(k plan.Key) plan.Key {
	if to, moved := m.keys[k]; moved {
		return to
	}
	if to, moved := m.branches[k]; moved {
		return to
	}
	return k
}

// lock keeps others from changing what moves, what it lies under, and what
// depends on it.
func (m *mover) lock(keys []plan.Key) error {
	if err := m.tx.LockGraph(); err != nil {
		return err
	}
	trash, err := m.tx.Trash()
	if err != nil {
		return err
	}
	inOrder := slices.SortedFunc(slices.Values(keys), inOrderOfLocks)
	for _, k := range ofLevel(inOrder, plan.LevelFeature) {
		for _, t := range trash {
			if k.Contains(t.Key) && t.Key != k {
				return plan.Errorf(plan.Refused, "cannot move %s: %s of it is in the trash", k, t.Key).WithCode("in_trash").
					WithHint("restore it first: pm restore %s, or delete it for good: pm trash empty", t.Key)
			}
		}
		if err := m.tx.LockUnder(k); err != nil {
			return err
		}
	}
	if _, err := m.tx.LockWithDependants(ofLevel(inOrder, plan.LevelTask)); err != nil {
		return err
	}
	if m.locked, err = eachItem(m.tx, keys); err != nil {
		return err
	}
	if k := m.to; k.Level() == plan.LevelFeature {
		if _, err := m.tx.LockFeature(k); err != nil {
			return err
		}
	}
	_, err = m.tx.LockEpic(m.to.EpicKey())
	return err
}

// run moves the locked items that are not under their new parent yet, or that an
// undo gives another key there.
func (m *mover) run(keys []plan.Key) error {
	m.branches, m.moved, m.parents, m.settled = map[plan.Key]plan.Key{}, counts{}, map[plan.Key]store.Parents{}, map[plan.Key]int{}
	going := slices.DeleteFunc(slices.Clone(keys), m.stays)
	if len(going) == 0 {
		return nil
	}
	tasks, features, err := m.load()
	if err != nil {
		return err
	}
	edges, err := m.edgesInto(tasks)
	if err != nil {
		return err
	}
	levels, err := m.levelsInto(features)
	if err != nil {
		return err
	}
	edges = append(edges, levels...)
	if err := m.number(going, tasks); err != nil {
		return err
	}
	links, err := m.linksInto(going)
	if err != nil {
		return err
	}
	progress := m.tx.Announce(len(tasks))
	for _, f := range features {
		if err := m.putFeature(f); err != nil {
			return err
		}
	}
	if err := m.putTasks(tasks, progress); err != nil {
		return err
	}
	if err := m.rekey(going); err != nil {
		return err
	}
	if err := firstError(m.tell(edges), m.tellLinks(links), m.settle()); err != nil {
		return err
	}
	if err := m.moved.flush(m.tx); err != nil || m.together {
		return err
	}
	return checkMovedCycles(m.tx, m.to)
}

// stays reports whether an item is where it is to be. An undo may give it another
// key under the same parent.
func (m *mover) stays(k plan.Key) bool {
	return k.Parent() == m.to && (m.back == nil || m.back[k] == k)
}

// rekey takes along what belongs to the items whose rows have their new keys,
// and notes their former keys, which an undo takes off again.
func (m *mover) rekey(going []plan.Key) error {
	if m.back != nil {
		if err := m.tx.RemoveFormerKeys(m.former()); err != nil {
			return err
		}
	}
	var tasks []store.Moved
	for _, k := range going {
		moved := store.Moved{From: k, To: m.now(k)}
		if k.Level() == plan.LevelTask {
			tasks = append(tasks, moved)
		} else if err := m.tx.MoveFeature(moved); err != nil {
			return err
		}
	}
	return firstError(m.tx.MoveTasks(tasks), m.tx.PutFormerKeys(m.former()))
}

// former returns the old keys in order, each with the new one.
func (m *mover) former() (out []store.Moved) {
	for _, of := range []map[plan.Key]plan.Key{m.keys, m.branches} {
		for _, k := range slices.SortedFunc(maps.Keys(of), plan.Key.Compare) {
			out = append(out, store.Moved{From: k, To: of[k]})
		}
	}
	return out
}

// load returns what moves of what is locked, and reads what lies under it.
func (m *mover) load() (tasks []plan.Task, features []plan.Feature, err error) {
	for _, item := range m.locked {
		if m.stays(item.Key()) {
			continue
		}
		if item.Task != nil {
			tasks = append(tasks, *item.Task)
			continue
		}
		features = append(features, *item.Feature)
		under, err := m.tx.Tasks(store.TaskFilter{Under: item.Key(), Sort: store.ByKey})
		if err != nil {
			return nil, nil, err
		}
		tasks = append(tasks, under...)
	}
	return tasks, features, nil
}

// number gives everything its new key. The tasks of a feature that moves keep
// their numbers in it.
func (m *mover) number(going []plan.Key, tasks []plan.Task) error {
	if m.back != nil {
		return m.numberBack(going, tasks)
	}
	if m.to.Level() == plan.LevelFeature {
		first, _, err := m.tx.NextTaskKeys(m.to, len(going))
		for _, k := range going {
			m.keys[k] = first
			first.Task++
		}
		return err
	}
	for _, k := range going {
		to, err := m.tx.NextFeatureKey(m.to)
		if err != nil {
			return err
		}
		m.branches[k] = to
	}
	m.numberTasks(tasks)
	return nil
}

// numberTasks gives the tasks of features that move their new keys.
func (m *mover) numberTasks(tasks []plan.Task) {
	for _, t := range tasks {
		to := m.branches[t.FeatureKey]
		to.Task = t.Key.Task
		m.keys[t.Key] = to
	}
}

// numberBack gives everything its former key again.
func (m *mover) numberBack(going []plan.Key, tasks []plan.Task) error {
	for _, k := range going {
		if k.Level() == plan.LevelFeature {
			m.branches[k] = m.back[k]
		} else {
			m.keys[k] = m.back[k]
		}
	}
	if m.to.Level() == plan.LevelEpic {
		m.numberTasks(tasks)
	}
	return nil
}
