package tracker

import (
	"context"

	"pm/internal/plan"
	"pm/internal/store"
)

// ShowStatus is the input of Tracker.Status.
type ShowStatus struct {
	Limit *int   `json:"limit,omitempty" jsonschema:"maximum length of each list; 12 epics, 8 tasks and 6 changes if not given" short:"n"`
	AsOf  string `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// A Status is the state of the project on one screen. Each list holds the
// first of its kind; Counts has the whole numbers.
type Status struct {
	TasksTotal     int            `json:"tasks_total"`
	TasksCompleted int            `json:"tasks_completed"`
	ProgressPct    plan.Percent   `json:"progress_pct"`
	Counts         plan.Counts    `json:"counts"`
	Epics          []plan.Epic    `json:"epics"`
	MoreEpics      int            `json:"more_epics,omitempty"`
	Held           []plan.Task    `json:"held"`
	Blocked        []plan.Task    `json:"blocked"`
	InReview       []plan.Task    `json:"in_review"`
	Last           []plan.History `json:"last_changes"`
	Trash          *InTrash       `json:"trash,omitempty"`  // nil: it is empty, or of the past
	Backup         *Backup        `json:"backup,omitempty"` // the last
}

// The lengths of the lists of a Status, if no limit is given, and the largest
// limit: a status is one screen.
const (
	statusEpics = 12
	statusTasks = 8
	statusLast  = 6
	statusMost  = 1000
)

// lengths returns how long each list may be.
func (in ShowStatus) lengths() (epics, tasks, last int, err error) {
	if in.Limit == nil {
		return statusEpics, statusTasks, statusLast, nil
	}
	if n := *in.Limit; n < 1 || n > statusMost {
		return 0, 0, 0, plan.Errorf(plan.Invalid, "limit must be 1 to %d, not %d", statusMost, n).WithCode("bad_limit").
			WithHint("use pm list for all of them")
	}
	return *in.Limit, *in.Limit, *in.Limit, nil
}

// Status returns the state of the project: progress by epic, who holds what,
// what is blocked and why, what waits for review, the last changes.
func (t *Tracker) Status(ctx context.Context, in ShowStatus) (Status, error) {
	epics, tasks, last, err := in.lengths()
	if err != nil {
		return Status{}, err
	}
	s, err := readAt(ctx, t, in.AsOf, func(tx *store.Tx) (Status, error) { return loadStatus(tx, epics, tasks, last) })
	s.Backup = t.lastBackup()
	return s, err
}

func loadStatus(tx *store.Tx, mostEpics, mostTasks, mostLast int) (s Status, err error) {
	all, err := tx.Totals()
	if err != nil {
		return s, err
	}
	s.Counts, s.TasksTotal, s.TasksCompleted = all.Counts, all.Total, all.Done
	s.Epics, err = tx.Epics(store.PlanFilter{Statuses: []plan.PlanStatus{plan.PlanDraft, plan.PlanActive}, Limit: mostEpics})
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
		if *part.into, err = firstOf(tx, part.status, mostTasks); err != nil {
			return s, err
		}
	}
	if tx.AsOf().IsZero() { // what leaves the trash does so now
		if s.Trash, err = inTrash(tx); err != nil {
			return s, err
		}
	}
	s.Last = []plan.History{}
	err = tx.EachRecord(store.HistoryFilter{Limit: mostLast}, func(records []store.Record) error {
		for _, r := range records {
			s.Last = append(s.Last, r.History)
		}
		return nil
	})
	return s, err
}

// firstOf returns the most urgent tasks of a status, without descriptions.
func firstOf(tx *store.Tx, status plan.TaskStatus, most int) ([]plan.Task, error) {
	tasks, err := tx.Tasks(store.TaskFilter{Statuses: []plan.TaskStatus{status}, Sort: store.ByPriority, Limit: most})
	if tasks == nil {
		tasks = []plan.Task{}
	}
	for i := range tasks {
		tasks[i].Description = ""
	}
	return tasks, err
}
