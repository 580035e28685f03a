package tracker

import (
	"context"

	"pm/internal/plan"
	"pm/internal/store"
)

// Show is the input of Tracker.Show.
type Show struct {
	Key string `json:"key" jsonschema:"key of an epic, a feature or a task" arg:"key"`
}

// An Item is an epic, a feature or a task: one of the three is set. In JSON
// it is that one.
type Item struct {
	Epic    *plan.Epic
	Feature *plan.Feature
	Task    *plan.Task
}

// Key returns the item's key.
func (i Item) Key() plan.Key {
	switch {
	case i.Epic != nil:
		return i.Epic.Key
	case i.Feature != nil:
		return i.Feature.Key
	case i.Task != nil:
		return i.Task.Key
	}
	return plan.Key{}
}

// MarshalJSON writes the one that is set.
func (i Item) MarshalJSON() ([]byte, error) {
	switch {
	case i.Epic != nil:
		return marshal(i.Epic)
	case i.Feature != nil:
		return marshal(i.Feature)
	}
	return marshal(i.Task)
}

// Show returns an item of any level.
func (t *Tracker) Show(ctx context.Context, in Show) (Item, error) {
	key, err := plan.ParseKey(in.Key)
	if err != nil {
		return Item{}, err
	}
	return read(ctx, t, func(tx *store.Tx) (Item, error) { return loadItem(tx, key) })
}

func loadItem(tx *store.Tx, k plan.Key) (Item, error) {
	switch k.Level() {
	case plan.LevelEpic:
		e, err := tx.Epic(k)
		return Item{Epic: &e}, err
	case plan.LevelFeature:
		f, err := tx.Feature(k)
		return Item{Feature: &f}, err
	}
	task, err := loadTask(tx, k)
	return Item{Task: &task}, err
}

// ShowEpic, ShowFeature and ShowTask are the inputs of the methods of their names.
type (
	ShowEpic struct {
		Key string `json:"key" jsonschema:"key of the epic" arg:"key"`
	}
	ShowFeature struct {
		Key string `json:"key" jsonschema:"key of the feature" arg:"key"`
	}
	ShowTask struct {
		Key string `json:"key" jsonschema:"key of the task" arg:"key"`
	}
)

// ShowEpic returns an epic.
func (t *Tracker) ShowEpic(ctx context.Context, in ShowEpic) (plan.Epic, error) {
	return showOne(ctx, t, plan.LevelEpic, in.Key, (*store.Tx).Epic)
}

// ShowFeature returns a feature.
func (t *Tracker) ShowFeature(ctx context.Context, in ShowFeature) (plan.Feature, error) {
	return showOne(ctx, t, plan.LevelFeature, in.Key, (*store.Tx).Feature)
}

// ShowTask returns a task.
func (t *Tracker) ShowTask(ctx context.Context, in ShowTask) (plan.Task, error) {
	return showOne(ctx, t, plan.LevelTask, in.Key, loadTask)
}

func showOne[T any](ctx context.Context, t *Tracker, level plan.Level, key string, load func(*store.Tx, plan.Key) (T, error)) (T, error) {
	k, err := keyAt(level, key)
	if err != nil {
		var none T
		return none, err
	}
	return read(ctx, t, func(tx *store.Tx) (T, error) { return load(tx, k) })
}

// Context is all that is needed to begin with a task.
type Context struct {
	Task       plan.Task   `json:"task"`
	Epic       string      `json:"epic"`
	Feature    string      `json:"feature"`
	Rejected   string      `json:"rejected,omitempty"` // why the last review sent it back
	DependsOn  []Linked    `json:"depends_on,omitempty"`
	Dependants []Linked    `json:"dependants,omitempty"`
	Notes      []plan.Note `json:"notes,omitempty"` // handoffs first, then oldest first
	Siblings   []Linked    `json:"siblings,omitempty"`
}

// siblings is how many other tasks of the feature a context shows.
const siblings = 10

// ShowContext returns a task with all that is needed to begin with it.
func (t *Tracker) ShowContext(ctx context.Context, in ShowTask) (Context, error) {
	key, err := keyAt(plan.LevelTask, in.Key)
	if err != nil {
		return Context{}, err
	}
	return read(ctx, t, func(tx *store.Tx) (Context, error) { return loadContext(tx, key) })
}

func loadContext(tx *store.Tx, k plan.Key) (c Context, err error) {
	if c.Task, err = loadTask(tx, k); err != nil {
		return c, err
	}
	e, err := tx.Epic(k.EpicKey())
	if err != nil {
		return c, err
	}
	f, err := tx.Feature(k.FeatureKey())
	if err != nil {
		return c, err
	}
	c.Epic, c.Feature = e.Title, f.Title
	if c.Rejected, err = lastRejection(tx, k); err != nil {
		return c, err
	}
	if c.DependsOn, err = linked(tx, tx.DependenciesOf, k); err != nil {
		return c, err
	}
	if c.Dependants, err = linked(tx, tx.DependantsOf, k); err != nil {
		return c, err
	}
	if c.Notes, err = notesForHolder(tx, k); err != nil {
		return c, err
	}
	near, err := tx.Tasks(store.TaskFilter{Under: k.FeatureKey(), Limit: siblings + 1})
	for _, s := range near {
		if s.Key != k && len(c.Siblings) < siblings {
			c.Siblings = append(c.Siblings, Linked{s.Key, s.Title, s.Status})
		}
	}
	return c, err
}

// notesForHolder returns the notes of a task, handoffs before the others.
func notesForHolder(tx *store.Tx, k plan.Key) ([]plan.Note, error) {
	notes, err := tx.NotesOf(k)
	var first, rest []plan.Note
	for _, n := range notes {
		if n.Kind == plan.Handoff {
			first = append(first, n)
		} else {
			rest = append(rest, n)
		}
	}
	return append(first, rest...), err
}

// lastRejection returns why the last review sent the task back, unless a
// review has let it pass since.
func lastRejection(tx *store.Tx, k plan.Key) (string, error) {
	records, err := tx.History(store.HistoryFilter{Under: k})
	if err != nil {
		return "", err
	}
	for _, r := range records {
		if r.OldStatus == string(plan.ReadyForReview) {
			if r.NewStatus == string(plan.InProgress) {
				return r.Notes, nil
			}
			return "", nil
		}
	}
	return "", nil
}
