package tracker

import (
	"context"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// Inside is what goes on in an epic or a feature: the features of an epic that
// are neither completed nor archived, what is blocked and what is held, each as
// far as fits a screen, and how many more there are, counted up to 1,000.
type Inside struct {
	Features     []InsideFeature `json:"features,omitempty"`
	MoreFeatures int             `json:"more_features,omitempty"`
	Blocked      []InsideTask    `json:"blocked,omitempty"`
	MoreBlocked  int             `json:"more_blocked,omitempty"`
	Held         []InsideTask    `json:"held,omitempty"`
	MoreHeld     int             `json:"more_held,omitempty"`
}

// An InsideFeature is a feature in an Inside.
type InsideFeature struct {
	Key         plan.Key        `json:"key"`
	Title       string          `json:"title"`
	Status      plan.PlanStatus `json:"status"`
	Completed   int             `json:"tasks_completed"`
	Total       int             `json:"tasks_total"`
	ProgressPct plan.Percent    `json:"progress_pct"`
}

// An InsideTask is a task in an Inside: why it is blocked, or by whom it is held
// and until when.
type InsideTask struct {
	Key        plan.Key   `json:"key"`
	Title      string     `json:"title"`
	Reason     string     `json:"blocked_reason,omitempty"`
	Agent      string     `json:"assigned_agent,omitempty"`
	LeaseUntil *time.Time `json:"lease_until,omitempty"`
}

// The lengths of the lists of an Inside.
const (
	insideFeatures = 20
	insideTasks    = 10
)

// inside returns what goes on in an epic or a feature that has anything in it.
func inside(tx *store.Tx, item Item) (in Inside, err error) {
	if item.Epic != nil && item.Epic.LastChild > 0 {
		f := store.PlanFilter{Under: item.Epic.Key, Statuses: []plan.PlanStatus{plan.PlanDraft, plan.PlanActive}, Limit: insideFeatures + 1}
		features, err := tx.Features(f)
		if err != nil {
			return in, err
		}
		if len(features) > insideFeatures {
			features = features[:insideFeatures]
			f.After = features[insideFeatures-1].Key
			if in.MoreFeatures, err = tx.CountFeaturesTo(f, countTo); err != nil {
				return in, err
			}
		}
		for _, f := range features {
			in.Features = append(in.Features, InsideFeature{f.Key, cut(f.Title, linkTitle, ""), f.Status, f.TasksCompleted, f.TasksTotal, f.ProgressPct})
		}
	}
	if item.tasks() == 0 {
		return in, nil
	}
	if in.Blocked, in.MoreBlocked, err = insideOf(tx, item.Key(), plan.Blocked); err == nil {
		in.Held, in.MoreHeld, err = insideOf(tx, item.Key(), plan.InProgress)
	}
	return in, err
}

// insideOf returns the first tasks of a status under an item, and how many more
// there are.
func insideOf(tx *store.Tx, under plan.Key, status plan.TaskStatus) (out []InsideTask, more int, err error) {
	list, err := tx.List(store.TaskFilter{Under: under, Statuses: []plan.TaskStatus{status}, Sort: store.ByKey, Limit: insideTasks + 1})
	if err != nil {
		return nil, 0, err
	}
	tasks, err := list.Tasks()
	if err == nil && len(tasks) > insideTasks {
		tasks = tasks[:insideTasks]
		more, _, err = list.Count(insideTasks, &tasks[insideTasks-1], countTo)
	}
	for _, t := range tasks {
		one := InsideTask{Key: t.Key, Title: cut(t.Title, linkTitle, ""), Reason: cut(t.BlockedReason, linkTitle, "")}
		if status == plan.InProgress {
			one.Agent, one.LeaseUntil = t.AssignedAgent, t.LeaseUntil
		}
		out = append(out, one)
	}
	return out, min(more, countTo), err
}

// ShowItems is the input of Tracker.ShowItems.
type ShowItems struct {
	Keys []string `json:"keys" jsonschema:"keys of epics, features and tasks, at most 100" arg:"key"`
}

// maxShown is how many items are shown at once.
const maxShown = 100

// Shown is the answer of Tracker.ShowItems, in the order the items were named.
type Shown struct {
	Items []Item `json:"items"`
}

// ShowItems returns several items, each as Show does, or none of them.
func (t *Tracker) ShowItems(ctx context.Context, in ShowItems) (Shown, error) {
	return t.ShowItemsAsOf(ctx, in, "")
}

// ShowItemsAsOf is ShowItems as of a past moment; of the present, if asOf is empty.
func (t *Tracker) ShowItemsAsOf(ctx context.Context, in ShowItems, asOf string) (Shown, error) {
	keys, err := anyKeys(in.Keys)
	if err == nil && len(keys) > maxShown {
		err = plan.Errorf(plan.Invalid, "too many keys: %d (maximum %d)", len(keys), maxShown).WithCode("too_many_keys").WithHint("list them instead: pm list key:KEY,KEY")
	}
	if err != nil {
		return Shown{}, err
	}
	return readAt(ctx, t, asOf, func(tx *store.Tx) (out Shown, err error) {
		out.Items = make([]Item, len(keys))
		for i, k := range keys {
			if out.Items[i], err = showItem(tx, k); err != nil {
				return out, err
			}
		}
		return out, nil
	})
}
