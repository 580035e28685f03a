package store

import (
	"slices"

	"pm/internal/db"
	"pm/internal/plan"
)

const noteColumns = "n, agent, kind, body, created_at"

func noteFields(n *plan.Note) []any {
	return []any{&n.N, &n.Agent, &n.Kind, &n.Body, db.Stamp(&n.CreatedAt)}
}

var (
	noteOf     = db.Named("note.of_task", `select id, task_id, `+noteColumns+` from task_notes where task_id = $1 order by n`)
	noteNewest = db.Named("note.newest", `select id, task_id, `+noteColumns+` from task_notes where task_id = $1 order by n desc limit $2`)
	noteCount  = db.Named("note.count", `select count(*) from task_notes where task_id = $1`)
	noteRange  = db.Named("doctor.notes", `select id, task_id, `+noteColumns+` from task_notes where task_id between $1 and $2 order by task_id, n`)
)

// AddNote gives the note the next number of its task, adds it, and saves the
// task, which differs from before, with the record of it.
func (tx *Tx) AddNote(before plan.Task, t *plan.Task, n *plan.Note) error {
	at, err := tx.At()
	if err != nil {
		return err
	}
	t.LastNote++
	n.Key, n.N, n.Agent, n.CreatedAt = t.Key, t.LastNote, tx.Actor().Name, latest(at, before.UpdatedAt)
	if err := tx.PutNote(*n); err != nil {
		return err
	}
	written := plan.NoteChange{N: n.N, Kind: n.Kind, Body: n.Body}
	return tx.SaveTask(before, t, plan.History{Change: plan.Change{"note": {nil, written}}})
}

// PutNote adds a note as it is, from an export.
func (tx *Tx) PutNote(n plan.Note) error {
	b := tx.NewBulk()
	if err := b.PutNote(n); err != nil {
		return err
	}
	return b.Flush()
}

// EachNote calls f with the notes of a task, oldest first, in parts.
func (tx *Tx) EachNote(k plan.Key, f func([]plan.Note) error) error {
	return eachPart(tx, noteOf, storedNote, noteSize, f, k.Ordinal())
}

// NewestNotes returns the last notes of a task, at most that many, oldest first.
func (tx *Tx) NewestNotes(k plan.Key, most int) ([]plan.Note, error) {
	notes, err := db.List(tx.Tx, noteNewest, storedNote, k.Ordinal(), most)
	slices.Reverse(notes)
	return notes, err
}

// CountNotes counts the notes of a task.
func (tx *Tx) CountNotes(k plan.Key) (int, error) { return tx.Count(noteCount, k.Ordinal()) }

// LastNotes returns, by task, the last note of these kinds. At most maxIn
// tasks can be named.
func (tx *Tx) LastNotes(keys []plan.Key, kinds ...plan.NoteKind) (map[plan.Key]plan.Note, error) {
	out := map[plan.Key]plan.Note{}
	if len(keys) == 0 {
		return out, nil
	}
	var w where
	ids := make([]int64, len(keys))
	for i, k := range keys {
		ids[i] = k.Ordinal()
	}
	in(&w, "task_id", ids)
	in(&w, "kind", kinds)
	sql := "select id, task_id, " + noteColumns + " from task_notes where id in (select max(id) from task_notes" + w.sql() + " group by task_id)"
	notes, err := db.List(tx.Tx, db.Named("note.last", sql), storedNote, w.args...)
	for _, n := range notes {
		out[n.Key] = n
	}
	return out, err
}

// Notes returns, oldest first, the notes of the tasks whose ids lie between
// first and last, by task.
func (tx *Tx) Notes(first, last int64) (map[plan.Key][]plan.Note, error) {
	notes, err := db.List(tx.Tx, noteRange, storedNote, first, last)
	out := map[plan.Key][]plan.Note{}
	for _, n := range notes {
		out[n.Key] = append(out[n.Key], n)
	}
	return out, err
}

func storedNote(n *plan.Note) []any {
	return append([]any{&n.ID, subject{&n.Key}}, noteFields(n)...)
}
