// Package flow says how work flows through a plan: how long tasks take, how
// many are finished a day, and when what is left will be done. It is given
// facts and answers figures: no I/O, no clock, and chance only from a seed, so
// that the same question has the same answer. docs/flow.md states the
// definitions, which follow the Kanban Guide (https://kanbanguides.org) and
// Daniel Vacanti's "Actionable Agile Metrics for Predictability".
package flow

import (
	"cmp"
	"slices"
	"time"

	"pm/internal/plan"
)

// A Move is the entry of a task into a status.
type Move struct {
	To    plan.TaskStatus
	At    time.Time
	Agent string // who moved it
}

// A Task is what is known of a task. The fields up to Done are those of its
// row; Follow sets the others.
type Task struct {
	Key      plan.Key
	Status   plan.TaskStatus
	Trade    string
	Agent    string // who holds it, or did
	Priority int
	Created  time.Time
	Started  time.Time // of the row, which a release clears; zero: none
	Done     time.Time // of the row: the last entry into completed; zero: not completed, or reopened
	Updated  time.Time

	Start     time.Time // the first entry into in_progress; zero: never
	Finish    time.Time // the last entry into completed; zero: not finished
	Submitted time.Time // the last entry into ready_for_review, of what is in review or finished
	Dropped   time.Time // the entry into archived, of what was not completed before
	Times     Times     // from Start to Finish, or to now
	Spells    []Spell   // of work, by agent
}

// Times is how long a task was in each stage between its start and its finish.
type Times struct {
	Held    time.Duration // in progress
	Waiting time.Duration // todo again: released or reopened
	Blocked time.Duration
	Review  time.Duration
}

// Plus adds up.
func (t Times) Plus(u Times) Times {
	return Times{t.Held + u.Held, t.Waiting + u.Waiting, t.Blocked + u.Blocked, t.Review + u.Review}
}

// All is the sum of the stages.
func (t Times) All() time.Duration { return t.Held + t.Waiting + t.Blocked + t.Review }

// Efficiency is the share of the time, in percent, in which somebody worked;
// zero for no time.
func (t Times) Efficiency() float64 {
	if t.All() == 0 {
		return 0
	}
	return float64(t.Held) / float64(t.All()) * 100
}

// A Spell is how long one agent held a task.
type Spell struct {
	Agent string
	Held  time.Duration
}

// Cycle is the cycle time; false for a task that is not finished or that
// nobody was seen to start.
func (t *Task) Cycle() (time.Duration, bool) {
	if t.Start.IsZero() || t.Finish.IsZero() || t.Finish.Before(t.Start) {
		return 0, false
	}
	return t.Finish.Sub(t.Start), true
}

// Arrived is when the task became part of the plan: with its creation, or with
// its start or finish where an import brought earlier ones.
func (t *Task) Arrived() time.Time { return earliest(t.Created, t.Start, t.Finish) }

// begun is when the task counts as started at the latest.
func (t *Task) begun() time.Time { return earliest(t.Start, t.Submitted, t.Finish) }

// reviewed is when the task counts as submitted at the latest.
func (t *Task) reviewed() time.Time { return earliest(t.Submitted, t.Finish) }

// Open reports whether the task is still to be finished.
func (t *Task) Open() bool { return t.Finish.IsZero() && t.Dropped.IsZero() }

// Underway reports whether the task was started and not finished.
func (t *Task) Underway() bool { return t.Open() && !t.Start.IsZero() }

// earliest returns the earliest of the times that are set.
func earliest(times ...time.Time) (first time.Time) {
	for _, t := range times {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}

// Percentile returns the percentile p of values in ascending order by nearest
// rank: the smallest value that p percent of them do not exceed. It is the
// zero value for none.
func Percentile[T cmp.Ordered](sorted []T, p int) (v T) {
	if len(sorted) == 0 {
		return v
	}
	rank := (p*len(sorted) + 99) / 100
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// CycleTimes returns the cycle times of the tasks, ascending.
func CycleTimes(tasks []*Task) (all []time.Duration) {
	for _, t := range tasks {
		if d, is := t.Cycle(); is {
			all = append(all, d)
		}
	}
	slices.Sort(all)
	return all
}
