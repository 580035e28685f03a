package tracker

import (
	"maps"
	"slices"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
)

// A loader stores the lines of one export in one transaction.
type loader struct {
	tx     *store.Tx
	dryRun bool
	report Imported

	parents map[plan.Key]plan.PlanStatus // statuses of epics and features seen so far
	stored  map[plan.Key]bool            // epics and features that were not there before
	done    map[plan.Key]bool            // tasks that were stored: whether they are done
	edges   []store.Edge                 // of tasks that were stored
	lines   map[plan.Key]int             // of the tasks that have edges
	into    []store.Edge                 // of other tasks, to tasks that were stored
	tops    []Item                       // stored items whose parents were not
	moved   counts
	last    map[plan.Key]int // the highest number of a stored task, by feature
	bulk    *store.Bulk
}

func newLoader(tx *store.Tx, dryRun bool) *loader {
	return &loader{tx: tx, dryRun: dryRun, report: Imported{DryRun: dryRun},
		parents: map[plan.Key]plan.PlanStatus{}, stored: map[plan.Key]bool{}, done: map[plan.Key]bool{}, lines: map[plan.Key]int{}, moved: counts{}, last: map[plan.Key]int{}, bulk: tx.NewBulk()}
}

func (l *loader) line(line any, n int) error {
	switch r := line.(type) {
	case interchange.Header:
		return l.header(r)
	case interchange.EpicRecord:
		return l.epic(r)
	case interchange.FeatureRecord:
		return l.feature(r)
	case interchange.TaskRecord:
		return l.task(r, n)
	case interchange.EdgeRecord:
		l.into = append(l.into, store.Edge{Task: r.Task, DependsOn: r.DependsOn})
	}
	return nil
}

func (l *loader) header(h interchange.Header) error {
	if l.dryRun {
		return nil
	}
	if err := l.tx.RaiseLastEpic(h.LastEpic); err != nil || len(h.Deleted) == 0 {
		return err
	}
	there, err := l.tx.PlanHistory(plan.Key{})
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, r := range there {
		known[r.Hash] = true
	}
	var fresh []plan.History
	for _, r := range h.Deleted {
		if !known[r.Hash] {
			fresh = append(fresh, r)
		}
	}
	return l.history(plan.Key{}, fresh)
}

// known compares an item of the file with the one of its key that is there.
func (l *loader) known(k plan.Key, err error, there, given int64, thereHash, givenHash string) (bool, error) {
	if kindOf(err) == plan.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if there != given || thereHash != givenHash {
		return false, plan.Errorf(plan.Conflict, "%s is there already and differs: version %d here, %d in the file", k, there, given).
			WithCode("differs").WithHint("pm show %s shows it as it is here; import into a new database to compare", k)
	}
	l.report.Unchanged.add(k.Level())
	return true, nil
}

func (l *loader) epic(r interchange.EpicRecord) error {
	e := r.Item()
	there, err := l.tx.Epic(e.Key)
	known, err := l.known(e.Key, err, there.Version, e.Version, there.HistoryHash, e.HistoryHash)
	l.parents[e.Key] = e.Status
	if known || err != nil {
		return err
	}
	l.report.Created.add(plan.LevelEpic)
	l.tops = append(l.tops, Item{Epic: &e})
	l.stored[e.Key] = true
	if l.dryRun {
		return nil
	}
	e.TasksTotal, e.TasksCompleted = 0, 0 // counted as the tasks come
	if err := firstError(l.tx.RaiseLastEpic(e.Key.Epic), l.tx.PutEpic(&e)); err != nil {
		return err
	}
	return l.history(e.Key, r.History)
}

func (l *loader) feature(r interchange.FeatureRecord) error {
	f := r.Item()
	there, err := l.tx.Feature(f.Key)
	known, err := l.known(f.Key, err, there.Version, f.Version, there.HistoryHash, f.HistoryHash)
	l.parents[f.Key] = f.Status
	if known || err != nil {
		return err
	}
	l.report.Created.add(plan.LevelFeature)
	l.top(Item{Feature: &f}, f.Key.EpicKey())
	l.stored[f.Key] = true
	if err := l.parent(f.Key.EpicKey()); err != nil || l.dryRun {
		return err
	}
	f.TasksTotal, f.TasksCompleted, f.ProgressPct = 0, 0, 0
	if err := firstError(l.tx.RaiseLastFeature(f.Key.EpicKey(), f.Key.Feature), l.tx.PutFeature(&f)); err != nil {
		return err
	}
	return l.history(f.Key, r.History)
}

