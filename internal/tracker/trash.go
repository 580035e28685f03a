package tracker

import (
	"bytes"
	"context"
	"time"

	"pm/internal/dump"
	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/trash"
)

// trashPart is how many bytes of rows a part of an entry in the trash has,
// and by how many one row may exceed it.
const trashPart = 1 << 20

// pack calls put with the rows of what is deleted, as JSON lines, part by
// part, and counts them.
func (d *deletion) pack(put func(lines string) error) error {
	var b bytes.Buffer
	out := &partWriter{b: &b, lines: interchange.NewLineWriter(&b), put: put}
	w := dump.Rows(d.tx, out, d.progress)
	var err error
	switch {
	case d.item.Epic != nil:
		err = w.Epic(*d.item.Epic)
	case d.item.Feature != nil:
		err = w.Feature(*d.item.Feature)
	default:
		err = w.Task(*d.item.Task)
	}
	for _, edge := range d.edges {
		err = firstError(err, out.Write(interchange.EdgeRecord{Type: "dependency", Task: edge.Task, DependsOn: edge.DependsOn}))
	}
	for _, l := range d.links {
		err = firstError(err, out.Write(interchange.LinkRecord{Type: "link", Item: l.Item, As: l.Kind, To: l.To}))
	}
	d.answer.Deleted = Gone(w.Wrote())
	return firstError(err, out.flush())
}

// A partWriter gives JSON lines on in parts.
type partWriter struct {
	b     *bytes.Buffer
	lines *interchange.LineWriter
	put   func(string) error
}

func (w *partWriter) Write(line any) error {
	if err := w.lines.Write(line); err != nil || w.b.Len() < trashPart {
		return err
	}
	return w.flush()
}

func (w *partWriter) flush() error {
	if err := w.lines.Flush(); err != nil || w.b.Len() == 0 {
		return err
	}
	err := w.put(w.b.String())
	w.b.Reset()
	return err
}

