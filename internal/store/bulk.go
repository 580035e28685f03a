package store

import (
	"slices"

	"pm/internal/db"
	"pm/internal/plan"
)

// How many rows one statement of a Bulk inserts. A statement on a full-text
// table of SQLite writes out what it added when it ends: the fewer, the better.
const (
	bulkTasks   = 100
	bulkHistory = 200
	bulkNotes   = 100
	bulkSearch  = 1000
	bulkLabels  = 200
)

// mostWaiting bounds the records and notes that wait for their tasks to be inserted.
const mostWaiting = 1000

var (
	taskInsertion = db.Insertion{Name: "task.insert", Table: "tasks", Columns: taskColumns}
	noteInsertion = db.Insertion{Name: "note.insert", Table: "task_notes", Columns: "task_id, " + noteColumns, Tail: " returning id"}
)

// A Bulk adds many tasks with their history and their notes, several rows a
// statement. What was put is there after Flush.
type Bulk struct {
	tx         *Tx
	tasks      db.Batch
	search     db.Batch
	history    db.Batch
	labels     db.Batch
	notes      db.Batch
	bodies     []string // of the notes that wait
	noteSearch db.Batch
}

// NewBulk returns an empty Bulk.
func (tx *Tx) NewBulk() *Bulk {
	index := tx.engine.search
	return &Bulk{tx: tx,
		tasks:      db.NewBatch(taskInsertion, bulkTasks),
		search:     db.NewBatch(index.tasks, bulkSearch),
		history:    db.NewBatch(taskHistoryInsertion, bulkHistory),
		labels:     db.NewBatch(labelInsertion, bulkLabels),
		notes:      db.NewBatch(noteInsertion, bulkNotes),
		noteSearch: db.NewBatch(index.notes, bulkSearch),
	}
}

// Insert adds a task with the record h of its creation. Its dependencies,
// which it must have already, and its labels are recorded with it.
func (b *Bulk) Insert(t *plan.Task, h plan.History) error {
	at, err := b.tx.At()
	if err != nil {
		return err
	}
	t.UID, t.Version, t.HistoryHash, t.UpdatedAt = plan.NewUID(at), 1, "", at
	created(&h, t.Since(plan.Task{}), t.CreatedAt, at)
	if len(t.DependsOn) > 0 {
		h.Change["depends_on"] = [2]any{nil, plan.KeyWords(t.DependsOn)}
	}
	setLabels(h.Change, t.Labels)
	h.NewStatus = string(t.Status)
	if err := b.tx.seal(&h, t.Key, t.UID, &t.HistoryHash, at); err != nil {
		return err
	}
	return b.Put(t, h)
}

// Put adds a task as it is, with its records, oldest first, but without its
// dependencies.
func (b *Bulk) Put(t *plan.Task, history ...plan.History) error {
	return b.put(t, standingOf(history), history)
}

// Restore adds a task whose records are there already.
func (b *Bulk) Restore(t *plan.Task) error {
	if t.Version == 1 {
		return b.put(t, "", nil)
	}
	reason, err := b.tx.Reason(t.Key)
	if err != nil {
		return err
	}
	return b.put(t, reason, nil)
}

func (b *Bulk) put(t *plan.Task, reason string, history []plan.History) error {
	t.ID, t.FeatureID = t.Key.Ordinal(), t.Key.FeatureKey().Ordinal()
	derive(t)
	b.tx.tallyTask(*t, +1)
	kept := *t // the row must not follow what the caller does to t
	fields := taskFields(&kept)
	b.tasks.Add(fields[0], fields[1:])
	b.search.Add(t.ID, []any{b.tx.engine.search.taskDocument(t.Key, t.Title, t.Description, reason)})
	for _, l := range t.Labels {
		b.labels.Add(t.ID, []any{plan.FoldLabel(l), l})
	}
	for _, h := range history {
		b.history.Add(t.ID, historyFields(&h))
	}
	if b.history.Waiting() >= mostWaiting {
		return b.Flush()
	}
	if b.tasks.Waiting() < bulkTasks {
		return nil
	}
	return b.flush(false)
}

// PutNote adds a note to its task.
func (b *Bulk) PutNote(n plan.Note) error {
	b.notes.Add(n.Key.Ordinal(), noteFields(&n))
	b.bodies = append(b.bodies, n.Body)
	return b.bound(b.notes.Waiting())
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
	for _, r := range []*db.Batch{&b.tasks, &b.search, &b.labels, &b.history} {
		if err := r.Flush(b.tx.Tx, all); err != nil {
			return err
		}
	}
	if err := b.notes.Each(b.tx.Tx, all, b.insertNotes); err != nil {
		return err
	}
	return b.noteSearch.Flush(b.tx.Tx, all)
}

// insertNotes inserts notes and indexes them under the ids that they get,
// which rise in the order of the rows.
func (b *Bulk) insertNotes(s db.Stmt, args []any, n int) error {
	ids, err := db.List(b.tx.Tx, s, func(id *int64) []any { return []any{id} }, args...)
	if err != nil {
		return err
	}
	slices.Sort(ids)
	for i, id := range ids {
		b.noteSearch.Add(id, []any{b.tx.engine.search.noteDocument(b.bodies[i])})
	}
	b.bodies = append(b.bodies[:0], b.bodies[n:]...)
	return nil
}
