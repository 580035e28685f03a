package tracker

import (
	"iter"
	"maps"
	"slices"

	"pm/internal/interchange/vet"
	"pm/internal/plan"
	"pm/internal/store"
)

// finish stores the dependencies, once both ends of all are there, and the counts.
func (l *loader) finish() error {
	if cycle := l.edges.Cycle(); cycle != nil {
		return vet.AtLine(l.lineOf(cycle[0]), plan.Errorf(plan.Refused, "dependency cycle in the file: %s", plan.JoinKeys(cycle, " -> ")).WithCode("cycle").
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
	lost, renamed, err := l.ends()
	if err == nil {
		err = l.levelEnds(lost, renamed)
	}
	if err == nil {
		err = l.checkFileCycles()
	}
	if err == nil {
		err = l.finishLinks()
	}
	if err != nil || l.dryRun {
		return err
	}
	if err := l.hideMemories(); err != nil {
		return err
	}
	if err := l.tx.AddDependencies(l.standing(&l.edges, func(done bool) bool { return true })); err != nil {
		return err
	}
	if err := l.moved.flush(l.tx); err != nil {
		return err
	}
	if err := l.offer(); err != nil {
		return err
	}
	if err := addOpen(l.tx, l.standing(&l.later, func(done bool) bool { return !done })); err != nil {
		return err
	}
	if err := l.tieLevels(); err != nil {
		return err
	}
	if l.untold {
		if err := l.tx.CountAnswers(); err != nil {
			return err
		}
	}
	if l.partial && l.restoring == nil {
		if err := l.tx.CompleteOperations(); err != nil {
			return err
		}
	}
	return l.finishRestore(lost, renamed)
}

// ends looks for the tasks that others depend on. What is restored loses those
// that were deleted since, and follows those that were moved.
func (l *loader) ends() (lost, renamed map[plan.Key][]plan.Key, err error) {
	lost, renamed = map[plan.Key][]plan.Key{}, map[plan.Key][]plan.Key{}
	for task, on := range l.edges.Edges() {
		there, err := l.end(on)
		switch {
		case err != nil:
			return nil, nil, err
		case there:
			continue
		case l.restoring == nil:
			return nil, nil, vet.AtLine(l.lineOf(task), plan.Errorf(plan.NotFound, "%s depends on %s, which is neither in the file nor in the plan", task, on).
				WithHint("add it to the file, or remove the dependency there"))
		}
		lost[task] = append(lost[task], on)
		now, moved, err := l.movedEnd(on)
		if err != nil {
			return nil, nil, err
		}
		if moved {
			renamed[task] = append(renamed[task], now)
		}
	}
	for task, ends := range renamed {
		for _, on := range ends {
			l.edges.Add(task, on)
			l.later.Add(task, on)
		}
	}
	return lost, renamed, nil
}

// standing are the dependencies on tasks that are there, and done or not as
// which wants them.
func (l *loader) standing(all *plan.Graph, which func(done bool) bool) iter.Seq[store.Edge] {
	return func(yield func(store.Edge) bool) {
		for task, on := range all.Edges() {
			if there, done := l.tasks.of(on); there && which(done) && !yield(store.Edge{Task: task, DependsOn: on}) {
				return
			}
		}
	}
}

// movedEnd returns where the task that another depends on was moved.
func (l *loader) movedEnd(on plan.Key) (now plan.Key, moved bool, err error) {
	now, moved, err = l.tx.RefOwner(on.String())
	if err == nil && moved {
		moved, err = l.end(now)
	}
	return now, moved, err
}

// flush stores what waits, and moves the features' counters past it.
func (l *loader) flush() error {
	if l.dryRun {
		return nil
	}
	if err := l.bulk.Flush(); err != nil {
		return err
	}
	for _, f := range slices.SortedFunc(maps.Keys(l.last), plan.Key.Compare) {
		if err := l.tx.RaiseLastTask(f, l.last[f]); err != nil {
			return err
		}
	}
	return nil
}

// end reports whether the task that another depends on is there: in the file,
// or before. Then it is one of l.tasks.
func (l *loader) end(k plan.Key) (there bool, err error) {
	if there, _ := l.tasks.of(k); there {
		return true, nil
	}
	find := l.tx.LockTask
	if l.dryRun {
		find = l.tx.Task
	}
	on, err := find(k)
	if kindOf(err) == plan.NotFound {
		return false, nil
	}
	if err == nil {
		l.tasks.add(k, on.Done())
	}
	return err == nil, err
}

// addOpen counts dependencies on tasks that are not done, but for those under
// what is closed. Those of one task come together. It is for tasks that the
// transaction has added itself, once the statuses of all parents stand still.
func addOpen(tx *store.Tx, edges iter.Seq[store.Edge]) error {
	closed, open := map[plan.Key]bool{}, tx.NewOpened()
	of, n := plan.Key{}, 0
	for e := range edges {
		f := e.DependsOn.FeatureKey()
		if _, known := closed[f]; !known {
			c, err := closedParent(tx, e.DependsOn)
			if err != nil {
				return err
			}
			closed[f] = c != closedIn{}
		}
		if closed[f] {
			continue
		}
		if e.Task != of {
			if err := open.Add(of, n); err != nil {
				return err
			}
			of, n = e.Task, 0
		}
		n++
	}
	return firstError(open.Add(of, n), open.Flush())
}

// offer looks again whether the tasks are offered whose parents were there
// before: only now that the counts are written does their status stand still.
func (l *loader) offer() error {
	for _, f := range slices.SortedFunc(maps.Keys(l.moved), plan.Key.Compare) {
		if l.stored[f] && l.stored[f.EpicKey()] {
			continue
		}
		if err := firstError(l.tx.OfferTasks(f), deferUnder(l.tx, f)); err != nil {
			return err
		}
	}
	return nil
}

// finishRestore records which dependencies did not come back, or came back to
// tasks that were moved, and ties what
// elsewhere depended on what was restored to it again.
func (l *loader) finishRestore(lost, renamed map[plan.Key][]plan.Key) error {
	for _, k := range slices.SortedFunc(maps.Keys(lost), plan.Key.Compare) {
		item, err := lockItem(l.tx, k)
		if err != nil {
			return err
		}
		h := plan.History{Notes: "restored, and what it depends on was deleted or moved since", Change: plan.Change{"depends_on": {keyStrings(lost[k]), keyStrings(renamed[k])}}}
		if err := saveBeside(l.tx, item, h); err != nil {
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

// tieAgain lets an item elsewhere wait again for one that was restored, if
// both are still there and no cycle has come about since.
func (l *loader) tieAgain(e store.Edge) error {
	locked, err := lockItems(l.tx, []plan.Key{e.Task, e.DependsOn})
	if kindOf(err) == plan.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	added, err := addEdge(l.tx, e, locked[e.DependsOn])
	if kindOf(err) == plan.Refused || err == nil && !added {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = recordEdges(l.tx, locked[e.Task], nil, []plan.Key{e.DependsOn})
	return err
}
