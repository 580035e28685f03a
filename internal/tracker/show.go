package tracker

import (
	"context"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// Show is the input of Tracker.Show.
type Show struct {
	Key  string `json:"key" jsonschema:"key of an epic, a feature or a task" arg:"key"`
	AsOf string `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// An Item is an epic, a feature or a task: one of the three is set. In JSON
// it is that one; a task that is not done has with it why it was sent back and
// what was last handed over, an epic and a feature their newest notes
// and what goes on in them.
type Item struct {
	Epic    *plan.Epic
	Feature *plan.Feature
	Task    *plan.Task
	Standing
	Handoff *plan.Note
	Noted
	Inside

	project *plan.Project // in the place of the three: what has notes of its own, too
}

// Noted are the newest notes of an epic or a feature, oldest first, cut where
// they are long, and how many more there are.
type Noted struct {
	Notes     []plan.Note `json:"notes,omitempty"`
	MoreNotes int         `json:"more_notes,omitempty"`
}

// A ShownEpic and a ShownFeature are what Show answers of the two.
type (
	ShownEpic struct {
		plan.Epic
		Noted
		Inside
	}
	ShownFeature struct {
		plan.Feature
		Noted
		Inside
	}
)

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

// Title returns the item's title.
func (i Item) Title() string {
	switch {
	case i.Epic != nil:
		return i.Epic.Title
	case i.Feature != nil:
		return i.Feature.Title
	}
	return i.Task.Title
}

// Version returns the item's version.
func (i Item) Version() int64 {
	switch {
	case i.Epic != nil:
		return i.Epic.Version
	case i.Feature != nil:
		return i.Feature.Version
	}
	return i.Task.Version
}

// tasks returns how many tasks lie under an epic or a feature.
func (i Item) tasks() int {
	if i.Epic != nil {
		return i.Epic.TasksTotal
	}
	return i.Feature.TasksTotal
}

// status returns the item's status.
func (i Item) status() string {
	_, status, _, _ := i.record()
	return status
}

// record returns what the next record of the item's history follows.
func (i Item) record() (uid, status, head string, updated time.Time) {
	switch {
	case i.project != nil:
		return i.project.UID, "", i.project.HistoryHash, i.project.UpdatedAt
	case i.Epic != nil:
		return i.Epic.UID, string(i.Epic.Status), i.Epic.HistoryHash, i.Epic.UpdatedAt
	case i.Feature != nil:
		return i.Feature.UID, string(i.Feature.Status), i.Feature.HistoryHash, i.Feature.UpdatedAt
	}
	return i.Task.UID, string(i.Task.Status), i.Task.HistoryHash, i.Task.UpdatedAt
}

// MarshalJSON writes the one that is set.
func (i Item) MarshalJSON() ([]byte, error) {
	switch {
	case i.Epic != nil:
		return plan.JSON(ShownEpic{*i.Epic, i.Noted, i.Inside})
	case i.Feature != nil:
		return plan.JSON(ShownFeature{*i.Feature, i.Noted, i.Inside})
	}
	return plan.JSON(struct {
		*plan.Task
		Standing
		Handoff *plan.Note `json:"handoff,omitempty"`
	}{i.Task, i.Standing, i.Handoff})
}

// Show returns an item of any level.
func (t *Tracker) Show(ctx context.Context, in Show) (Item, error) {
	key, err := plan.ParseKey(in.Key)
	if err != nil {
		return Item{}, err
	}
	return readAt(ctx, t, in.AsOf, func(tx *store.Tx) (Item, error) { return showItem(tx, key) })
}

// showItem is loadItem with what Show tells besides.
func showItem(tx *store.Tx, k plan.Key) (Item, error) {
	item, err := loadItem(tx, k)
	if err == nil && item.Task == nil && *item.lastNote() > 0 {
		item.Notes, item.MoreNotes, err = newestNotes(tx, k)
	}
	if err == nil && item.Task == nil {
		item.Inside, err = inside(tx, item)
	}
	if err != nil || item.Task == nil {
		return item, err
	}
	if item.Standing, err = standing(tx, *item.Task); err != nil {
		return item, err
	}
	item.Handoff, err = lastHandoff(tx, *item.Task)
	return item, err
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

// loadItems returns those of the items that are there, with what they have beside
// their rows: tasks all at once. An epic or a feature has to be there.
func loadItems(tx *store.Tx, keys []plan.Key) (map[plan.Key]Item, error) {
	out := make(map[plan.Key]Item, len(keys))
	var tasks []plan.Key
	for _, k := range keys {
		if k.Level() == plan.LevelTask {
			tasks = append(tasks, k)
			continue
		}
		item, err := loadItem(tx, k)
		if err != nil {
			return nil, err
		}
		out[k] = item
	}
	found, err := tx.TasksOf(tasks)
	if err == nil {
		err = tx.LoadBeside(found)
	}
	for i := range found {
		out[found[i].Key] = Item{Task: &found[i]}
	}
	return out, err
}

// eachItem is loadItems in the order of the keys, all of which have to be there.
func eachItem(tx *store.Tx, keys []plan.Key) ([]Item, error) {
	found, err := loadItems(tx, keys)
	out := make([]Item, len(keys))
	for i, k := range keys {
		item, there := found[k]
		if err == nil && !there {
			item, err = loadItem(tx, k) // which says that it is missing
		}
		out[i] = item
	}
	return out, err
}

// ofLevel returns those of the keys that are of a level.
func ofLevel(keys []plan.Key, level plan.Level) (out []plan.Key) {
	for _, k := range keys {
		if k.Level() == level {
			out = append(out, k)
		}
	}
	return out
}

// ShowEpic, ShowFeature and ShowTask are the inputs of the methods of their names.
type (
	ShowEpic struct {
		Key  string `json:"key" jsonschema:"key of the epic" arg:"key"`
		AsOf string `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
	}
	ShowFeature struct {
		Key  string `json:"key" jsonschema:"key of the feature" arg:"key"`
		AsOf string `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
	}
	ShowTask struct {
		Key  string `json:"key" jsonschema:"key of the task" arg:"key"`
		AsOf string `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
	}
)

// ShowEpic returns an epic.
func (t *Tracker) ShowEpic(ctx context.Context, in ShowEpic) (plan.Epic, error) {
	return showOne(ctx, t, plan.LevelEpic, in.Key, in.AsOf, (*store.Tx).Epic)
}

// ShowFeature returns a feature.
func (t *Tracker) ShowFeature(ctx context.Context, in ShowFeature) (plan.Feature, error) {
	return showOne(ctx, t, plan.LevelFeature, in.Key, in.AsOf, (*store.Tx).Feature)
}

// ShowTask returns a task.
func (t *Tracker) ShowTask(ctx context.Context, in ShowTask) (plan.Task, error) {
	return showOne(ctx, t, plan.LevelTask, in.Key, in.AsOf, loadTask)
}

func showOne[T any](ctx context.Context, t *Tracker, level plan.Level, key, asOf string, load func(*store.Tx, plan.Key) (T, error)) (T, error) {
	k, err := keyAt(level, key)
	if err != nil {
		var none T
		return none, err
	}
	return readAt(ctx, t, asOf, func(tx *store.Tx) (T, error) { return load(tx, k) })
}
