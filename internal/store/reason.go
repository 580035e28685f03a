package store

import (
	"slices"

	"pm/internal/db"
	"pm/internal/plan"
)

// The reason that stands is the one given with the last change of status, or
// given anew for a task that is blocked or archived already, which changes no
// more than when it was blocked: a dependency that went, or an import, says why
// in its own matter. A claim, a start or a release without a reason leaves the
// one before standing: why a task was sent back or reopened holds for whoever
// takes it up.
const reasonStands = `new_status is not null and (new_status <> coalesce(old_status, '') or new_status in ('blocked', 'archived') and notes is not null
		and (change is null or change like '%"blocked_at":%' or change like '%"blocked_reason":%' or change like '{"notes":[null,{%}]}'))
	and (notes is not null or old_status is not null and new_status not in ('todo', 'in_progress') or coalesce(old_status, 'todo') not in ('todo', 'in_progress'))`

var reasonOf = db.Named("history.reason", `select coalesce(notes, '') from task_history where task_id = $1 and `+reasonStands+` order by timestamp desc, id desc limit 1`)

// standing returns the reason that stands, by a record alone; none says that
// the record leaves the one before.
func standing(h plan.History) (reason string, none bool) {
	quiet := func(status string) bool {
		return status == "" || status == string(plan.Todo) || status == string(plan.InProgress)
	}
	switch {
	case h.NewStatus == "", h.NewStatus == h.OldStatus && (h.Notes == "" || !givenAnew(h)):
		return "", true
	case h.Notes == "" && (h.OldStatus == "" || quiet(h.OldStatus) && quiet(h.NewStatus)):
		return "", true
	}
	return h.Notes, false
}

// givenAnew reports whether a record that leaves the status as it is can be
// about the reason for it, which may have been redacted since.
func givenAnew(h plan.History) bool {
	return (h.NewStatus == string(plan.Blocked) || h.NewStatus == string(plan.Archived)) &&
		(len(h.Change) == 0 || h.Change.Any("blocked_at", "blocked_reason") || len(h.Change) == 1 && h.Change.Any("notes"))
}

// StandingOf returns the reason that stands after these records, oldest first,
// where reason stood before them.
func StandingOf(reason string, history []plan.History) string {
	for _, h := range history {
		if r, none := standing(h); !none {
			reason = r
		}
	}
	return reason
}

// Reason returns the reason that stands with a task; empty if there is none.
func (tx *Tx) Reason(k plan.Key) (reason string, err error) {
	_, err = tx.ScanOne(reasonOf, []any{&reason}, k.Ordinal())
	return reason, err
}

// aTurn is a record by which a task was done, was brought back after that, or left
// its review.
const aTurn = `new_status <> old_status and (old_status in ('ready_for_review', 'completed', 'archived') or new_status in ('completed', 'archived'))`

var historyTurn = db.Named("history.last_turn", "select old_status, new_status, coalesce(notes, '') from task_history where task_id = $1 and "+aTurn+" order by timestamp desc, id desc limit 1")

// LastTurn returns the last such record: the statuses and the reason. It is empty
// if there is none.
func (tx *Tx) LastTurn(k plan.Key) (h plan.History, err error) {
	_, err = tx.ScanOne(historyTurn, []any{&h.OldStatus, &h.NewStatus, &h.Notes}, k.Ordinal())
	return h, err
}

// Reasons returns the reasons that stand with tasks, by task.
func (tx *Tx) Reasons(keys []plan.Key) (map[plan.Key]string, error) {
	out := map[plan.Key]string{}
	for page := range slices.Chunk(keys, maxIn) {
		var w where
		ids := make([]int64, len(page))
		for i, k := range page {
			ids[i] = k.Ordinal()
		}
		in(&w, "task_id", ids)
		w.add(reasonStands)
		if err := tx.reasons(out, w); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (tx *Tx) reasons(into map[plan.Key]string, w where) error {
	return tx.walkReasons(into, db.Named("history.reasons", reasonsWhere(w.sql())), w.args...)
}

var reasonsBetween = db.Named("history.reasons_between", reasonsWhere(" where task_id between $1 and $2 and "+reasonStands))

// reasonsBetween adds the reasons that stand with the tasks whose ids lie
// between first and last.
func (tx *Tx) reasonsBetween(into map[plan.Key]string, first, last int64) error {
	return tx.walkReasons(into, reasonsBetween, first, last)
}

func reasonsWhere(where string) string {
	return "select task_id, notes from task_history where id in (select max(id) from task_history" + where + " group by task_id) and notes is not null"
}

func (tx *Tx) walkReasons(into map[plan.Key]string, s db.Stmt, args ...any) error {
	type reason struct {
		of   plan.Key
		text string
	}
	_, err := db.Walk(tx.Tx, s, func(r *reason) []any { return []any{subject{&r.of}, &r.text} },
		func(r reason) { into[r.of] = r.text }, args...)
	return err
}

// reindex brings the index up to date with the texts that h changes and with
// the reason that it gives or ends, before h is recorded.
func (tx *Tx) reindex(t *plan.Task, h plan.History) error {
	edited := editsWords(h)
	reason, none := standing(h)
	if none && !edited {
		return nil
	}
	before, err := tx.Reason(t.Key)
	if err != nil || before == reason && !edited {
		return err
	}
	if none {
		reason = before
	}
	return tx.indexTask(t, reason)
}

// editsWords reports whether a record changes what a task is found by beside its
// reason.
func editsWords(h plan.History) bool {
	return h.Change.Any("title", "description") || plan.EditsChecks(h.Change)
}