func (l *loader) task(r interchange.TaskRecord, line int) error {
	t := r.Item()
	if known, err := l.knownTask(t); known || err != nil {
		return err
	}
	l.report.Created.add(plan.LevelTask)
	feature, epic := t.Key.FeatureKey(), t.Key.EpicKey()
	l.top(Item{Task: &t}, feature)
	if err := firstError(l.parent(epic), l.parent(feature)); err != nil {
		return err
	}
	l.done[t.Key] = t.Done()
	for _, on := range t.DependsOn {
		l.edges = append(l.edges, store.Edge{Task: t.Key, DependsOn: on})
		l.lines[t.Key] = line
	}
	if l.dryRun {
		return nil
	}
	t.Offered = l.parents[feature] == plan.PlanActive && l.parents[epic] == plan.PlanActive
	t.OpenDependencies = 0 // counted at the end, when all tasks are there
	total, completed := t.Counts()
	l.moved.addTally(feature, tally{total, completed})
	l.last[feature] = max(l.last[feature], t.Key.Task)
	return l.store(t, r)
}

// knownTask is known for a task. Under a feature that was not there before no
// task can be, unless the file has it twice.
func (l *loader) knownTask(t plan.Task) (bool, error) {
	if _, twice := l.done[t.Key]; !twice && l.stored[t.Key.FeatureKey()] {
		return false, nil
	}
	if err := l.bulk.Flush(); err != nil {
		return false, err
	}
	there, err := l.tx.Task(t.Key)
	return l.known(t.Key, err, there.Version, t.Version, there.HistoryHash, t.HistoryHash)
}

func (l *loader) store(t plan.Task, r interchange.TaskRecord) error {
	if err := l.bulk.Put(&t); err != nil {
		return err
	}
	for _, h := range r.History {
		if err := l.bulk.PutHistory(t.Key, h); err != nil {
			return err
		}
	}
	for _, n := range r.Notes {
		n.Key = t.Key
		if err := l.bulk.PutNote(n); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) history(of plan.Key, records []plan.History) error {
	for _, h := range records {
		if err := l.tx.PutHistory(of, h); err != nil {
			return err
		}
	}
	return nil
}

// top notes an item that is stored under a parent that was there before.
func (l *loader) top(i Item, parent plan.Key) {
	if !l.stored[parent] {
		l.tops = append(l.tops, i)
	}
}

// parent makes sure that an epic or a feature is in the file or there already.
func (l *loader) parent(k plan.Key) error {
	if _, seen := l.parents[k]; seen {
		return nil
	}
	item, err := loadItem(l.tx, k)
	if err != nil {
		return err
	}
	if item.Epic != nil {
		l.parents[k] = item.Epic.Status
	} else {
		l.parents[k] = item.Feature.Status
	}
	return nil
}

// finish stores the dependencies, once both ends of all are there, and the counts.
func (l *loader) finish(restored func(*store.Tx, Item) error) error {
	if cycle := plan.Cycle(graphOf(l.edges)); cycle != nil {
		return atLine(l.lines[cycle[0]], plan.Errorf(plan.Refused, "the dependencies of the file have a cycle: %s", joinKeys(cycle, " -> ")).WithCode("cycle").
			WithHint("take one of them out of the file"))
	}
	if err := l.flush(); err != nil {
		return err
	}
	open := map[plan.Key]int{}
	for _, e := range l.edges {
		there, done, err := l.end(e.DependsOn)
		if err != nil {
			return err
		}
		if !there && restored == nil {
			return atLine(l.lines[e.Task], plan.Errorf(plan.NotFound, "%s depends on %s, which is neither in the file nor there already", e.Task, e.DependsOn).
				WithHint("pm restore brings back what was deleted without it"))
		}
		if !there || l.dryRun {
			continue // deleted since: a dependency on nothing holds nobody back
		}
		added, err := l.tx.AddDependency(e)
		if err != nil {
			return err
		}
		if added && !done {
			open[e.Task]++
		}
	}
	if l.dryRun {
		return nil
	}
	if err := l.addOpen(open); err != nil {
		return err
	}
	if err := l.moved.flush(l.tx); err != nil {
		return err
	}
	if err := l.offer(); err != nil {
		return err
	}
	return l.finishRestore(restored)
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

// end looks for the task that another depends on: in the file, or there before.
func (l *loader) end(k plan.Key) (there, done bool, err error) {
	if done, here := l.done[k]; here {
		return true, done, nil
	}
	find := l.tx.LockTask
	if l.dryRun {
		find = l.tx.Task
	}
	on, err := find(k)
	if kindOf(err) == plan.NotFound {
		return false, false, nil
	}
	return true, on.Done(), err
}

func (l *loader) addOpen(open map[plan.Key]int) error {
	keys := make([]plan.Key, 0, len(open))
	for k := range open {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, byOrdinal)
	for _, k := range keys {
		if err := l.tx.AddOpen(k, open[k]); err != nil {
			return err
		}
	}
	return nil
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

func (l *loader) finishRestore(restored func(*store.Tx, Item) error) error {
	if restored == nil {
		return nil
	}
	for _, top := range l.tops {
		if err := restored(l.tx, top); err != nil {
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

func joinKeys(keys []plan.Key, between string) (s string) {
	for i, k := range keys {
		if i > 0 {
			s += between
		}
		s += k.String()
	}
	return s
}
