package store

import (
	"cmp"
	"fmt"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

// EachFlowSince is EachFlow for the tasks of the whole plan that something may
// have happened to since a moment. It returns the counts of the others, but not of
// those that were archived before it without ever being completed.
// What is read of them lies in indexes, so they have no title. They come in no
// order, since a database takes longer to sort them than whoever has them in
// memory; their moves come by task and time.
func (tx *Tx) EachFlowSince(since time.Time, task func(*plan.Task), move func(StatusMove)) (rest FlowRest, err error) {
	byStatus := " from tasks" + tx.engine.Use("idx_tasks_status_created_at") + " where status "
	of := func(columns, none string) string {
		return "select " + columns + ", completed_at from tasks where completed_at >= $1" +
			" union all select " + columns + ", completed_at from tasks" + tx.engine.Use("idx_tasks_status_updated_at") + " where status = 'archived' and completed_at is null and updated_at >= $1" +
			" union all select " + columns + ", " + none + byStatus + "in ('blocked', 'in_progress', 'ready_for_review')" +
			" union all select " + columns + ", " + none + byStatus + "= 'todo' and version > 1"
	}
	const columns = "id, status, assigned_agent, created_at, started_at, updated_at"
	tasks := db.Named("flow.window_tasks", of(columns, "null"))
	moves := db.Named("flow.window_moves", flowMoves+"task_id in (select id from ("+of("id", "null")+") w)"+flowOrder)
	if rest, err = tx.flowRest(since); err != nil {
		return rest, err
	}
	err = tx.eachFlow(tasks, windowFields, moves, []any{db.Stamp(&since)}, func(t *plan.Task) {
		switch {
		case t.CompletedAt != nil:
			rest.Finished--
		case t.Status == plan.Todo:
			rest.Waiting--
		}
		task(t)
	}, move)
	rest.Older = rest.Older || rest.Finished+rest.Waiting > 0
	return rest, err
}

func windowFields(t *plan.Task) []any {
	return []any{&t.ID, db.Text(&t.Status), db.Text(&t.AssignedAgent),
		db.Stamp(&t.CreatedAt), db.NullStamp(&t.StartedAt), db.Stamp(&t.UpdatedAt), db.NullStamp(&t.CompletedAt)}
}

// A FlowRest counts the tasks of which there is nothing to read: those that were
// finished before a moment, and those that are todo as they were created, which
// have one record.
type FlowRest struct {
	Finished int      // before the moment
	Waiting  int      // of those as they were created, that were before the moment
	Came     []CameAt // and since
	Older    bool     // there is one that came before the moment, counted here or archived
}

// A CameAt is how many tasks were created within a minute.
type CameAt struct {
	Minute time.Time
	Count  int
}

// flowRest returns the numbers of all finished tasks and of all that are todo, which
// are kept, without those that came since.
func (tx *Tx) flowRest(since time.Time) (r FlowRest, err error) {
	counts, err := tx.counts(plan.Key{})
	if err != nil {
		return r, err
	}
	r.Finished, r.Waiting = counts[countDone], counts[countTodo]
	if r.Older, err = tx.ScanOne(db.Named("flow.archived", `select 1 from tasks where status = 'archived' and updated_at < $1 limit 1`), []any{new(int)}, db.Stamp(&since)); err != nil {
		return r, err
	}
	type came struct {
		minute string
		count  int
	}
	untouched := ` from tasks` + tx.engine.Use("idx_tasks_status_created_at") + ` where status = 'todo' and version = 1 and created_at `
	_, walked := db.Walk(tx.Tx, db.Named("flow.came", `select substr(created_at, 1, 16), count(*)`+untouched+`>= $1 group by substr(created_at, 1, 16)`),
		func(c *came) []any { return []any{&c.minute, &c.count} }, func(c came) {
			at, parsed := time.Parse("2006-01-02T15:04", c.minute)
			if parsed != nil {
				err = fmt.Errorf("time of a task: %w", parsed)
			}
			r.Came = append(r.Came, CameAt{at, c.count})
			r.Waiting -= c.count
		}, db.Stamp(&since))
	return r, cmp.Or(walked, err)
}
