package tracker

import (
	"context"
	"fmt"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// CreateEpic is the input of Tracker.CreateEpic.
type CreateEpic struct {
	Title         string      `json:"title" jsonschema:"what the epic is about, in one line" arg:"title"`
	Description   string      `json:"description,omitempty" jsonschema:"description, Markdown" short:"d"`
	Status        string      `json:"status,omitempty" jsonschema:"draft, active (the default), completed or archived"`
	Priority      string      `json:"priority,omitempty" jsonschema:"high, medium (the default) or low" short:"p"`
	BusinessValue string      `json:"business_value,omitempty" jsonschema:"high, medium or low"`
	Labels        []string    `json:"labels,omitempty" jsonschema:"labels, each one word; tasks in it inherit them" flag:"label" short:"l"`
	Fields        plan.Fields `json:"fields,omitempty" jsonschema:"custom fields, such as severity=high" flag:"set"`
	Due           string      `json:"due,omitempty" jsonschema:"due date, a day or a time: 2026-12-01, fri, +7d, 2026-12-01T15:00"`
	Defer         string      `json:"defer,omitempty" jsonschema:"defer until this day or time: 2026-12-01, mon, +7d, 2026-12-01T15:00"`
}

// CreateEpic adds an epic under the next free key.
func (t *Tracker) CreateEpic(ctx context.Context, in CreateEpic) (plan.Epic, error) {
	e, err := newEpic(in, time.Now())
	if err != nil {
		return e, err
	}
	return write(ctx, t, call{"epic create", in}, func(tx *store.Tx) (plan.Epic, error) {
		if in.Due+in.Defer != "" { // days are those of the time zone of the project
			now, err := keptNow(tx)
			if err != nil {
				return e, err
			}
			if e, err = newEpic(in, now); err != nil {
				return e, err
			}
		}
		return insertEpic(tx, e)
	})
}

// newEpic returns the epic that in describes, without a key; its days and times
// are looked at from now.
func newEpic(in CreateEpic, now time.Time) (plan.Epic, error) {
	e := plan.Epic{Title: in.Title, Description: in.Description, Status: plan.DefaultEpicStatus, Priority: plan.DefaultGrade, Labels: plan.SortLabels(in.Labels), Fields: in.Fields}
	err := firstError(
		plan.CheckTitle(in.Title),
		plan.CheckText("description", in.Description),
		optional(in.Status, plan.ParsePlanStatus, &e.Status),
		optional(in.Priority, grade("priority"), &e.Priority),
		optional(in.BusinessValue, grade("business value"), &e.BusinessValue),
		plan.CheckLabels(e.Labels),
		optional(in.Due, parseDate("due date", now), &e.Due),
		setDefer(&e.Defer, &e.DeferFrom, &in.Defer, now),
	)
	return e, err
}

// insertEpic adds an epic under the next free key.
func insertEpic(tx *store.Tx, e plan.Epic) (plan.Epic, error) {
	var err error
	if e.Key, err = tx.NextEpicKey(); err != nil {
		return e, err
	}
	if e.Fields, err = newFields(tx, plan.LevelEpic, e.Fields); err != nil {
		return e, err
	}
	if e.CreatedAt, err = tx.At(); err != nil {
		return e, err
	}
	return e, tx.InsertEpic(&e, plan.History{})
}

// CreateFeature is the input of Tracker.CreateFeature.
type CreateFeature struct {
	Epic        string      `json:"epic" jsonschema:"key of the epic the feature belongs to" arg:"epic"`
	Title       string      `json:"title" jsonschema:"what the feature is about, in one line" arg:"title"`
	Description string      `json:"description,omitempty" jsonschema:"description, Markdown" short:"d"`
	Status      string      `json:"status,omitempty" jsonschema:"draft, active (the default), completed or archived"`
	Labels      []string    `json:"labels,omitempty" jsonschema:"labels, each one word; tasks in it inherit them" flag:"label" short:"l"`
	Fields      plan.Fields `json:"fields,omitempty" jsonschema:"custom fields, such as severity=high" flag:"set"`
	Due         string      `json:"due,omitempty" jsonschema:"due date, a day or a time: 2026-12-01, fri, +7d, 2026-12-01T15:00"`
	Defer       string      `json:"defer,omitempty" jsonschema:"defer until this day or time: 2026-12-01, mon, +7d, 2026-12-01T15:00"`
}

// CreateFeature adds a feature under the next free key of its epic.
func (t *Tracker) CreateFeature(ctx context.Context, in CreateFeature) (SavedFeature, error) {
	epic, f, err := newFeature(in, time.Now())
	if err != nil {
		return SavedFeature{}, err
	}
	return write(ctx, t, call{"feature create", in}, func(tx *store.Tx) (SavedFeature, error) {
		if in.Due+in.Defer != "" { // days are those of the time zone of the project
			now, err := keptNow(tx)
			if err != nil {
				return SavedFeature{}, err
			}
			if epic, f, err = newFeature(in, now); err != nil {
				return SavedFeature{}, err
			}
		}
		return insertFeature(tx, epic, f)
	})
}

// newFeature returns the feature that in describes, without a key, and the key
// of its epic.
func newFeature(in CreateFeature, now time.Time) (epic plan.Key, f plan.Feature, err error) {
	f = plan.Feature{Title: in.Title, Description: in.Description, Status: plan.DefaultEpicStatus, Labels: plan.SortLabels(in.Labels), Fields: in.Fields}
	epic, err = keyAt(plan.LevelEpic, in.Epic)
	return epic, f, firstError(err,
		plan.CheckTitle(in.Title),
		plan.CheckText("description", in.Description),
		optional(in.Status, plan.ParsePlanStatus, &f.Status),
		plan.CheckLabels(f.Labels),
		optional(in.Due, parseDate("due date", now), &f.Due),
		setDefer(&f.Defer, &f.DeferFrom, &in.Defer, now),
	)
}

// insertFeature adds a feature under the next free key of its epic.
func insertFeature(tx *store.Tx, epic plan.Key, f plan.Feature) (out SavedFeature, err error) {
	out.Feature = f
	if out.Key, err = tx.NextFeatureKey(epic); err != nil {
		return out, fmt.Errorf("create feature %q: %w", f.Title, err)
	}
	if out.Fields, err = newFields(tx, plan.LevelFeature, f.Fields); err != nil {
		return out, err
	}
	if out.CreatedAt, err = tx.At(); err != nil {
		return out, err
	}
	if err = tx.InsertFeature(&out.Feature, plan.History{}); err != nil || f.Status.Closed() {
		return out, err
	}
	c, err := closedParent(tx, out.Key)
	if c != (closedIn{}) {
		out.Warnings = []Warning{c.tasksNotOffered(out.Key)}
	}
	return out, err
}
