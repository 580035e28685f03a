package tracker

import (
	"context"
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// Archive is the input of Tracker.Archive.
type Archive struct {
	Keys        []string `json:"keys" jsonschema:"keys of the tasks" arg:"key"`
	Reason      string   `json:"reason,omitempty" jsonschema:"why; kept in the history" short:"r"`
	Resolution  string   `json:"resolution,omitempty" jsonschema:"how it ended: done, wont_do (the default for tasks that were not completed), duplicate, obsolete or cannot_reproduce"`
	DuplicateOf string   `json:"duplicate_of,omitempty" jsonschema:"key of the original item: links to it and sets the resolution to duplicate"`
	Force       bool     `json:"force,omitempty" jsonschema:"override the rules; needs a reason, which is kept in the history"`
	Fence       int64    `json:"fence,omitempty" jsonschema:"fencing token of your claim: refused if the task was claimed again since"`
	IfVersion   *int64   `json:"if_version,omitempty" jsonschema:"change it only if it is still at this version"`
}

// Archive takes tasks out of the plan, and says how they ended: unless told, what was
// completed before as that says, other tasks as wont_do. What is a duplicate is linked
// to what it is one of.
func (t *Tracker) Archive(ctx context.Context, in Archive) (Changed, error) {
	change := statusChange{ChangeStatus: ChangeStatus{Keys: in.Keys, Reason: in.Reason, Force: in.Force, Fence: in.Fence, IfVersion: in.IfVersion}}
	var err error
	if in.DuplicateOf != "" {
		change.resolution = plan.Duplicate
		change.original, err = plan.ParseKey(in.DuplicateOf)
	}
	if err == nil && in.Resolution != "" {
		change.resolution, err = plan.ParseResolution(in.Resolution)
	}
	if err == nil && in.DuplicateOf != "" && change.resolution != plan.Duplicate {
		err = plan.Errorf(plan.Usage, "cannot combine --duplicate-of with the resolution %s", change.resolution).WithHint("leave out --resolution")
	}
	if err != nil {
		return Changed{}, err
	}
	return t.changeStatusOf(ctx, call{"task archive", in}, plan.Archive, change)
}

// Complete is the input of Tracker.Complete.
type Complete struct {
	Keys       []string `json:"keys" jsonschema:"keys of the tasks" arg:"key"`
	Reason     string   `json:"reason,omitempty" jsonschema:"why; kept in the history" short:"r"`
	Resolution string   `json:"resolution,omitempty" jsonschema:"how it ended: done (the default), cannot_reproduce, obsolete, duplicate or wont_do"`
	Force      bool     `json:"force,omitempty" jsonschema:"override the rules; needs a reason, which is kept in the history"`
	Fence      int64    `json:"fence,omitempty" jsonschema:"fencing token of your claim: refused if the task was claimed again since"`
	IfVersion  *int64   `json:"if_version,omitempty" jsonschema:"change it only if it is still at this version"`
}

// Complete completes tasks, and says how they ended.
func (t *Tracker) Complete(ctx context.Context, in Complete) (_ Changed, err error) {
	change := statusChange{ChangeStatus: ChangeStatus{Keys: in.Keys, Reason: in.Reason, Force: in.Force, Fence: in.Fence, IfVersion: in.IfVersion}}
	if in.Resolution != "" {
		if change.resolution, err = plan.ParseResolution(in.Resolution); err != nil {
			return Changed{}, err
		}
	}
	return t.changeStatusOf(ctx, call{"task complete", in}, plan.Complete, change)
}

// lockOriginal locks what tasks are a duplicate of, before them.
func (in statusChange) lockOriginal(tx *store.Tx) error {
	if in.original.IsZero() {
		return nil
	}
	if err := tx.LockGraph(); err != nil {
		return err
	}
	_, err := lockItem(tx, in.original)
	return err
}

// linkOriginal links a task to what it is a duplicate of, and records that in h.
func (in statusChange) linkOriginal(tx *store.Tx, task *plan.Task, h *plan.History) error {
	if in.original.IsZero() {
		return nil
	}
	one, link := []plan.Task{*task}, plan.Link{As: plan.Duplicates, To: in.original.String()}
	if in.original == task.Key {
		return plan.Errorf(plan.Refused, "%s cannot be a duplicate of itself", task.Key).WithCode("bad_link").WithHint("name the task that it repeats: pm archive %s --duplicate-of KEY", task.Key)
	}
	if err := tx.LoadBeside(one); err != nil || slices.Contains(one[0].Links, link) {
		return err
	}
	h.Change = plan.Change{"links": {nil, plan.LinksOf([]plan.Link{link})}}
	task.LinkCount++
	_, err := tx.AddLink(store.LinkRowOf(task.Key, link))
	return err
}
