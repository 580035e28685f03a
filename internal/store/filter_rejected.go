package store

import "pm/internal/plan"

// aRejection is what the records of idx_task_history_rejected are, word for word:
// a task left its review without being done, or changed its stage, and a reason
// was given. Undoing a submission gives none.
const aRejection = `new_status in ('todo', 'in_progress') and notes is not null and (old_status = 'ready_for_review' or change like '%"stage":[%')`

// rejected is the state of open tasks that were rejected more than once. The index
// also has what a submission with a reason passed on: the line tells it apart from
// what was sent back.
func rejected(line plan.Line) state {
	records := func(w *where) string {
		back := "old_status = 'ready_for_review'"
		for i, from := range line {
			for _, to := range line[:i] {
				back += " or change like " + w.arg(`%"stage":["`+from.Name+`","`+to.Name+`"]%`)
			}
		}
		return aRejection + " and (" + back + ")"
	}
	often := func(w *where) string {
		return "(select count(*) from task_history h where h.task_id = t.id and " + records(w) + ") > 1"
	}
	return state{openStatuses, nil, often, []way{{ids: func(w *where) string {
		return "select task_id from task_history where " + records(w) + " group by task_id having count(*) > 1"
	}}}}
}
