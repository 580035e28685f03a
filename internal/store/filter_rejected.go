package store

import (
	"fmt"
	"strings"

	"pm/internal/plan"
)

// aPassage is what the records of idx_task_history_passed are, word for word: a task
// changed its stage, or left its review without being done for a reason that was given.
// Undoing a submission gives none.
const aPassage = `(old_status is not null and change like '%"stage":[%' or old_status = 'ready_for_review' and new_status in ('todo', 'in_progress') and notes is not null)`

// rejections returns the term that a record is a rejection that was not undone. The
// index also has what a submission with a reason passed on: the line tells it apart
// from what was sent back. What was undone is one argument, which the engine makes a
// set of once: records and undone operations cost what both are together.
func (tx *Tx) rejections() (records func(*where) string, err error) {
	line, err := tx.Stages()
	if err != nil {
		return nil, err
	}
	undoings, err := tx.Undoings()
	if err != nil {
		return nil, err
	}
	undone := undoings.Undone()
	ids, err := plan.JSON(undone)
	return func(w *where) string {
		back := "old_status = 'ready_for_review'"
		for i, from := range line {
			for _, to := range line[:i] {
				moved := strings.ReplaceAll(`%"stage":["`+from.Name+`","`+to.Name+`"]%`, "_", `\_`) // which names may have
				back += " or change like " + w.arg(moved) + ` escape '\'`
			}
		}
		stands := ""
		if len(undone) > 0 {
			stands = " and operation not in (" + fmt.Sprintf(tx.engine.listOf, w.arg(string(ids))) + ")"
		}
		return aPassage + " and new_status in ('todo', 'in_progress') and notes is not null and (" + back + ")" + stands
	}, err
}

// rejected is the state of open tasks that were rejected more than once.
func rejected(records func(*where) string) state {
	often := func(w *where) string {
		return "(select count(*) from task_history h where h.task_id = t.id and " + records(w) + ") > 1"
	}
	return state{openStatuses, []test{{sql: often}}, []way{{ids: func(w *where) string {
		return "select task_id from task_history where " + records(w) + " group by task_id having count(*) > 1"
	}}}}
}
