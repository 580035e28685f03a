package store

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pm/internal/db"
	"pm/internal/plan"
)

// A TaskChange is a task as it was and as it is to be saved, with what its
// record says besides.
type TaskChange struct {
	Before plan.Task
	After  *plan.Task
	Record plan.History
}

// A taskGroup are columns that one update writes.
type taskGroup struct{ edited, planned, moved, staged bool }

// manyTasks is how many tasks one update writes at most.
const manyTasks = 100

// SaveTasks is SaveTask for many tasks, with a statement for many of them. None
// may be among them twice.
func (tx *Tx) SaveTasks(changes []TaskChange) error {
	if len(changes) == 1 {
		return tx.SaveTask(changes[0].Before, changes[0].After, changes[0].Record)
	}
	records := make([]plan.History, len(changes))
	history := db.NewBatch(taskHistoryInsertion, bulkHistory)
	groups := map[taskGroup][]int{}
	for i, c := range changes {
		h, err := tx.Stamped(c.Record, c.After.Key, c.Before.UpdatedAt)
		if err != nil {
			return err
		}
		h, former := c.After.Append(c.Before, h)
		if err := tx.PutTexts(c.After.Key, former); err != nil {
			return err
		}
		g, fields := groupOf(c.Before, *c.After, h)
		if fields {
			if err := tx.saveFieldValues(c.Before, *c.After); err != nil {
				return err
			}
		}
		groups[g], records[i] = append(groups[g], i), h
		tx.tallyTask(c.Before, -1)
		tx.tallyTask(*c.After, +1)
	}
	if err := tx.reindexAll(changes, records); err != nil {
		return err
	}
	for g, of := range groups {
		for page := range slices.Chunk(of, manyTasks) {
			if err := tx.saveGroup(changes, page, g); err != nil {
				return err
			}
		}
	}
	for i, h := range records {
		derive(changes[i].After)
		history.Add(changes[i].After.ID, historyFields(&h))
		if err := history.Flush(tx.Tx, false); err != nil {
			return err
		}
	}
	return history.Flush(tx.Tx, true)
}

// groupOf returns which columns a change writes, and whether custom fields are
// among them.
func groupOf(before, after plan.Task, h plan.History) (g taskGroup, fields bool) {
	fields = h.Change.AnyField()
	return taskGroup{
		edited:  fields || h.Change.Any("title", "description", "agent_type", "priority", "file_path", "kind", "due", "estimate", "checks", "check_order"),
		planned: h.Change.Any("assignee", "position", "defer"),
		staged:  h.Change.Any("stage"),
		moved:   before.Status != after.Status || h.Change.Any("assigned_agent", "session", "repeat", "resolution", "blocked_reason", "blocked_from", "started_at", "completed_at", "blocked_at"),
	}, fields
}

// A savedColumn is a column that an update writes, with its type.
type savedColumn struct {
	name  string
	value any
	int   bool
}

// savedColumns are the columns of a group with their values of a task.
func savedColumns(t *plan.Task, g taskGroup) (out []savedColumn) {
	text := func(name string, v any) { out = append(out, savedColumn{name: name, value: v}) }
	number := func(name string, v any) { out = append(out, savedColumn{name: name, value: v, int: true}) }
	if g.edited {
		text("title", t.Title)
		text("description", t.Description)
		text("agent_type", db.Text(&t.AgentType))
		number("priority", t.Priority)
		text("file_path", db.Text(&t.FilePath))
		text("kind", db.Text(&t.Kind))
		text("due", db.Text(&t.Due))
		number("estimate", db.Number(&t.Estimate))
		text("checks", checksText{t})
		text("fields", fieldsText{&t.Fields})
	}
	if g.planned {
		text("assignee", db.Text(&t.Assignee))
		text("position", db.Text(&t.Position))
		text("defer", db.Text(&t.Defer))
		text("defer_from", db.Text(&t.DeferFrom))
		text("not_before", db.Text(&t.NotBefore))
		number("deferred", db.Flag(&t.Deferred))
	}
	if g.moved {
		text("status", t.Status)
		text("assigned_agent", db.Text(&t.AssignedAgent))
		text("session", db.Text(&t.Session))
		text("repeat", db.Text(&t.Repeat))
		text("resolution", resolutionText{t})
		text("blocked_reason", db.Text(&t.BlockedReason))
		text("blocked_from", db.Text(&t.BlockedFrom))
		text("started_at", db.NullStamp(&t.StartedAt))
		text("completed_at", db.NullStamp(&t.CompletedAt))
		text("blocked_at", db.NullStamp(&t.BlockedAt))
	}
	if g.staged {
		text("stage", db.Text(&t.Stage))
	}
	text("lease_until", db.NullStamp(&t.LeaseUntil))
	number("lease_seconds", t.LeaseSeconds)
	text("lease_digest", db.Text(&t.LeaseDigest))
	number("fence", t.LastFence)
	number("last_note", t.LastNote)
	text("updated_at", db.Stamp(&t.UpdatedAt))
	text("history_hash", t.HistoryHash)
	return out
}

// saveGroup writes the same columns of some tasks in one statement.
func (tx *Tx) saveGroup(changes []TaskChange, some []int, g taskGroup) error {
	var names, sets, rows []string
	var args []any
	for r, i := range some {
		c := changes[i]
		c.After.LeaseDigest = c.After.DigestLease()
		columns := append([]savedColumn{{"id", c.After.ID, true}, {"was", c.Before.Version, true}}, savedColumns(c.After, g)...)
		marks := make([]string, len(columns))
		for m, column := range columns {
			args = append(args, column.value)
			marks[m] = "$" + strconv.Itoa(len(args))
			if r > 0 {
				continue
			}
			// The types of the first row are those of all.
			kind := "text"
			if column.int {
				kind = "bigint"
			}
			marks[m] = "cast(" + marks[m] + " as " + kind + ")"
			if names = append(names, column.name); m > 1 {
				sets = append(sets, column.name+" = v."+column.name)
			}
		}
		rows = append(rows, "("+strings.Join(marks, ", ")+")")
	}
	s := db.Named("task.save_many", fmt.Sprintf("with v (%s) as (values %s) update tasks set %s, version = tasks.version + 1 from v where tasks.id = v.id and tasks.version = v.was",
		strings.Join(names, ", "), strings.Join(rows, ", "), strings.Join(sets, ", ")))
	n, err := tx.Exec(s, args...)
	if err == nil && int(n) < len(some) {
		return saved(changes[some[0]].After.Key, 0, nil)
	}
	return err
}

// reindexAll is reindex for many tasks.
func (tx *Tx) reindexAll(changes []TaskChange, records []plan.History) error {
	var keys []plan.Key
	for i, h := range records {
		if _, none := standing(h); !none || editsWords(h) {
			keys = append(keys, changes[i].After.Key)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	before, err := tx.Reasons(keys)
	if err != nil {
		return err
	}
	for i, h := range records {
		was := before[changes[i].After.Key]
		reason, none := standing(h)
		if none {
			reason = was
		}
		if editsWords(h) || reason != was {
			if err := tx.indexTask(changes[i].After, reason); err != nil {
				return err
			}
		}
	}
	return nil
}
