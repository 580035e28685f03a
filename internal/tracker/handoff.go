package tracker

import (
	"context"

	"pm/internal/plan"
	"pm/internal/store"
)

// HandOff is the input of Tracker.HandOff.
type HandOff struct {
	Key     string `json:"key" jsonschema:"key of the task" arg:"key"`
	Body    string `json:"body" jsonschema:"what is done, what is left, what to watch out for" arg:"text"`
	Release bool   `json:"release,omitempty" jsonschema:"release the task in the same step"`
	Fence   int64  `json:"fence,omitempty" jsonschema:"fencing token of your claim: refused if the task was claimed again since"`
}

// HandOff writes a handoff down with a task, which whoever takes it up next
// is shown first. The task stays with its holder unless Release is set: then
// it is given back in the same transaction, which only its holder may.
func (t *Tracker) HandOff(ctx context.Context, in HandOff) (Changed, error) {
	key, err := keyAt(plan.LevelTask, in.Key)
	if err := firstError(err, checkNote(key, in.Body)); err != nil {
		return Changed{}, err
	}
	return write(ctx, t, call{"task handoff", in}, func(tx *store.Tx) (Changed, error) {
		task, err := tx.LockTask(key)
		if err != nil {
			return Changed{}, err
		}
		if in.Release || in.Fence > 0 {
			if err := checkHolder(tx, task, plan.Release, in.Fence, false); err != nil {
				return Changed{}, err
			}
		}
		item := Item{Task: &task}
		if _, err := writeNote(tx, &item, plan.Note{Kind: plan.Handoff, Body: in.Body}); err != nil {
			return Changed{}, err
		}
		task = *item.Task
		out := Changed{Items: []plan.Task{task}}
		if in.Release {
			moved := counts{}
			if err := transition(tx, &out.Items[0], plan.Release, statusChange{ChangeStatus: ChangeStatus{Fence: in.Fence}}, moved); err != nil {
				return Changed{}, err
			}
			if err := moved.flush(tx); err != nil {
				return Changed{}, err
			}
			out.NextCommands = afterVerb(plan.Release, out.Items)
			if out.Warnings, err = notOffered(tx, out.Items); err != nil {
				return Changed{}, err
			}
		} else if task.Status == plan.InProgress && task.HeldBy(tx.Actor()) {
			out.NextCommands = []string{"pm release " + key.String()}
		}
		return out, tx.LoadBeside(out.Items)
	})
}

// lastHandoff returns the last handoff of a task that is not done; nil if
// there is none. A task at its first version has no notes.
func lastHandoff(tx *store.Tx, task plan.Task) (*plan.Note, error) {
	if task.Version < 2 || task.Done() {
		return nil, nil
	}
	notes, err := tx.LastNotes([]plan.Key{task.Key}, plan.Handoff)
	n, found := notes[task.Key]
	if err != nil || !found {
		return nil, err
	}
	n.Body = cut(n.Body, handoffText, "pm note list "+task.Key.String())
	return &n, nil
}
