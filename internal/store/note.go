package store

import "pm/internal/plan"

var noteColumns = columns{"agent", "kind", "body", "created_at"}

func noteFields(n *plan.Note) []any { return []any{&n.Agent, &n.Kind, &n.Body, stamp{&n.CreatedAt}} }

var (
	noteInsert = stmt{"note.insert", append(columns{"task_id"}, noteColumns...).insert("task_notes") + " returning id"}
	noteOf     = stmt{"note.of_task", `select id, task_id, ` + noteColumns.of("") + ` from task_notes where task_id = $1 order by id`}
	noteRange  = stmt{"note.export", `select id, task_id, ` + noteColumns.of("") + ` from task_notes where task_id between $1 and $2 order by task_id, id`}
)

// InsertNote adds a note to its task.
func (tx *Tx) InsertNote(n plan.Note) error {
	if _, err := tx.scanOne(noteInsert, []any{&n.ID}, append([]any{n.Key.Ordinal()}, noteFields(&n)...)...); err != nil {
		return err
	}
	return tx.indexNote(n.ID, n)
}

// NotesOf returns the notes of a task, oldest first.
func (tx *Tx) NotesOf(k plan.Key) ([]plan.Note, error) {
	return list(tx, noteOf, storedNote, k.Ordinal())
}

// Notes returns, oldest first, the notes of the tasks whose ids lie between
// first and last, by task.
func (tx *Tx) Notes(first, last int64) (map[plan.Key][]plan.Note, error) {
	notes, err := list(tx, noteRange, storedNote, first, last)
	out := map[plan.Key][]plan.Note{}
	for _, n := range notes {
		out[n.Key] = append(out[n.Key], n)
	}
	return out, err
}

func storedNote(n *plan.Note) []any {
	return append([]any{&n.ID, subject{&n.Key}}, noteFields(n)...)
}
