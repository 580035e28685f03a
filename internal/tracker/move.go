package tracker

import (
	"context"

	"pm/internal/plan"
	"pm/internal/store"
)

// Move is the input of Tracker.Move.
type Move struct {
	Keys []string `json:"keys" jsonschema:"keys of tasks, or of features" arg:"key"`
	To   string   `json:"to" jsonschema:"key of the feature to move the tasks to, or of the epic to move the features to" flag:"to"`
}

// Move gives tasks, or features with their tasks, the next free keys under
// another parent, all or none. Notes, history, dependencies, labels,
// references, claims and fences go along, and the old key stays a reference
// for ever. What lies under the parent already is left as it is.
func (t *Tracker) Move(ctx context.Context, in Move) (Items, error) {
	keys, err := anyKeys(in.Keys)
	if err != nil {
		return Items{}, err
	}
	to, err := plan.ParseKey(in.To)
	if err := firstError(err, checkMove(keys, to)); err != nil {
		return Items{}, err
	}
	return write(ctx, t, call{"item move", in}, func(tx *store.Tx) (Items, error) {
		m := mover{tx: tx, to: to, keys: map[plan.Key]plan.Key{}}
		if err := m.lock(keys); err != nil {
			return Items{}, err
		}
		if err := m.run(keys); err != nil {
			return Items{}, err
		}
		items, err := m.items(keys)
		return Items{Items: items, Warnings: m.warnings}, err
	})
}

// items returns what the mover was asked to move as it is now.
func (m *mover) items(keys []plan.Key) ([]Item, error) {
	now := make([]plan.Key, len(keys))
	for i, k := range keys {
		now[i] = m.now(k)
	}
	out, err := eachItem(m.tx, now)
	if err != nil {
		return nil, err
	}
	for i, k := range keys {
		if now[i] != k {
			out[i].setMovedFrom(k)
		}
	}
	return out, nil
}

// checkMove refuses keys that cannot go under the parent.
func checkMove(keys []plan.Key, to plan.Key) error {
	parent := map[plan.Level]plan.Level{plan.LevelTask: plan.LevelFeature, plan.LevelFeature: plan.LevelEpic}
	for _, k := range keys {
		want, movable := parent[k.Level()]
		switch {
		case !movable:
			return plan.Errorf(plan.Invalid, "cannot move %s: an epic has no parent", k).WithCode("bad_key").WithHint("move its features: pm move %s-F01 --to EPIC", k)
		case to.Level() != want:
			return plan.Errorf(plan.Invalid, "cannot move %s to %s: %s goes to %s", k, to, k.Level().Article(), want.Article()).WithCode("bad_key").
				WithHint("pm move %s --to %s", k, map[plan.Level]string{plan.LevelFeature: "FEATURE", plan.LevelEpic: "EPIC"}[want])
		}
	}
	return nil
}

// setMovedFrom says of an item which key it was moved from.
func (i Item) setMovedFrom(k plan.Key) {
	switch {
	case i.Feature != nil:
		i.Feature.MovedFrom = k.String()
	case i.Task != nil:
		i.Task.MovedFrom = k.String()
	}
}
