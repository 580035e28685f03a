package tracker

import (
	"maps"
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// edgesInto returns the dependencies of tasks that stay on tasks that move.
func (m *mover) edgesInto(tasks []plan.Task) (out []store.Edge, err error) {
	moving := map[plan.Key]bool{}
	for _, t := range tasks {
		moving[t.Key] = true
	}
	for _, t := range tasks {
		dependants, err := m.tx.DependantsOf(t.Key)
		if err != nil {
			return nil, err
		}
		for _, d := range dependants {
			if !moving[d] {
				out = append(out, store.Edge{Task: d, DependsOn: t.Key})
			}
		}
	}
	return out, nil
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
	for _, k := range slices.SortedFunc(maps.Keys(of), plan.Key.Compare) {
		item, err := lockItem(m.tx, k)
		if err != nil {
			return err
		}
		removed, added := m.renamed(of[k])
		h := plan.History{Notes: "what it depends on was moved", Change: plan.Change{"depends_on": {keyStrings(removed), keyStrings(added)}}}
		if err := saveBeside(m.tx, item, h); err != nil {
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
	for _, k := range slices.SortedFunc(maps.Keys(m.settled), plan.Key.Compare) {
		if err := m.tx.AddOpenToDependants(k, m.settled[k]); err != nil {
			return err
		}
	}
	return nil
}
