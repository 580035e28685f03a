package tracker

import (
	"context"
	"maps"
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// Move is the input of Tracker.Move.
type Move struct {
	Keys []string `json:"keys" jsonschema:"keys of tasks, or of features" arg:"key"`
	To   string   `json:"to" jsonschema:"key of the feature that the tasks go to, or of the epic that the features go to" flag:"to"`
}

// Move gives tasks, or features with their tasks, the next free keys under
// another parent, all or none. Notes, history, dependencies, labels,
// references, claims and fences go along, and the old key stays a reference
// for ever. What lies under the parent already is left as it is.
func (t *Tracker) Move(ctx context.Context, in Move) (Items, error) {
	keys, err := anyKeys(in.Keys)
	if err != nil {
		return Items{}, err
	}
	to, err := plan.ParseKey(in.To)
	if err := firstError(err, checkMove(keys, to)); err != nil {
		return Items{}, err
	}
	return write(ctx, t, call{"item move", in}, func(tx *store.Tx) (Items, error) {
		m := mover{tx: tx, to: to, keys: map[plan.Key]plan.Key{}}
		if err := m.lock(keys); err != nil {
			return Items{}, err
		}
		if err := m.run(keys); err != nil {
			return Items{}, err
		}
		out := Items{}
		for _, k := range keys {
			item, err := loadItem(tx, m.now(k))
			if err != nil {
				return out, err
			}
			if m.now(k) != k {
				item.setMovedFrom(k)
			}
			out.Items = append(out.Items, item)
		}
		out.Warnings = m.warnings
		return out, nil
	})
}

// checkMove refuses keys that cannot go under the parent.
func checkMove(keys []plan.Key, to plan.Key) error {
	parent := map[plan.Level]plan.Level{plan.LevelTask: plan.LevelFeature, plan.LevelFeature: plan.LevelEpic}
	for _, k := range keys {
		want, movable := parent[k.Level()]
		switch {
		case !movable:
			return plan.Errorf(plan.Invalid, "cannot move %s: an epic lies under nothing", k).WithCode("bad_key").WithHint("move its features: pm move %s-F01 --to EPIC", k)
		case to.Level() != want:
			return plan.Errorf(plan.Invalid, "cannot move %s to %s: %s goes to %s", k, to, k.Level().Article(), want.Article()).WithCode("bad_key").
				WithHint("pm move %s --to %s", k, map[plan.Level]string{plan.LevelFeature: "FEATURE", plan.LevelEpic: "EPIC"}[want])
		}
	}
	return nil
}

// A mover moves items to one parent.
type mover struct {
	tx       *store.Tx
	to       plan.Key
	offered  bool                  // whether tasks in the feature that they go to are
	keys     map[plan.Key]plan.Key // of the tasks that move: from the old to the new
	branches map[plan.Key]plan.Key // of the features that move
	moved    counts
	closed   map[plan.Key]bool // whether a feature or its epic is
	settled  map[plan.Key]int  // of moved tasks that others wait for no more, -1, or wait for again, +1
	warnings []Warning
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
	for _, k := range slices.SortedFunc(slices.Values(keys), inOrderOfLocks) {
		for _, t := range trash {
			if k.Contains(t.Key) && t.Key != k {
				return plan.Errorf(plan.Refused, "cannot move %s: %s of it is in the trash", k, t.Key).WithCode("in_trash").
					WithHint("restore it first: pm restore %s, or delete it for good: pm trash empty", t.Key)
			}
		}
		if err := m.tx.LockUnder(k); err != nil {
			return err
		}
		if _, err := loadItem(m.tx, k); err != nil {
			return err
		}
	}
	if k := m.to; k.Level() == plan.LevelFeature {
		if _, err := m.tx.LockFeature(k); err != nil {
			return err
		}
	}
	_, err = m.tx.LockEpic(m.to.EpicKey())
	return err
}

func (m *mover) run(keys []plan.Key) error {
	m.branches, m.moved, m.closed, m.settled = map[plan.Key]plan.Key{}, counts{}, map[plan.Key]bool{}, map[plan.Key]int{}
	var going []plan.Key
	for _, k := range keys {
		if k.Parent() != m.to {
			going = append(going, k)
		}
	}
	if len(going) == 0 {
		return nil
	}
	tasks, features, err := m.load(going)
	if err != nil {
		return err
	}
	edges, err := m.edgesInto(tasks)
	if err != nil {
		return err
	}
	if err := m.number(going, tasks); err != nil {
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
	for _, k := range going {
		if err := firstError(m.tx.MoveBeside(k, m.now(k)), m.tx.LeaveOld(k)); err != nil {
			return err
		}
	}
	for from, to := range m.former() {
		if err := m.tx.PutFormerKey(to, from); err != nil {
			return err
		}
	}
	if err := firstError(m.tell(edges), m.settle()); err != nil {
		return err
	}
	return m.moved.flush(m.tx)
}

// former returns the old keys in order, each with the new one.
func (m *mover) former() func(func(plan.Key, plan.Key) bool) {
	return func(yield func(plan.Key, plan.Key) bool) {
		for _, of := range []map[plan.Key]plan.Key{m.keys, m.branches} {
			for _, k := range slices.SortedFunc(maps.Keys(of), byOrdinal) {
				if !yield(k, of[k]) {
					return
				}
			}
		}
	}
}

// load reads what moves.
func (m *mover) load(going []plan.Key) (tasks []plan.Task, features []plan.Feature, err error) {
	for _, k := range going {
		if k.Level() == plan.LevelTask {
			task, err := loadTask(m.tx, k)
			if err != nil {
				return nil, nil, err
			}
			tasks = append(tasks, task)
			continue
		}
		f, err := m.tx.Feature(k)
		if err != nil {
			return nil, nil, err
		}
		features = append(features, f)
		under, err := m.tx.Tasks(store.TaskFilter{Under: k, Sort: store.ByKey})
		if err != nil {
			return nil, nil, err
		}
		tasks = append(tasks, under...)
	}
	return tasks, features, nil
}

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

// number gives everything its new key. The tasks of a feature that moves keep
// their numbers in it.
func (m *mover) number(going []plan.Key, tasks []plan.Task) error {
	if m.to.Level() == plan.LevelFeature {
		first, status, err := m.tx.NextTaskKeys(m.to, len(going))
		if err != nil {
			return err
		}
		epic, err := m.tx.Epic(m.to.EpicKey())
		m.offered = status == plan.PlanActive && epic.Status == plan.PlanActive
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
	for _, t := range tasks {
		to := m.branches[t.FeatureKey]
		to.Task = t.Key.Task
		m.keys[t.Key] = to
	}
	return nil
}

// record is that of a move from one key to another.
func record(from, to plan.Key) plan.History {
	return plan.History{Change: plan.Change{"key": {from.String(), to.String()}, "refs": {nil, []string{from.String()}}}}
}

func (m *mover) putFeature(f plan.Feature) error {
	before := f
	f.Key = m.branches[f.Key]
	f.ID, f.EpicID, f.EpicKey = f.Key.Ordinal(), m.to.Ordinal(), m.to
	if err := m.tx.PutMovedFeature(before, &f, record(before.Key, f.Key)); err != nil {
		return err
	}
	_, err := m.tx.AddEpicCounts(before.EpicKey, -f.TasksTotal, -f.TasksCompleted)
	if err == nil {
		_, err = m.tx.AddEpicCounts(m.to, f.TasksTotal, f.TasksCompleted)
	}
	return err
}

func (m *mover) putTasks(tasks []plan.Task, progress func(int)) error {
	bulk := m.tx.NewBulk()
	active, idle := map[plan.Key]bool{}, []plan.Task{}
	for i, t := range tasks {
		before := t
		t.Key = m.keys[before.Key]
		t.ID, t.FeatureID = t.Key.Ordinal(), t.Key.FeatureKey().Ordinal()
		t.FeatureKey, t.EpicKey = t.Key.FeatureKey(), t.Key.EpicKey()
		if t.Offered = m.offered; m.to.Level() == plan.LevelEpic {
			is, known := active[t.FeatureKey]
			if !known {
				var err error
				if is, err = isActive(m.tx, t.FeatureKey); err != nil {
					return err
				}
				active[t.FeatureKey] = is
			}
			t.Offered = is
		} else {
			total, completed := t.Counts()
			m.moved.addTally(before.FeatureKey, tally{-total, -completed})
			m.moved.addTally(t.FeatureKey, tally{total, completed})
		}
		if err := m.noteSettled(before, t); err != nil {
			return err
		}
		h := record(before.Key, t.Key)
		if removed, added := m.renamed(t.DependsOn); len(removed) > 0 {
			h.Change["depends_on"] = [2]any{keyStrings(removed), keyStrings(added)}
		}
		if err := bulk.PutMoved(before, &t, h); err != nil {
			return err
		}
		if t.Status == plan.Todo && !t.Offered {
			idle = append(idle, t)
		}
		progress(i + 1)
	}
	if err := bulk.Flush(); err != nil {
		return err
	}
	var err error
	m.warnings, err = notOffered(m.tx, idle)
	return err
}

// noteSettled notes that others wait for a task no more, since it is under what
// is closed now, or wait for it again.
func (m *mover) noteSettled(before, after plan.Task) error {
	if before.Done() {
		return nil
	}
	was, err := m.isClosed(before.FeatureKey)
	if err != nil {
		return err
	}
	is, err := m.isClosed(after.FeatureKey)
	switch {
	case is && !was:
		m.settled[after.Key] = -1
	case was && !is:
		m.settled[after.Key] = +1
	}
	return err
}

func (m *mover) isClosed(feature plan.Key) (bool, error) {
	if is, known := m.closed[feature]; known {
		return is, nil
	}
	c, err := closedParent(m.tx, feature.Child(1))
	m.closed[feature] = c != closedIn{}
	return m.closed[feature], err
}

// settle counts for those who depend on moved tasks what noteSettled noted.
func (m *mover) settle() error {
	for _, k := range slices.SortedFunc(maps.Keys(m.settled), byOrdinal) {
		if err := m.tx.AddOpenToDependants(k, m.settled[k]); err != nil {
			return err
		}
	}
	return nil
}

// isActive reports whether a feature and its epic are active.
func isActive(tx *store.Tx, feature plan.Key) (bool, error) {
	f, err := tx.Feature(feature)
	if err != nil {
		return false, err
	}
	e, err := tx.Epic(feature.EpicKey())
	return f.Status == plan.PlanActive && e.Status == plan.PlanActive, err
}

// renamed returns those of the keys that change, before and after.
func (m *mover) renamed(keys []plan.Key) (before, after []plan.Key) {
	for _, k := range keys {
		if now := m.now(k); now != k {
			before, after = append(before, k), append(after, now)
		}
	}
	return before, after
}

// tell records with the tasks that stay that what they depend on has another key.
func (m *mover) tell(edges []store.Edge) error {
	of := map[plan.Key][]plan.Key{}
	for _, e := range edges {
		of[e.Task] = append(of[e.Task], e.DependsOn)
	}
	for _, k := range slices.SortedFunc(maps.Keys(of), byOrdinal) {
		task, err := m.tx.LockTask(k)
		if err != nil {
			return err
		}
		removed, added := m.renamed(of[k])
		h := plan.History{Notes: "what it depends on was moved", Change: plan.Change{"depends_on": {keyStrings(removed), keyStrings(added)}}}
		if err := m.tx.SaveTask(task, &task, h); err != nil {
			return err
		}
	}
	return nil
}

// setMovedFrom says of an item which key it was moved from.
func (i Item) setMovedFrom(k plan.Key) {
	switch {
	case i.Feature != nil:
		i.Feature.MovedFrom = k.String()
	case i.Task != nil:
		i.Task.MovedFrom = k.String()
	}
}