// ListTrash is the input of Tracker.ListTrash.
type ListTrash struct {
	AsOf string `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// Trash is the answer of Tracker.ListTrash, the last deleted first.
type Trash struct {
	Items []plan.Trashed `json:"items"`
}

// ListTrash returns what can be restored.
func (t *Tracker) ListTrash(ctx context.Context, in ListTrash) (Trash, error) {
	return readWithTrashAt(ctx, t, in.AsOf, func(tx *store.Tx) (Trash, error) {
		items, err := tx.Trash()
		if items == nil {
			items = []plan.Trashed{}
		}
		return Trash{items}, firstError(err, leaving(tx, items))
	})
}

// ShowTrash is the input of Tracker.ShowTrash.
type ShowTrash struct {
	Key  string `json:"key" jsonschema:"key of a deleted epic, feature or task" arg:"key"`
	AsOf string `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// A TrashEntry is the answer of Tracker.ShowTrash.
type TrashEntry struct {
	plan.Trashed
	Items []TrashedItem `json:"items"` // what would come back, in the order of the keys
}

// A TrashedItem is an item in the trash.
type TrashedItem struct {
	Key    plan.Key `json:"key"`
	Title  string   `json:"title"`
	Status string   `json:"status"`
}

// ShowTrash returns an entry of the trash with all that lies in it.
func (t *Tracker) ShowTrash(ctx context.Context, in ShowTrash) (TrashEntry, error) {
	key, err := plan.ParseKey(in.Key)
	if err != nil {
		return TrashEntry{}, err
	}
	return readWithTrashAt(ctx, t, in.AsOf, func(tx *store.Tx) (out TrashEntry, err error) {
		if out.Trashed, err = trashed(tx, key, (*store.Tx).TrashOf); err != nil {
			return out, err
		}
		of := []plan.Trashed{out.Trashed}
		if err = leaving(tx, of); err != nil {
			return out, err
		}
		out.Trashed, out.Items = of[0], []TrashedItem{}
		err = trash.Each(tx, out.Trashed, func(line any) error {
			switch r := line.(type) {
			case interchange.EpicRecord:
				out.Items = append(out.Items, TrashedItem{r.Key, r.Title, string(r.Status)})
			case interchange.FeatureRecord:
				out.Items = append(out.Items, TrashedItem{r.Key, r.Title, string(r.Status)})
			case interchange.TaskRecord:
				out.Items = append(out.Items, TrashedItem{r.Key, r.Title, string(r.Status)})
			}
			return nil
		})
		return out, err
	})
}

// TrashedWith returns the entry of the trash that the item with a key is in: its
// own, or that of what it lay under. Found is false if there is none.
func (t *Tracker) TrashedWith(ctx context.Context, k plan.Key) (entry plan.Trashed, found bool, err error) {
	err = look(ctx, t, func(tx *store.Tx) (err error) {
		entry, found, err = trashedWith(tx, k)
		return err
	})
	return entry, found, err
}

// HasEpic reports whether an epic exists.
func (t *Tracker) HasEpic(ctx context.Context, k plan.Key) (bool, error) {
	err := look(ctx, t, func(tx *store.Tx) error { _, err := tx.Epic(k); return err })
	if kindOf(err) == plan.NotFound {
		return false, nil
	}
	return err == nil, err
}

func trashedWith(tx *store.Tx, k plan.Key) (entry plan.Trashed, found bool, err error) {
	for up := k; !up.IsZero(); up = up.Parent() {
		if entry, found, err = tx.TrashOf(up); err != nil || found {
			return entry, found, err
		}
	}
	return plan.Trashed{}, false, nil
}

// trashed finds the entry of a key, or says why there is none.
func trashed(tx *store.Tx, k plan.Key, find func(*store.Tx, plan.Key) (plan.Trashed, bool, error)) (plan.Trashed, error) {
	entry, found, err := find(tx, k)
	if err != nil || found {
		return entry, err
	}
	if above, found, err := trashedWith(tx, k.Parent()); err != nil || found {
		return above, firstError(err, plan.Errorf(plan.NotFound, "%s is not in the trash by itself: it may have been deleted with %s", k, above.Key).
			WithHint("run pm trash show %s to see what is in it, and pm restore %s to restore all of it", above.Key, above.Key))
	}
	if _, err := loadItem(tx, k); err == nil {
		return entry, plan.Errorf(plan.Conflict, "%s is not in the trash: it was not deleted", k).WithHint("to see it: pm show %s", k)
	}
	return entry, plan.Errorf(plan.NotFound, "%s is not in the trash", k).WithHint("to see what is: pm trash list")
}

// EmptyTrash is the input of Tracker.EmptyTrash.
type EmptyTrash struct {
	Older string `json:"older,omitempty" jsonschema:"only items deleted longer ago than this, such as 30d; everything if not given"`
}

// EmptyTrash deletes what is in the trash for good, with its history: the only
// operation that removes records.
func (t *Tracker) EmptyTrash(ctx context.Context, in EmptyTrash) (Trash, error) {
	var age time.Duration
	if in.Older != "" {
		var valid bool
		if age, valid = plan.ParseDuration(in.Older); !valid {
			return Trash{}, plan.Errorf(plan.Invalid, "invalid duration %q", in.Older).WithCode("bad_duration").WithHint("write it like 12h, 30d or 2w")
		}
	}
	return write(ctx, t, call{"trash empty", in}, func(tx *store.Tx) (Trash, error) {
		out := Trash{Items: []plan.Trashed{}}
		now, err := tx.Now()
		if err != nil {
			return out, err
		}
		all, err := tx.LockAllTrash() // what is restored meanwhile keeps its history
		for _, entry := range all {
			if in.Older == "" || now.Sub(entry.DeletedAt) > age {
				out.Items = append(out.Items, entry)
			}
		}
		return out, firstError(err, purge(tx, out.Items))
	})
}

// purge deletes entries for good.
func purge(tx *store.Tx, entries []plan.Trashed) error {
	tasks, done := 0, 0
	for _, entry := range entries {
		tasks += entry.Tasks
	}
	progress := tx.Announce(tasks)
	for _, entry := range entries {
		if err := tx.Purge(entry); err != nil {
			return err
		}
		done += entry.Tasks
		progress(done)
	}
	return nil
}
