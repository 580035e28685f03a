package tracker

import (
	"maps"
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// finish stores the dependencies, once both ends of all are there, and the counts.
func (l *loader) finish() error {
	if cycle := plan.Cycle(graphOf(l.edges)); cycle != nil {
		return atLine(l.lines[cycle[0]], plan.Errorf(plan.Refused, "dependency cycle in the file: %s", plan.JoinKeys(cycle, " -> ")).WithCode("cycle").
			WithHint("remove one of these dependencies from the file"))
	}
	if err := l.flush(); err != nil {
		return err
	}
	if l.restoring != nil {
		if err := l.restoring(); err != nil {
			return err
		}
	}
	var waits []store.Edge // to tasks that are not done
	lost, renamed := map[plan.Key][]plan.Key{}, map[plan.Key][]plan.Key{}
	edges, added := []store.Edge{}, map[store.Edge]bool{}
	for _, e := range l.edges {
		there, done, err := l.end(e.DependsOn)
		if err != nil {
			return err
		}
		if !there && l.restoring == nil {
			return atLine(l.lines[e.Task], plan.Errorf(plan.NotFound, "%s depends on %s, which is neither in the file nor there already", e.Task, e.DependsOn).
				WithHint("add it to the file, or remove the dependency there"))
		}
		if !there { // deleted since, or moved
			lost[e.Task] = append(lost[e.Task], e.DependsOn)
			if there, done, err = l.movedEnd(&e); err != nil {
				return err
			}
			if there {
				renamed[e.Task] = append(renamed[e.Task], e.DependsOn)
			}
		}
		if !there || added[e] {
			continue
		}
		added[e], edges = true, append(edges, e)
		if !done {
			waits = append(waits, e)
		}
	}
	if l.dryRun {
		return nil
	}
	if err := l.tx.AddDependencies(edges); err != nil {
		return err
	}
	if err := l.moved.flush(l.tx); err != nil {
		return err
	}
	if err := l.offer(); err != nil {
		return err
	}
	if err := addOpen(l.tx, waits); err != nil {
		return err
	}
	if l.partial && l.restoring == nil {
		if err := l.tx.CompleteOperations(); err != nil {
			return err
		}
	}
	return l.finishRestore(lost, renamed)
}

// movedEnd leads an edge to where the task that another depends on was moved.
func (l *loader) movedEnd(e *store.Edge) (there, done bool, err error) {
	now, moved, err := l.tx.RefOwner(e.DependsOn.String())
	if err != nil || !moved {
		return false, false, err
	}
	e.DependsOn = now
	return l.end(now)
}

// flush stores what waits, and moves the features' counters past it.
func (l *loader) flush() error {
	if l.dryRun {
		return nil
	}
	if err := l.bulk.Flush(); err != nil {
		return err
	}
	for _, f := range slices.SortedFunc(maps.Keys(l.last), byOrdinal) {
		if err := l.tx.RaiseLastTask(f, l.last[f]); err != nil {
			return err
		}
	}
	return nil
}

// An end is a task that another depends on: whether it is there, and done.
type end struct{ there, done bool }

// end looks for the task that another depends on: in the file, or there before.
func (l *loader) end(k plan.Key) (there, done bool, err error) {
	if done, here := l.done[k]; here {
		return true, done, nil
	}
	if seen, again := l.ends[k]; again {
		return seen.there, seen.done, nil
	}
	find := l.tx.LockTask
	if l.dryRun {
		find = l.tx.Task
	}
	on, err := find(k)
	if err != nil && kindOf(err) != plan.NotFound {
		return false, false, err
	}
	l.ends[k] = end{err == nil, err == nil && on.Done()}
	return l.ends[k].there, l.ends[k].done, nil
}

// addOpen counts dependencies on tasks that are not done, but for those under
// what is closed. It is for tasks that the transaction has added itself, once
// the statuses of all parents stand still.
func addOpen(tx *store.Tx, edges []store.Edge) error {
	open, closed := map[plan.Key]int{}, map[plan.Key]bool{}
	for _, e := range edges {
		f := e.DependsOn.FeatureKey()
		if _, known := closed[f]; !known {
			c, err := closedParent(tx, e.DependsOn)
			if err != nil {
				return err
			}
			closed[f] = c != closedIn{}
		}
		if !closed[f] {
			open[e.Task]++
		}
	}
	return tx.AddOpenToEach(open)
}

// offer looks again whether the tasks are offered whose parents were there
// before: only now that the counts are written does their status stand still.
func (l *loader) offer() error {
	for _, f := range slices.SortedFunc(maps.Keys(l.moved), byOrdinal) {
		if l.stored[f] && l.stored[f.EpicKey()] {
			continue
		}
		if err := l.tx.OfferTasks(f); err != nil {
			return err
		}
	}
	return nil
}

// finishRestore records which dependencies did not come back, or came back to
// tasks that were moved, and ties what
// elsewhere depended on what was restored to it again.
func (l *loader) finishRestore(lost, renamed map[plan.Key][]plan.Key) error {
	for _, k := range slices.SortedFunc(maps.Keys(lost), byOrdinal) {
		task, err := l.tx.LockTask(k)
		if err != nil {
			return err
		}
		h := plan.History{Notes: "restored, and what it depends on was deleted or moved since", Change: plan.Change{"depends_on": {keyStrings(lost[k]), keyStrings(renamed[k])}}}
		if err := l.tx.SaveTask(task, &task, h); err != nil {
			return err
		}
	}
	for _, e := range l.into {
		if err := l.tieAgain(e); err != nil {
			return err
		}
	}
	return nil
}

// tieAgain lets a task elsewhere wait again for one that was restored, if
// both are still there and no cycle has come about since.
func (l *loader) tieAgain(e store.Edge) error {
	locked, err := lockAll(l.tx, []plan.Key{e.Task, e.DependsOn})
	if kindOf(err) == plan.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	added, err := addEdge(l.tx, e.Task, locked[e.DependsOn])
	if kindOf(err) == plan.Refused || err == nil && !added {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = recordEdges(l.tx, locked[e.Task], nil, []plan.Key{e.DependsOn})
	return err
}

func graphOf(edges []store.Edge) map[plan.Key][]plan.Key {
	graph := map[plan.Key][]plan.Key{}
	for _, e := range edges {
		graph[e.Task] = append(graph[e.Task], e.DependsOn)
	}
	return graph
}
