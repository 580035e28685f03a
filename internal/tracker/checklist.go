package tracker

import (
	"context"
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// AddChecks is the input of Tracker.AddChecks.
type AddChecks struct {
	Key    string   `json:"key" jsonschema:"key of the task" arg:"key"`
	Checks []string `json:"checks" jsonschema:"what must be true before the task is done, one line each" arg:"text"`
}

// AddChecks adds lines at the end of a task's checklist, all or none. They get
// the next numbers of the task, which are never given again.
func (t *Tracker) AddChecks(ctx context.Context, in AddChecks) (Changed, error) {
	if len(in.Checks) == 0 {
		return Changed{}, plan.Errorf(plan.Usage, "missing check").WithHint(`pm check add %s "what must hold"`, in.Key)
	}
	return t.changeChecks(ctx, call{"check add", in}, in.Key, func(tx *store.Tx, task *plan.Task) error {
		return appendChecks(task, in.Checks)
	})
}

func appendChecks(task *plan.Task, texts []string) error {
	if task.LastCheck < 0 {
		return plan.Errorf(plan.Corrupt, "the checklist of %s cannot be read", task.Key).WithHint("run pm doctor")
	}
	task.Checks = slices.Clone(task.Checks)
	for _, text := range texts {
		task.LastCheck++
		task.Checks = append(task.Checks, plan.Check{N: task.LastCheck, Text: text})
	}
	return plan.CheckChecks(*task)
}

// Checks is the input of Tracker.TickChecks, UntickChecks and RemoveChecks.
type Checks struct {
	Key string `json:"key" jsonschema:"key of the task" arg:"key"`
	N   []int  `json:"n" jsonschema:"numbers of the checks, as listed by pm show" arg:"n"`
}

// TickChecks ticks lines of a task's checklist, all or none, with who did it
// and when. What is ticked already stays as it is.
func (t *Tracker) TickChecks(ctx context.Context, in Checks) (Changed, error) {
	return t.changeChecks(ctx, call{"check tick", in}, in.Key, func(tx *store.Tx, task *plan.Task) error {
		at, err := tx.At()
		if err != nil {
			return err
		}
		return eachCheck(task, in.N, func(c *plan.Check) {
			if !c.Done {
				*c = plan.Check{N: c.N, Text: c.Text, Done: true, By: tx.Actor().Name, At: &at}
			}
		})
	})
}

// UntickChecks opens lines of a task's checklist again, all or none.
func (t *Tracker) UntickChecks(ctx context.Context, in Checks) (Changed, error) {
	return t.changeChecks(ctx, call{"check untick", in}, in.Key, func(tx *store.Tx, task *plan.Task) error {
		return eachCheck(task, in.N, func(c *plan.Check) { *c = plan.Check{N: c.N, Text: c.Text} })
	})
}

// RemoveChecks removes lines from a task's checklist, all or none.
func (t *Tracker) RemoveChecks(ctx context.Context, in Checks) (Changed, error) {
	return t.changeChecks(ctx, call{"check remove", in}, in.Key, func(tx *store.Tx, task *plan.Task) error {
		if err := eachCheck(task, in.N, func(*plan.Check) {}); err != nil {
			return err
		}
		task.Checks = slices.DeleteFunc(task.Checks, func(c plan.Check) bool { return slices.Contains(in.N, c.N) })
		return nil
	})
}

// MoveCheck is the input of Tracker.MoveCheck.
type MoveCheck struct {
	Key    string `json:"key" jsonschema:"key of the task" arg:"key"`
	N      int    `json:"n" jsonschema:"number of the check" arg:"n"`
	Before int    `json:"before,omitempty" jsonschema:"number of the check to move it before"`
	After  int    `json:"after,omitempty" jsonschema:"number of the check to move it after"`
}

// MoveCheck moves a line of a task's checklist. It keeps its number.
func (t *Tracker) MoveCheck(ctx context.Context, in MoveCheck) (Changed, error) {
	if (in.Before == 0) == (in.After == 0) {
		return Changed{}, plan.Errorf(plan.Usage, "specify either --before or --after").WithHint("pm check move %s %d --before 1", in.Key, in.N)
	}
	return t.changeChecks(ctx, call{"check move", in}, in.Key, func(tx *store.Tx, task *plan.Task) error {
		var moved plan.Check
		if err := eachCheck(task, []int{in.N}, func(c *plan.Check) { moved = *c }); err != nil {
			return err
		}
		beside := max(in.Before, in.After)
		if err := eachCheck(task, []int{beside}, func(*plan.Check) {}); err != nil || beside == in.N {
			return err
		}
		task.Checks = slices.DeleteFunc(task.Checks, func(c plan.Check) bool { return c.N == in.N })
		at := slices.IndexFunc(task.Checks, func(c plan.Check) bool { return c.N == beside })
		if in.After != 0 {
			at++
		}
		task.Checks = slices.Insert(task.Checks, at, moved)
		return nil
	})
}

// eachCheck calls change with the lines of these numbers, of a checklist that
// is no longer that of the task as it was before.
func eachCheck(task *plan.Task, numbers []int, change func(*plan.Check)) error {
	if len(numbers) == 0 {
		return plan.Errorf(plan.Usage, "missing check number").WithHint("to see the numbers: pm show %s", task.Key)
	}
	task.Checks = slices.Clone(task.Checks)
	for _, n := range numbers {
		i := slices.IndexFunc(task.Checks, func(c plan.Check) bool { return c.N == n })
		if i < 0 {
			return plan.Errorf(plan.NotFound, "%s has no check %d", task.Key, n).WithHint("to see its checks: pm show %s", task.Key)
		}
		change(&task.Checks[i])
	}
	return nil
}

// changeChecks changes the checklist of one task. Anyone may; the holder's
// change renews the lease.
func (t *Tracker) changeChecks(ctx context.Context, c call, key string, change func(*store.Tx, *plan.Task) error) (Changed, error) {
	k, err := keyAt(plan.LevelTask, key)
	if err != nil {
		return Changed{}, err
	}
	return write(ctx, t, c, func(tx *store.Tx) (Changed, error) {
		return changeEach(tx, []plan.Key{k}, func(task *plan.Task) error {
			before := *task
			if err := change(tx, task); err != nil || len(task.Since(before)) == 0 {
				return err
			}
			if err := renewHeld(tx, task); err != nil {
				return err
			}
			return tx.SaveTask(before, task, plan.History{})
		})
	})
}
