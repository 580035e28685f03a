package tracker

import (
	"context"

	"pm/internal/plan"
	"pm/internal/store"
)

// Order is the input of Tracker.Order.
type Order struct {
	Key    string `json:"key" jsonschema:"key of the task" arg:"key"`
	Before string `json:"before,omitempty" jsonschema:"key of the task to move it before"`
	After  string `json:"after,omitempty" jsonschema:"key of the task to move it after"`
}

// Order puts a task right before or behind another in the order of the plan,
// which is that of creation for tasks that were never moved. It changes that
// task only.
func (t *Tracker) Order(ctx context.Context, in Order) (Changed, error) {
	if (in.Before == "") == (in.After == "") {
		return Changed{}, plan.Errorf(plan.Usage, "specify either before or after").WithCode("missing_argument").
			WithHint("pm order KEY --before KEY, or pm order KEY --after KEY")
	}
	key, err := keyAt(plan.LevelTask, in.Key)
	to, toErr := keyAt(plan.LevelTask, in.Before+in.After)
	if err := firstError(err, toErr); err != nil {
		return Changed{}, err
	}
	if key == to {
		return Changed{}, plan.Errorf(plan.Invalid, "cannot move %s before or after itself", key).WithCode("bad_key")
	}
	return write(ctx, t, call{"task order", in}, func(tx *store.Tx) (out Changed, err error) {
		if err := tx.LockGraph(); err != nil { // or two could find the same gap
			return out, err
		}
		locked, err := lockItems(tx, []plan.Key{key, to})
		if err != nil {
			return out, err
		}
		task, before := *locked[key].Task, *locked[key].Task
		if task.Position, err = placeBeside(tx, *locked[to].Task, in.After != ""); err != nil {
			return out, err
		}
		if err := firstError(renewHeld(tx, &task), tx.SaveTask(before, &task, plan.History{})); err != nil {
			return out, err
		}
		task, err = loadTask(tx, key)
		out.Items = []plan.Task{task}
		return out, err
	})
}

// placeBeside returns a place right before or behind a task.
func placeBeside(tx *store.Tx, to plan.Task, behind bool) (string, error) {
	next, err := tx.Neighbour(to, behind)
	if err != nil {
		return "", err
	}
	place := ""
	if behind {
		place = plan.PlaceBetween(to.Place(), next)
	} else {
		place = plan.PlaceBetween(next, to.Place())
	}
	if len(place) > plan.MaxPosition {
		return "", plan.Errorf(plan.Refused, "no room left next to %s", to.Key).WithCode("no_room").
			WithHint("move %s somewhere else first to make room", to.Key)
	}
	return place, nil
}
