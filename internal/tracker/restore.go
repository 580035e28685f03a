package tracker

import (
	"context"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/trash"
)

// Restore is the input of Tracker.Restore.
type Restore struct {
	Key    string `json:"key" jsonschema:"key of a deleted epic, feature or task" arg:"key"`
	DryRun bool   `json:"dry_run,omitempty" jsonschema:"if set, show what would be restored and change nothing"`
}

// Restored is the answer of Tracker.Restore.
type Restored struct {
	Key      plan.Key `json:"key"`
	Title    string   `json:"title"`
	Restored Gone     `json:"restored"`
	DryRun   bool     `json:"dry_run,omitempty"`

	Warnings []Warning `json:"warnings,omitempty"`
}

// Restore brings back what Delete moved to the trash, under the same keys,
// with its dependencies as far as both ends are there. Its parents must be
// there.
func (t *Tracker) Restore(ctx context.Context, in Restore) (Restored, error) {
	key, err := plan.ParseKey(in.Key)
	if err != nil {
		return Restored{}, err
	}
	if in.DryRun {
		return read(ctx, t, func(tx *store.Tx) (Restored, error) {
			entry, err := restorable(tx, key, (*store.Tx).TrashOf)
			answer := restoredOf(entry)
			answer.DryRun = true
			return answer, err
		})
	}
	return write(ctx, t, call{"trash restore", in}, func(tx *store.Tx) (Restored, error) {
		if err := tx.LockGraph(); err != nil {
			return Restored{}, err
		}
		entry, err := restorable(tx, key, (*store.Tx).LockTrashOf)
		if err != nil {
			return Restored{}, err
		}
		out := restoredOf(entry)
		if err := restore(tx, entry); err != nil {
			return out, err
		}
		out.Warnings, err = returnedTo(tx, key)
		return out, err
	})
}

// returnedTo warns of what was restored under what is completed or archived.
func returnedTo(tx *store.Tx, k plan.Key) ([]Warning, error) {
	item, err := loadItem(tx, k)
	switch {
	case err != nil || item.Epic != nil:
		return nil, err
	case item.Task != nil:
		return notOffered(tx, []plan.Task{*item.Task})
	case item.Feature.Status.Closed():
		return nil, nil
	}
	c, err := closedParent(tx, k)
	if err != nil || c == (closedIn{}) {
		return nil, err
	}
	return []Warning{c.tasksNotOffered(k)}, nil
}

func restoredOf(t plan.Trashed) Restored {
	return Restored{Key: t.Key, Title: t.Title, Restored: goneOf(t)}
}

// restorable finds an entry whose parents are there.
func restorable(tx *store.Tx, k plan.Key, find func(*store.Tx, plan.Key) (plan.Trashed, bool, error)) (plan.Trashed, error) {
	entry, err := trashed(tx, k, find)
	if err != nil || k.Level() == plan.LevelEpic {
		return entry, err
	}
	if _, err := loadItem(tx, k.Parent()); kindOf(err) == plan.NotFound {
		return entry, plan.Errorf(plan.Refused, "cannot restore %s: %s is in the trash itself", k, k.Parent()).WithCode("parent_deleted").
			WithHint("restore it first: pm restore %s", topmost(tx, k))
	} else if err != nil {
		return entry, err
	}
	return entry, nil
}

// topmost returns the highest item above k that is not there.
func topmost(tx *store.Tx, k plan.Key) plan.Key {
	top := k.Parent()
	for up := top; !up.IsZero(); up = up.Parent() {
		if _, err := loadItem(tx, up); kindOf(err) == plan.NotFound {
			top = up
		}
	}
	return top
}

// restore puts the rows of entries back.
func restore(tx *store.Tx, entries ...plan.Trashed) error {
	tasks, done := 0, 0
	for _, entry := range entries {
		tasks += entry.Tasks
	}
	indexes, err := func() error { return nil }, tx.TakeTurnFor(tasks)
	if err == nil && len(entries) == 1 { // each of many looks for what is there
		indexes, err = tx.DeferIndexes()
	}
	if err != nil {
		return err
	}
	l, progress, status := newLoader(tx, false), tx.Announce(tasks), make([]string, len(entries))
	l.restoring = func() error {
		for i, entry := range entries {
			if err := tx.RecordReturn(entry, status[i]); err != nil {
				return err
			}
		}
		return nil
	}
	for i, entry := range entries {
		if err == nil {
			err = trash.Each(tx, entry, func(line any) error {
				if status[i] == "" {
					status[i] = statusOf(line)
				}
				done++
				progress(done)
				return l.line(line, nil)
			})
		}
	}
	if err == nil {
		err = l.finish()
	}
	if err == nil {
		err = indexes()
	}
	for _, entry := range entries {
		if err == nil {
			err = tx.DeleteTrash(entry.ID)
		}
	}
	return err
}

// statusOf returns the status of the item of a line.
func statusOf(line any) string {
	switch r := line.(type) {
	case interchange.EpicRecord:
		return string(r.Status)
	case interchange.FeatureRecord:
		return string(r.Status)
	case interchange.TaskRecord:
		return string(r.Status)
	}
	return ""
}

func goneOf(t plan.Trashed) Gone {
	return Gone{Epics: t.Epics, Features: t.Features, Tasks: t.Tasks, Notes: t.Notes}
}
