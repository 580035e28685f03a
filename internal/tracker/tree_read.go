package tracker

import (
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// A treeReader reads epics, features and tasks in the order of their keys, as
// three streams beside each other, and emits them nested, in parts.
type treeReader struct {
	depth plan.Level
	emit  func(Tree) error

	epics    *store.Stream[plan.Epic]
	features *store.Stream[plan.Feature]
	tasks    *store.Stream[plan.Task]
	placed   func(plan.Key) *store.Stream[plan.Task] // the tasks of a feature, in the order of the plan; nil if that is the order of the keys

	part Tree
	rows int // in the part
}

func (r *treeReader) read(tx *store.Tx, key plan.Key, open bool) error {
	if err := r.begin(tx, key, open); err != nil {
		return err
	}
	for {
		e, err := r.epics.Next()
		if err != nil {
			return err
		}
		if e == nil {
			break
		}
		if err := r.epic(*e); err != nil {
			return err
		}
	}
	r.part.Complete = true
	return r.emit(r.part)
}

// begin says what the streams read. What is named must be there.
func (r *treeReader) begin(tx *store.Tx, key plan.Key, open bool) error {
	var epics, features store.PlanFilter
	tasks := store.TaskFilter{Under: key}
	if open {
		epics.Statuses = []plan.PlanStatus{plan.PlanDraft, plan.PlanActive}
		features.Statuses = epics.Statuses
		tasks.Statuses = []plan.TaskStatus{plan.Todo, plan.InProgress, plan.Blocked, plan.ReadyForReview}
	}
	features.Under = key
	r.epics, r.features, r.tasks = tx.EpicStream(epics), tx.FeatureStream(features), tx.TaskStream(tasks)
	order, err := treeOrder(tx)
	if err != nil {
		return err
	}
	if order == store.ByPlace {
		r.placed = func(feature plan.Key) *store.Stream[plan.Task] {
			return tx.TaskStream(store.TaskFilter{Under: feature, Statuses: tasks.Statuses, Sort: order})
		}
	}
	if !key.IsZero() {
		e, err := tx.Epic(key.EpicKey())
		if err != nil {
			return err
		}
		r.epics = store.StreamOf(e)
	}
	if key.Level() == plan.LevelFeature && !key.IsZero() {
		f, err := tx.Feature(key)
		if err != nil {
			return err
		}
		r.features = store.StreamOf(f)
	}
	return nil
}

// epic adds an epic with what lies under it.
func (r *treeReader) epic(e plan.Epic) error {
	if err := r.room(false, false); err != nil {
		return err
	}
	e.Description = ""
	r.part.Epics = append(r.part.Epics, EpicTree{Epic: e})
	for r.depth != plan.LevelEpic {
		f, err := r.features.NextAt(func(f *plan.Feature) int { return f.EpicKey.Compare(e.Key) })
		if f == nil || err != nil {
			return err
		}
		if err := r.feature(*f, e); err != nil {
			return err
		}
	}
	return nil
}

// feature adds a feature with its tasks.
func (r *treeReader) feature(f plan.Feature, e plan.Epic) error {
	if err := r.room(true, false); err != nil {
		return err
	}
	r.inEpic(e)
	f.Description = ""
	epic := &r.part.Epics[len(r.part.Epics)-1]
	epic.Features = append(epic.Features, FeatureTree{Feature: f})
	if r.depth != plan.LevelTask {
		return nil
	}
	in := func(t *plan.Task) int { return t.FeatureKey.Compare(f.Key) }
	tasks, err := r.inOrder(f.Key, in)
	if err != nil {
		return err
	}
	for {
		t, err := tasks.NextAt(in)
		if t == nil || err != nil {
			return err
		}
		last, err := r.features.Peek()
		if err != nil {
			return err
		}
		if err := r.room(last != nil && last.EpicKey == e.Key, true); err != nil {
			return err
		}
		r.inFeature(e, f)
		t.Description = ""
		epic := &r.part.Epics[len(r.part.Epics)-1]
		feature := &epic.Features[len(epic.Features)-1]
		feature.Tasks = append(feature.Tasks, *t)
	}
}

// maxSorted is how many tasks of a feature are held to sort them.
const maxSorted = 1000

// inOrder returns a stream of the tasks of a feature, in the order of the plan. Up
// to maxSorted are sorted here, so that most features cost no statement of their own.
func (r *treeReader) inOrder(feature plan.Key, in func(*plan.Task) int) (*store.Stream[plan.Task], error) {
	if r.placed == nil {
		return r.tasks, nil
	}
	var all []plan.Task
	n := 0
	err := r.tasks.EachAt(in, func(t *plan.Task) error {
		if n++; n <= maxSorted {
			t.Description = ""
			all = append(all, *t)
		}
		return nil
	})
	if n > maxSorted {
		return r.placed(feature), err
	}
	slices.SortFunc(all, plan.ComparePlaces)
	return store.StreamOf(all...), err
}

// treeOrder is the order of the tasks of a feature in a tree: that of the plan once
// a task was moved in it, before that the keys, in which they were created.
func treeOrder(tx *store.Tx) (store.Sort, error) {
	placed, err := tx.HasPlaced()
	if placed {
		return store.ByPlace, err
	}
	return store.ByKey, err
}

// room makes room for one more row: a full part is emitted. It says whether
// another feature of its last epic, and another task of its last feature, come
// behind it.
func (r *treeReader) room(moreFeatures, moreTasks bool) error {
	if r.rows++; r.rows <= store.PartRows {
		return nil
	}
	if n := len(r.part.Epics); n > 0 {
		last := &r.part.Epics[n-1]
		last.GoesOn = moreFeatures
		if n := len(last.Features); n > 0 {
			last.Features[n-1].GoesOn = moreTasks
		}
	}
	full := r.part
	r.part, r.rows = Tree{Epics: []EpicTree{}}, 1
	return r.emit(full)
}

// inEpic begins a part with the epic that goes on in it.
func (r *treeReader) inEpic(e plan.Epic) {
	if len(r.part.Epics) == 0 {
		r.part.Epics = append(r.part.Epics, EpicTree{Epic: e, Continued: true})
	}
}

// inFeature begins a part with the feature that goes on in it.
func (r *treeReader) inFeature(e plan.Epic, f plan.Feature) {
	r.inEpic(e)
	if epic := &r.part.Epics[len(r.part.Epics)-1]; len(epic.Features) == 0 {
		epic.Features = append(epic.Features, FeatureTree{Feature: f, Continued: true})
	}
}
