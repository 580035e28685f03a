package store

import (
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

const historyColumns = "old_status, new_status, agent, session, surface, notes, timestamp, change, operation, hash"

func historyFields(h *plan.History) []any {
	return []any{db.Text(&h.OldStatus), db.Text(&h.NewStatus), db.Text(&h.Agent), db.Text(&h.Session), db.Text(&h.Surface), db.Text(&h.Notes),
		db.Stamp(&h.Timestamp), changeText{&h.Change}, &h.Operation, &h.Hash}
}

var (
	// Singly: a function decides what is in one of the indexes, and that may fail.
	taskHistoryInsertion = db.Insertion{Name: "history.insert_task", Singly: true, Table: "task_history", Columns: "task_id, " + historyColumns}
	planHistoryInsertion = db.Insertion{Name: "history.insert_plan", Table: "plan_history", Columns: "epic_id, feature_id, key, " + historyColumns}
)

// A HistoryFilter says which records to list, newest first.
type HistoryFilter struct {
	Under  plan.Key  // only this item and everything in it; zero: of all
	Before *Position // only what is older than this
	Limit  int       // at most this many; 0 for all

	Since, Until time.Time // from then on, and before then; zero: open on that side
	Agents       []string  // only those of one of these; none: any
	Surfaces     []string  // likewise

	rows []int64 // of the tasks' records only these; nil: any
}

// A Position is the place of a record in the project's history, newest first.
type Position struct {
	Time  time.Time
	Plan  bool // in the history of epics and features, which comes after tasks at the same time
	RowID int64
}

// A Record is a history record with its place.
type Record struct {
	plan.History
	At Position
}

func (w *where) under(k plan.Key, ofPlan bool) {
	first, last := k.Range()
	a := w.arg(first)
	switch {
	case ofPlan && k.Level() == plan.LevelFeature:
		w.add("feature_id = " + a)
	case ofPlan:
		b := w.arg(last)
		w.add("(epic_id = " + a + " or feature_id between " + a + " and " + b + ")")
	default:
		w.add("task_id between " + a + " and " + w.arg(last))
	}
}

// before keeps what comes after p in the merged list: at the same time the
// records of tasks come before those of epics and features.
func (w *where) before(p Position, ofPlan bool) {
	at := w.arg(db.Stamp(&p.Time))
	switch {
	case p.Plan == ofPlan:
		w.add("(timestamp, id) < (" + at + ", " + w.arg(p.RowID) + ")")
	case p.Plan:
		w.add("timestamp < " + at)
	default:
		w.add("timestamp <= " + at)
	}
}

// A subject scans the item of a record: the id of a task, or a key.
type subject struct{ k *plan.Key }

func (s subject) Scan(v any) error {
	if id, ok := v.(int64); ok {
		*s.k = plan.KeyOf(id)
		return nil
	}
	return keyText(s).Scan(v)
}

var (
	taskHistoryRange = db.Named("doctor.history_tasks", `select id, task_id, `+historyColumns+` from task_history where task_id between $1 and $2 order by task_id, id`)
	planHistoryEpic  = db.Named("doctor.history_epic", `select id, key, `+historyColumns+` from plan_history where epic_id = $1 order by id`)
	planHistoryRange = db.Named("doctor.history_features", `select feature_id, id, key, `+historyColumns+` from plan_history where feature_id between $1 and $2 order by feature_id, id`)
)

// TaskHistory returns, oldest first, the records of the tasks whose ids lie
// between first and last, by task.
func (tx *Tx) TaskHistory(first, last int64) (map[plan.Key][]plan.History, error) {
	records, err := db.List(tx.Tx, taskHistoryRange, recordFields, first, last)
	out := map[plan.Key][]plan.History{}
	for _, r := range records {
		out[r.Key] = append(out[r.Key], r.History)
	}
	return out, err
}

// EpicHistory returns, oldest first, the records of an epic.
func (tx *Tx) EpicHistory(epic plan.Key) ([]plan.History, error) {
	records, err := db.List(tx.Tx, planHistoryEpic, recordFields, epic.Ordinal())
	out := make([]plan.History, len(records))
	for i, r := range records {
		out[i] = r.History
	}
	return out, err
}

// FeatureHistory returns, oldest first, the records of each feature of an epic,
// by the feature's ordinal.
func (tx *Tx) FeatureHistory(epic plan.Key) (map[int64][]plan.History, error) {
	first, last := epic.Range()
	out := map[int64][]plan.History{}
	type record struct {
		feature int64
		Record
	}
	_, err := db.Walk(tx.Tx, planHistoryRange, func(r *record) []any {
		return append([]any{&r.feature}, recordFields(&r.Record)...)
	}, func(r record) { out[r.feature] = append(out[r.feature], r.History) }, first, last)
	return out, err
}

// historyOf selects the records of one item, oldest first.
var historyOf = map[plan.Level]db.Stmt{
	plan.LevelTask:    db.Named("history.of_task", `select id, task_id, `+historyColumns+` from task_history where task_id = $1 order by id`),
	plan.LevelFeature: db.Named("history.of_feature", `select id, key, `+historyColumns+` from plan_history where feature_id = $1 order by id`),
	plan.LevelEpic:    planHistoryEpic,
}

// ItemHistory returns the records of an item, be it there or gone, oldest first.
func (tx *Tx) ItemHistory(k plan.Key) ([]plan.History, error) {
	records, err := db.List(tx.Tx, historyOf[k.Level()], recordFields, k.Ordinal())
	return each(records, func(r Record) plan.History { return r.History }), err
}

func recordFields(r *Record) []any {
	return append([]any{&r.At.RowID, subject{&r.Key}}, historyFields(&r.History)...)
}

var historySubmitted = db.Named("history.submitted_by", `select coalesce(agent, '') from task_history
	where task_id = $1 and new_status = 'ready_for_review' and old_status <> new_status order by timestamp desc, id desc limit 1`)

// SubmittedBy returns who handed the task in for review last; empty if nobody did.
func (tx *Tx) SubmittedBy(k plan.Key) (agent string, err error) {
	_, err = tx.ScanOne(historySubmitted, []any{&agent}, k.Ordinal())
	return agent, err
}
