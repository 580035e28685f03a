package tracker

import (
	"context"

	"pm/internal/plan"
	"pm/internal/store"
)

// Next is the input of Tracker.Next.
type Next struct {
	Claim     bool     `json:"claim,omitempty" jsonschema:"take the task in the same step"`
	AgentType string   `json:"agent_type,omitempty" jsonschema:"only tasks for this trade or for everyone" short:"t"`
	Epic      string   `json:"epic,omitempty" jsonschema:"only tasks of this epic"`
	Feature   string   `json:"feature,omitempty" jsonschema:"only tasks of this feature"`
	Not       []string `json:"not,omitempty" jsonschema:"keys of tasks to leave out"`
	Lease     string   `json:"lease,omitempty" jsonschema:"how long the claim holds unless renewed: 30m (the default), 2h"`
}

// NextTask is the answer of Tracker.Next: a task, or why there is none.
type NextTask struct {
	Task *plan.Task     `json:"task"`
	Why  *store.Unready `json:"why,omitempty"`
}

// Next gives the ready task with the lowest priority number, then the oldest;
// with Claim it takes it for the actor in the same transaction, and no other
// claim gets the same one. Having none to give is no error.
func (t *Tracker) Next(ctx context.Context, in Next) (NextTask, error) {
	f, err := in.filter()
	lease, leaseErr := parseLease(in.Lease)
	if err := firstError(err, leaseErr); err != nil {
		return NextTask{}, err
	}
	if !in.Claim {
		return read(ctx, t, func(tx *store.Tx) (NextTask, error) { return nextTask(tx, f, nil) })
	}
	return write(ctx, t, func(tx *store.Tx) (NextTask, error) {
		return nextTask(tx, f, func(task *plan.Task) error { return claim(tx, task, lease, Claim{}) })
	})
}

// nextTask finds the next task and, where take is given, takes it.
func nextTask(tx *store.Tx, f store.ReadyFilter, take func(*plan.Task) error) (NextTask, error) {
	task, found, err := tx.NextReady(f, take != nil)
	if err != nil {
		return NextTask{}, err
	}
	if !found {
		why, err := tx.CountUnready(f)
		return NextTask{Why: &why}, err
	}
	if take != nil {
		if err := take(&task); err != nil {
			return NextTask{}, err
		}
	}
	one := []plan.Task{task}
	err = tx.LoadDependencies(one)
	return NextTask{Task: &one[0]}, err
}

func (in Next) filter() (f store.ReadyFilter, err error) {
	f.AgentType = in.AgentType
	if f.Under, err = scope(in.Epic, in.Feature); err != nil {
		return f, err
	}
	if len(in.Not) > 0 {
		f.Not, err = taskKeys(in.Not)
	}
	return f, err
}

// scope reads an epic or a feature to look under; the zero key means all.
func scope(epic, feature string) (k plan.Key, err error) {
	if epic != "" {
		if k, err = keyAt(plan.LevelEpic, epic); err != nil {
			return k, err
		}
	}
	if feature != "" {
		f, err := keyAt(plan.LevelFeature, feature)
		if err != nil {
			return f, err
		}
		if epic != "" && f.EpicKey() != k {
			return f, plan.Errorf(plan.Invalid, "feature %s is not of epic %s", f, k)
		}
		return f, nil
	}
	return k, nil
}
