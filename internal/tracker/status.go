package tracker

import (
	"context"

	"pm/internal/plan"
	"pm/internal/store"
)

// ShowStatus is the input of Tracker.Status.
type ShowStatus struct{}

// A Status is the state of the project on one screen. Each list holds the
// first of its kind; Counts has the whole numbers.
type Status struct {
	TasksTotal     int            `json:"tasks_total"`
	TasksCompleted int            `json:"tasks_completed"`
	ProgressPct    float64        `json:"progress_pct"`
	Counts         plan.Counts    `json:"counts"`
	Epics          []plan.Epic    `json:"epics"`
	MoreEpics      int            `json:"more_epics,omitempty"`
	Held           []plan.Task    `json:"held"`
	Blocked        []plan.Task    `json:"blocked"`
	InReview       []plan.Task    `json:"in_review"`
	Last           []plan.History `json:"last_changes"`
}

// The lengths of the lists of a Status.
const (
	statusEpics = 12
	statusTasks = 8
	statusLast  = 6
)

// Status returns the state of the project: progress by epic, who holds what,
// what is blocked and why, what waits for review, the last changes.
func (t *Tracker) Status(ctx context.Context, _ ShowStatus) (Status, error) {
	return read(ctx, t, loadStatus)
}

func loadStatus(tx *store.Tx) (s Status, err error) {
	all, err := tx.Totals()
	if err != nil {
		return s, err
	}
	s.Counts, s.TasksTotal, s.TasksCompleted = all.Counts, all.Total, all.Done
	s.Epics, err = tx.Epics(store.PlanFilter{Statuses: []plan.PlanStatus{plan.PlanDraft, plan.PlanActive}, Limit: statusEpics})
	if err != nil {
		return s, err
	}
	s.MoreEpics = max(0, all.OpenEpics-len(s.Epics))
	if s.Epics == nil {
		s.Epics = []plan.Epic{}
	}
	for i := range s.Epics {
		s.Epics[i].Description = ""
	}
	s.ProgressPct = plan.Progress(s.TasksCompleted, s.TasksTotal)
	for _, part := range []struct {
		status plan.TaskStatus
		into   *[]plan.Task
	}{{plan.InProgress, &s.Held}, {plan.Blocked, &s.Blocked}, {plan.ReadyForReview, &s.InReview}} {
		if *part.into, err = firstOf(tx, part.status); err != nil {
			return s, err
		}
	}
	records, err := tx.History(store.HistoryFilter{Limit: statusLast})
	s.Last = make([]plan.History, len(records))
	for i, r := range records {
		s.Last[i] = r.History
	}
	return s, err
}

// firstOf returns the most urgent tasks of a status, without descriptions.
func firstOf(tx *store.Tx, status plan.TaskStatus) ([]plan.Task, error) {
	tasks, err := tx.Tasks(store.TaskFilter{Statuses: []plan.TaskStatus{status}, Sort: store.ByPriority, Limit: statusTasks})
	if tasks == nil {
		tasks = []plan.Task{}
	}
	for i := range tasks {
		tasks[i].Description = ""
	}
	return tasks, err
}
