package store

import (
	"fmt"
	"slices"

	"pm/internal/db"
	"pm/internal/plan"
)

var placedTask = db.Named("task.placed", "select 1 from tasks where position is not null limit 1")

// HasPlaced reports whether a task was moved in the order of the plan.
func (tx *Tx) HasPlaced() (bool, error) {
	var one int
	return tx.ScanOne(placedTask, []any{&one})
}

// Neighbour returns the place next to a task's in the order of the plan: the
// last one before it, or with behind the first one after it. It is empty if
// there is none.
func (tx *Tx) Neighbour(t plan.Task, behind bool) (string, error) {
	place := t.Place()
	than, order := "<", " desc"
	if behind {
		than, order = ">", ""
	}
	created, id := plan.PlaceOrigin(place)
	var w where
	var parts []string
	add := func(sql string) { parts = append(parts, "select * from ("+sql+") x") }
	at, of := w.arg(db.Stamp(&created)), w.arg(id)
	for _, s := range plan.TaskStatuses() { // of those that were never moved, this one may be among the first two
		add("select key, created_at, '' as position from tasks" + tx.engine.Use("idx_tasks_status_created_at") + " where status = " + w.arg(string(s)) +
			" and (created_at, id) " + than + "= (" + at + ", " + of + ") and position is null order by created_at" + order + ", id" + order + " limit 2")
	}
	moved := w.arg(place)
	for _, ready := range []string{"0", "1"} {
		for p := plan.MinPriority; p <= plan.MaxPriority; p++ {
			add(fmt.Sprintf("select key, created_at, position from tasks%s where position is not null and %s = %s and priority = %d and position %s %s order by position%s limit 1",
				tx.engine.Use("idx_tasks_position"), movedNow, ready, p, than, moved, order))
		}
	}
	text := ""
	for i, p := range parts {
		if i > 0 {
			text += " union all "
		}
		text += p
	}
	var places []string
	_, err := db.Walk(tx.Tx, db.Named("task.neighbours", text), func(t *plan.Task) []any {
		return []any{keyText{&t.Key}, db.Stamp(&t.CreatedAt), &t.Position}
	}, func(other plan.Task) {
		if p := other.Place(); p != place && p < place != behind {
			places = append(places, p)
		}
	}, w.args...)
	switch {
	case err != nil || len(places) == 0:
		return "", err
	case behind:
		return slices.Min(places), nil
	}
	return slices.Max(places), nil
}
