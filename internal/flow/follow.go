package flow

import (
	"time"

	"pm/internal/plan"
)

// A Follower reads the moves of one task after the other.
type Follower struct {
	task   *Task
	status plan.TaskStatus // empty: no move yet
	since  time.Time
	holder string
}

// Follow begins with a task, whose moves come next.
func (f *Follower) Follow(t *Task) { *f = Follower{task: t} }

// Move takes the next move of the task: in the order in which they happened.
// Without a task it does nothing.
func (f *Follower) Move(m Move) {
	if f.task == nil {
		return
	}
	f.pass(m.At)
	t := f.task
	switch m.To {
	case plan.InProgress:
		if t.Start.IsZero() {
			t.Start = m.At
		}
		if f.holder == "" || f.status == plan.Todo || f.status == plan.Completed || f.status == plan.Archived {
			f.holder = m.Agent // a rejected or unblocked task returns to its holder
		}
	case plan.ReadyForReview:
		t.Submitted = m.At
	case plan.Archived:
		t.Dropped = m.At
	case plan.Completed:
		if f.holder == "" {
			f.holder = m.Agent
		}
	}
	f.status, f.since = m.To, m.At
}

// pass counts the time up to a moment for the stage that the task is in.
func (f *Follower) pass(at time.Time) {
	t, d := f.task, at.Sub(f.since)
	if t.Start.IsZero() || d <= 0 {
		return
	}
	switch f.status {
	case plan.Todo:
		t.Times.Waiting += d
	case plan.Blocked:
		t.Times.Blocked += d
	case plan.ReadyForReview:
		t.Times.Review += d
	case plan.InProgress:
		t.Times.Held += d
		for i := range t.Spells {
			if t.Spells[i].Agent == f.holder {
				t.Spells[i].Held += d
				return
			}
		}
		t.Spells = append(t.Spells, Spell{f.holder, d})
	}
}

// End ends the task as its row has it, at now. Without a task it does nothing.
func (f *Follower) End(now time.Time) {
	t := f.task
	if t == nil {
		return
	}
	if t.Status != plan.Archived && t.Status != plan.Completed {
		f.pass(now)
	}
	t.Finish = t.Done
	t.Start = earliest(t.Start, t.Started)
	if !t.Finish.IsZero() && t.Start.After(t.Finish) {
		t.Start = time.Time{}
	}
	if t.Finish.IsZero() && t.Status != plan.ReadyForReview {
		t.Submitted = time.Time{}
	}
	switch {
	case t.Status != plan.Archived || !t.Finish.IsZero():
		t.Dropped = time.Time{}
	case t.Dropped.IsZero():
		t.Dropped = t.Updated
	}
	if f.holder != "" {
		t.Agent = f.holder
	}
	f.task = nil
}
