package tracker

import (
	"slices"

	"pm/internal/interchange/vet"
	"pm/internal/plan"
	"pm/internal/store"
)

// levelEnds is ends for what waits for whole features and epics: it leaves of
// l.levels what leads to something that is there.
func (l *loader) levelEnds(lost, renamed map[plan.Key][]plan.Key) error {
	var there []store.Edge
	for _, e := range l.levels {
		is, err := l.levelThere(e.DependsOn)
		switch {
		case err != nil:
			return err
		case is:
			there = append(there, e)
			continue
		case l.restoring == nil:
			return vet.AtLine(l.lineOf(e.Task), plan.Errorf(plan.NotFound, "%s depends on %s, which is neither in the file nor in the plan", e.Task, e.DependsOn).
				WithHint("add it to the file, or remove the dependency there"))
		}
		lost[e.Task] = append(lost[e.Task], e.DependsOn)
		now, moved, err := l.tx.RefOwner(e.DependsOn.String())
		if err == nil && moved {
			moved, err = l.levelThere(now)
		}
		if err != nil {
			return err
		}
		if moved {
			renamed[e.Task] = append(renamed[e.Task], now)
			there = append(there, store.Edge{Task: e.Task, DependsOn: now})
		}
	}
	l.levels = there
	return nil
}

// levelThere reports whether a feature or an epic is in the file or there.
func (l *loader) levelThere(k plan.Key) (bool, error) {
	if _, seen := l.parents[k]; seen {
		return true, nil
	}
	_, err := loadItem(l.tx, k)
	if kindOf(err) == plan.NotFound {
		return false, nil
	}
	return err == nil, err
}

// tieLevels stores what waits for whole features and epics, now that the counts
// say which of these are over.
func (l *loader) tieLevels() error {
	for _, e := range l.levels {
		if added, err := l.tx.AddLevelEdge(e); err != nil || !added {
			return err
		}
		if err := countLevelEdge(l.tx, e, +1); err != nil {
			return err
		}
	}
	if l.uncycled {
		return nil
	}
	for _, e := range l.levels {
		if err := refuseCycle(l.tx, e); err != nil {
			return vet.AtLine(l.lineOf(e.Task), err)
		}
	}
	return nil
}

// checkFileCycles refuses circles through features and epics among what the file
// has, without what is there: for a dry run, which stores nothing.
func (l *loader) checkFileCycles() error {
	if len(l.levels) == 0 || l.uncycled {
		return nil
	}
	all := slices.Clone(l.levels)
	for task, on := range l.edges.Edges() {
		all = append(all, store.Edge{Task: task, DependsOn: on})
	}
	edgesOf := func(k plan.Key) (out []store.Edge, err error) {
		for _, e := range all {
			if k.Contains(e.Task) || e.Task.Contains(k) {
				out = append(out, e)
			}
		}
		return out, nil
	}
	for _, e := range l.levels {
		if path, _ := cycleAlong(e, edgesOf); path != nil {
			return vet.AtLine(l.lineOf(e.Task), cycleOf(append([]plan.Key{e.Task}, path...)))
		}
	}
	return nil
}
