package tracker

import (
	"maps"
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// edgesInto returns the dependencies of tasks that stay on tasks that move.
func (m *mover) edgesInto(tasks []plan.Task) (out []store.Edge, err error) {
	moving, ids := map[plan.Key]bool{}, make([]int64, len(tasks))
	for i, t := range tasks {
		moving[t.Key], ids[i] = true, t.ID
	}
	edges, err := m.tx.EdgesOnto(ids)
	return slices.DeleteFunc(edges, func(e store.Edge) bool { return moving[e.Task] }), err
}

// levelsInto returns the dependencies of what stays on features that move.
func (m *mover) levelsInto(features []plan.Feature) (out []store.Edge, err error) {
	moving := func(k plan.Key) bool {
		return slices.ContainsFunc(features, func(f plan.Feature) bool { return f.Key.Contains(k) })
	}
	for _, f := range features {
		dependants, err := m.tx.LevelDependants(f.Key)
		if err != nil {
			return nil, err
		}
		for _, d := range dependants {
			if !moving(d) {
				out = append(out, store.Edge{Task: d, DependsOn: f.Key})
			}
		}
	}
	return out, nil
}

// tell records with the items that stay that what they depend on has another key.
func (m *mover) tell(edges []store.Edge) error {
	of := map[plan.Key][]plan.Key{}
	for _, e := range edges {
		of[e.Task] = append(of[e.Task], e.DependsOn)
	}
	return recordAll(m.tx, slices.Collect(maps.Keys(of)), func(k plan.Key) plan.History {
		removed, added := m.renamed(of[k])
		return plan.History{Notes: plan.DependencyMoved, Change: plan.Change{"depends_on": {keyStrings(removed), keyStrings(added)}}}
	})
}

// tellLinks records with the items that stay that what they are linked to has
// another key.
func (m *mover) tellLinks(links []store.LinkRow) error {
	was, is := map[plan.Key][]plan.Link{}, map[plan.Key][]plan.Link{}
	for _, row := range links {
		was[row.Item] = append(was[row.Item], row.Link())
		row.To = m.now(row.To)
		is[row.Item] = append(is[row.Item], row.Link())
	}
	return recordAll(m.tx, slices.Collect(maps.Keys(was)), func(k plan.Key) plan.History {
		return plan.History{Notes: plan.LinkMoved, Change: plan.Change{"links": {plan.LinksOf(was[k]), plan.LinksOf(is[k])}}}
	})
}

// recordAll records a change beside the rows of items that stay, the tasks among them
// with a statement for many.
func recordAll(tx *store.Tx, keys []plan.Key, of func(plan.Key) plan.History) error {
	slices.SortFunc(keys, inOrderOfLocks)
	tasks := ofLevel(keys, plan.LevelTask)
	if err := tx.LockTasks(tasks); err != nil {
		return err
	}
	items, err := eachItem(tx, tasks)
	if err != nil {
		return err
	}
	changes := make([]store.TaskChange, len(items))
	for i, item := range items {
		changes[i] = store.TaskChange{Before: *item.Task, After: item.Task, Record: of(item.Key())}
	}
	if err := tx.SaveTasks(changes); err != nil {
		return err
	}
	for _, k := range keys[len(tasks):] {
		item, err := lockItem(tx, k)
		if err == nil {
			err = saveBeside(tx, item, of(k))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// noteSettled notes that others wait for a task no more, since it is under what
// is closed now, or wait for it again.
func (m *mover) noteSettled(before, after plan.Task) error {
	if before.Done() {
		return nil
	}
	old, err := m.parentsOf(before.FeatureKey)
	if err != nil {
		return err
	}
	now, err := m.parentsOf(after.FeatureKey)
	was, is := closedBy(before.Key, old) != closedIn{}, closedBy(after.Key, now) != closedIn{}
	switch {
	case is && !was:
		m.settled[after.Key] = -1
	case was && !is:
		m.settled[after.Key] = +1
	}
	return err
}

// settle counts for those who depend on moved tasks what noteSettled noted.
func (m *mover) settle() error {
	var ids []int64
	for k := range m.settled {
		ids = append(ids, k.Ordinal())
	}
	edges, err := m.tx.EdgesOnto(ids)
	if err != nil {
		return err
	}
	by := map[plan.Key]int{}
	for _, e := range edges {
		by[e.Task] += m.settled[e.DependsOn]
	}
	opened := m.tx.NewOpened()
	for _, k := range slices.SortedFunc(maps.Keys(by), plan.Key.Compare) {
		if err := opened.Add(k, by[k]); err != nil {
			return err
		}
	}
	return opened.Flush()
}
