package tracker

import (
	"context"
	"fmt"
	"strings"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// parseRepeat reads a rule as it is stored; empty is none.
func parseRepeat(s string) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "", nil
	}
	r, err := plan.ParseRepeat(s)
	if err != nil {
		return "", err
	}
	return r.String(), nil
}

// repeatTasks makes the next ones of tasks that were completed, which are given
// as they were before: with the same texts, an open checklist, the dates moved
// on, and a link to the one before. The rule goes over to the new ones, so that
// nothing that happens to the old ones makes a second one.
func repeatTasks(tx *store.Tx, done []plan.Task) (out []Warning, err error) {
	if len(done) == 0 {
		return nil, nil
	}
	now, err := keptNow(tx)
	if err != nil {
		return nil, err
	}
	if err := tx.LoadBeside(done); err != nil {
		return nil, err
	}
	var next, before []plan.Task
	for _, t := range done {
		r, err := plan.ParseRepeat(t.Repeat)
		if err != nil {
			return nil, err
		}
		due, later, more := t.Again(r, now)
		if !more {
			continue
		}
		n := plan.Task{FeatureKey: t.FeatureKey, Title: t.Title, Description: t.Description, Status: plan.Todo, Priority: t.Priority, AgentType: t.AgentType,
			FilePath: t.FilePath, Kind: t.Kind, Labels: t.Labels, Fields: t.Fields, Estimate: t.Estimate, Assignee: t.Assignee, Repeat: t.Repeat, Due: due,
			Links: []plan.Link{{As: plan.Relates, To: t.Key.String()}}}
		if later != "" {
			n.Defer, n.DeferFrom = later, later.Begin(now.Location())
		}
		for _, c := range t.Checks {
			n.Checks = append(n.Checks, plan.Check{N: c.N, Text: c.Text})
			n.LastCheck = max(n.LastCheck, c.N)
		}
		next, before = append(next, n), append(before, t)
	}
	if len(next) == 0 {
		return nil, nil
	}
	if _, err := assignKeys(tx, next); err != nil {
		return nil, fmt.Errorf("repeat %s: %w", before[0].Key, err)
	}
	bulk := tx.NewBulk()
	for i := range next {
		if _, err := insertTask(tx, bulk, &next[i], nil, nil); err != nil {
			return nil, err
		}
	}
	if err := firstError(bulk.Flush(), addOrigins(tx, next)); err != nil {
		return nil, err
	}
	for i, n := range next {
		w := warning("repeated", "%s repeats as %s", before[i].Key, n.Key)
		switch {
		case n.Due != "":
			w.Message += ", due " + string(n.Due)
		case n.Defer != "":
			w.Message += ", deferred until " + string(n.Defer)
		}
		out = append(out, w.hint("to end the series: pm update %s --repeat ''", n.Key))
	}
	return out, nil
}

// ShowRepeat is the input of Tracker.ShowRepeat.
type ShowRepeat struct {
	Key  string `json:"key" jsonschema:"key of the task" arg:"key"`
	AsOf string `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// A Repetition is the answer of Tracker.ShowRepeat: the next days of a task that
// comes again, if each is completed in time.
type Repetition struct {
	Key    plan.Key    `json:"key"`
	Repeat string      `json:"repeat"`
	Next   []plan.Date `json:"next"`
}

// shownDays is how many of the next days ShowRepeat returns.
const shownDays = 3

// ShowRepeat returns when a task comes again.
func (t *Tracker) ShowRepeat(ctx context.Context, in ShowRepeat) (Repetition, error) {
	key, err := keyAt(plan.LevelTask, in.Key)
	if err != nil {
		return Repetition{}, err
	}
	return readAt(ctx, t, in.AsOf, func(tx *store.Tx) (out Repetition, err error) {
		task, err := tx.Task(key)
		if err != nil {
			return out, err
		}
		if task.Repeat == "" {
			return out, plan.Errorf(plan.NotFound, "%s does not repeat", key).WithHint("pm update %s --repeat weekly", key)
		}
		out = Repetition{Key: key, Repeat: task.Repeat, Next: []plan.Date{}}
		r, err := plan.ParseRepeat(task.Repeat)
		if err != nil {
			return out, err
		}
		now, err := zonedNow(tx)
		for range shownDays {
			due, later, more := task.Again(r, now)
			if err != nil || !more {
				return out, err
			}
			day := due
			if day == "" {
				day = later
			}
			out.Next = append(out.Next, day)
			task.Due, task.Defer = due, later
			if at, is := day.Day(now.Location()); is { // completed on the day itself
				now = time.Date(at.Year(), at.Month(), at.Day(), 12, 0, 0, 0, now.Location())
			}
		}
		return out, err
	})
}
