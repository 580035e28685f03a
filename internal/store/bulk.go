package store

import (
	"slices"

	"pm/internal/plan"
)

// How many rows one statement of a Bulk inserts. A statement on a full-text
// table of SQLite writes out what it added when it ends: the fewer, the better.
const (
	bulkTasks   = 100
	bulkHistory = 200
	bulkNotes   = 100
	bulkSearch  = 1000
)

// mostWaiting bounds the records and notes that wait for their tasks to be inserted.
const mostWaiting = 1000

var (
	taskInsertion = insertion{name: "task.insert", table: "tasks", columns: taskColumns}
	noteInsertion = insertion{name: "note.insert", table: "task_notes", columns: "task_id, " + noteColumns, tail: " returning id"}
)

// A Bulk adds many tasks with their history and their notes, several rows a
// statement. What was put is there after Flush.
type Bulk struct {
	tx         *Tx
	tasks      rows
	search     rows
	history    rows
	notes      rows
	bodies     []string // of the notes that wait
	noteSearch rows
}

// NewBulk returns an empty Bulk.
func (tx *Tx) NewBulk() *Bulk {
	index := tx.db.d.search
	return &Bulk{tx: tx,
		tasks:      rows{insertion: taskInsertion, most: bulkTasks},
		search:     rows{insertion: index.tasks, most: bulkSearch},
		history:    rows{insertion: taskHistoryInsertion, most: bulkHistory},
		notes:      rows{insertion: noteInsertion, most: bulkNotes},
		noteSearch: rows{insertion: index.notes, most: bulkSearch},
	}
}

// Insert adds a task with the record h of its creation.
func (b *Bulk) Insert(t *plan.Task, h plan.History) error {
	t.Version, t.HistoryHash = 1, ""
	if err := b.tx.seal(&h, t.Key, &t.HistoryHash); err != nil {
		return err
	}
	if err := b.Put(t); err != nil {
		return err
	}
	return b.PutHistory(t.Key, h)
}

// Put adds a task as it is, without its dependencies.
func (b *Bulk) Put(t *plan.Task) error {
	t.ID, t.FeatureID = t.Key.Ordinal(), t.Key.FeatureKey().Ordinal()
	derive(t)
	kept := *t // the row must not follow what the caller does to t
	fields := taskFields(&kept)
	b.tasks.add(fields[0], fields[1:])
	b.search.add(t.ID, b.tx.db.d.search.document(wordsOf(t.Title), wordsOf(t.Description)))
	if b.tasks.n < bulkTasks {
		return nil
	}
	return b.flush(false)
}

// PutHistory adds a record of a task as it is.
func (b *Bulk) PutHistory(of plan.Key, h plan.History) error {
	b.history.add(of.Ordinal(), historyFields(&h))
	return b.bound(b.history.n)
}

// PutNote adds a note to its task.
func (b *Bulk) PutNote(n plan.Note) error {
	b.notes.add(n.Key.Ordinal(), noteFields(&n))
	b.bodies = append(b.bodies, n.Body)
	return b.bound(b.notes.n)
}

func (b *Bulk) bound(waiting int) error {
	if waiting < mostWaiting {
		return nil
	}
	return b.Flush()
}

// Flush inserts what was put.
func (b *Bulk) Flush() error { return b.flush(true) }

// flush inserts what fills a statement, or all: tasks before what refers to them.
func (b *Bulk) flush(all bool) error {
	for _, r := range []*rows{&b.tasks, &b.search, &b.history} {
		if err := r.flush(b.tx, all); err != nil {
			return err
		}
	}
	if err := b.notes.each(b.tx, all, b.insertNotes); err != nil {
		return err
	}
	return b.noteSearch.flush(b.tx, all)
}

// insertNotes inserts notes and indexes them under the ids that they get,
// which rise in the order of the rows.
func (b *Bulk) insertNotes(s stmt, args []any, n int) error {
	ids, err := list(b.tx, s, func(id *int64) []any { return []any{id} }, args...)
	if err != nil {
		return err
	}
	slices.Sort(ids)
	for i, id := range ids {
		b.noteSearch.add(id, b.tx.db.d.search.document(nil, wordsOf(b.bodies[i])))
	}
	b.bodies = append(b.bodies[:0], b.bodies[n:]...)
	return nil
}
