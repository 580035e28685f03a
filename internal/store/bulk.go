package store

import (
	"math"
	"slices"
	"strings"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

// How many rows one statement of a Bulk inserts. SQLite writes out what a
// statement added to a full-text table before the next one begins, as a part
// that is merged with others later: the fewer, the better.
const (
	bulkTasks   = 100
	bulkHistory = 200
	bulkNotes   = 100
	bulkSearch  = 10_000 // of tasks
	bulkTexts   = 1000   // of notes, and of all where an index is made anew
	bulkLabels  = 200
)

// mostWaiting bounds the records and notes that wait for their tasks to be
// inserted, and mostBytes the texts of all that waits.
const (
	mostWaiting = 1000
	mostBytes   = 4 * PartBytes
)

// mostWords bounds, in bytes, the words that wait to be indexed.
const mostWords = 8 << 20

// mostReturned bounds, in bytes, the tasks that wait for their reasons.
const mostReturned = 1 << 20

var (
	taskInsertion = db.Insertion{Name: "task.insert", Table: "tasks", Columns: taskColumns}
	noteInsertion = db.Insertion{Name: "note.insert", Table: "notes", Columns: "item_id, " + noteColumns, Tail: " returning id"}
)

// A Bulk adds many tasks with their history and their notes, several rows a
// statement. What was put is there after Flush.
type Bulk struct {
	// RefsTogether adds the references of many tasks in one statement. One that
	// belongs to another item is found when that runs, which may be later.
	RefsTogether bool

	tx         *Tx
	prepare    *Preparer
	tasks      db.Batch
	search     db.Batch
	words      int // that wait, in bytes
	history    db.Batch
	refs       db.Batch
	labels     db.Batch
	fields     db.Batch
	notes      db.Batch
	bodies     []string // of the notes that wait
	noteSearch db.Batch
	returned   []plan.Task // that wait for the reasons that stand with them
	size       int         // of their texts
	added      int         // tasks
	recount    int         // see count
	bytes      int         // of texts that were put since the last Flush
}

// NewBulk returns an empty Bulk.
func (tx *Tx) NewBulk() *Bulk {
	index := tx.engine.search
	return &Bulk{tx: tx, prepare: tx.NewPreparer(), recount: firstCount,
		tasks:      db.NewBatch(taskInsertion, bulkTasks),
		search:     db.NewBatch(fresh(index.tasks), bulkSearch),
		history:    db.NewBatch(taskHistoryInsertion, bulkHistory),
		refs:       db.NewBatch(refMany, bulkLabels),
		labels:     db.NewBatch(labelInsertion, bulkLabels),
		fields:     db.NewBatch(fieldInsertion, bulkLabels),
		notes:      db.NewBatch(noteInsertion, bulkNotes),
		noteSearch: db.NewBatch(fresh(index.notes), bulkTexts),
	}
}

// Insert adds a task with the record h of its creation. Its dependencies,
// which it must have already, and its labels and references are recorded with
// it.
func (b *Bulk) Insert(t *plan.Task, h plan.History) error {
	h, err := b.tx.Stamped(h, t.Key, time.Time{})
	if err != nil {
		return err
	}
	if t.UID = plan.NewUID(h.Timestamp); len(t.DependsOn) > 0 {
		h.Change = plan.Change{"depends_on": {nil, plan.KeyWords(t.DependsOn)}} // creation has no other change beside the row
	}
	h, _ = t.Append(plan.Task{}, h)
	return b.Put(t, h)
}

// Put adds a task as it is, with its records, oldest first, but without its
// dependencies.
func (b *Bulk) Put(t *plan.Task, history ...plan.History) error {
	return b.PutPrepared(t, b.prepare.Task(t, history...))
}

// PutPrepared is Put of what was prepared before.
func (b *Bulk) PutPrepared(t *plan.Task, p Prepared) error {
	if !b.RefsTogether {
		if err := b.tx.PutRefs(t.Key, t.Refs); err != nil {
			return err
		}
	}
	if err := b.add(t, p); err != nil {
		return err
	}
	if b.history.Waiting() >= mostWaiting || b.bytes >= mostBytes {
		return b.Flush()
	}
	if b.tasks.Waiting() < bulkTasks {
		return nil
	}
	return b.flush(false)
}

// Restore adds a task whose records are there already.
func (b *Bulk) Restore(t *plan.Task) error {
	b.returned = append(b.returned, *t)
	b.size += len(t.Title) + len(t.Description)
	if len(b.returned) < maxIn && b.size < mostReturned {
		return nil
	}
	if err := b.putReturned(); err != nil {
		return err
	}
	return b.flush(false)
}

// putReturned puts the tasks that wait, with the reasons that stand with them,
// which are read for all at once. Of a task that was never changed there is none.
func (b *Bulk) putReturned() error {
	first, last := int64(math.MaxInt64), int64(0) // of those that were changed
	for _, t := range b.returned {
		if id := t.Key.Ordinal(); t.Version > 1 {
			first, last = min(first, id), max(last, id)
		}
	}
	reasons := map[plan.Key]string{}
	if last > 0 {
		if err := b.tx.reasonsBetween(reasons, first, last); err != nil {
			return err
		}
	}
	for i := range b.returned {
		t := &b.returned[i]
		if err := b.tx.PutRefs(t.Key, t.Refs); err != nil {
			return err
		}
		if err := b.add(t, b.prepare.task(t, reasons[t.Key])); err != nil {
			return err
		}
	}
	b.returned, b.size = b.returned[:0], 0
	return b.tasks.Flush(b.tx.Tx, true)
}

func (b *Bulk) add(t *plan.Task, p Prepared) error {
	t.ID, t.FeatureID = t.Key.Ordinal(), t.Key.FeatureKey().Ordinal()
	derive(t)
	b.tx.tallyTask(*t, +1)
	fields := db.Values(taskFields(t)) // the row must not follow what the caller does to t
	b.tasks.Add(fields[0], fields[1:])
	b.added++
	b.search.Add(t.ID, []any{p.document})
	b.words += len(p.document)
	if b.RefsTogether {
		for _, ref := range t.Refs {
			b.refs.Add(t.ID, []any{plan.FoldRef(ref), ref})
		}
	}
	for _, l := range t.Labels {
		b.labels.Add(t.ID, []any{plan.FoldLabel(l), l})
	}
	b.bytes += taskSize(t) - rowSize
	b.addRecords(t.ID, p)
	return b.addFields(t)
}

func (b *Bulk) addRecords(task int64, p Prepared) {
	for _, fields := range p.records {
		b.history.Add(task, fields)
	}
	b.bytes += p.bytes
}

// PutRecords adds the next records of a task whose history does not fit on one
// line of the file. The task itself is put last, by PutRow: the text index holds
// its latest reason, which the last record has.
func (b *Bulk) PutRecords(k plan.Key, history ...plan.History) error {
	b.addRecords(k.Ordinal(), prepareRecords(history))
	return b.bound(b.history.Waiting())
}

// PutRow adds a task whose records PutRecords has put, with the reason that the
// last of them left.
func (b *Bulk) PutRow(t *plan.Task, reason string) error {
	return b.PutPrepared(t, b.prepare.task(t, reason))
}

// PutNote adds a note to its task.
func (b *Bulk) PutNote(n plan.Note) error {
	b.notes.Add(n.Key.Ordinal(), noteFields(&n))
	b.bodies = append(b.bodies, strings.Join(n.Texts(), "\n"))
	b.bytes += noteSize(&n) - rowSize
	return b.bound(b.notes.Waiting())
}

func (b *Bulk) bound(waiting int) error {
	if waiting < mostWaiting && b.bytes < mostBytes {
		return nil
	}
	return b.Flush()
}

// Flush inserts what was put.
func (b *Bulk) Flush() error {
	b.bytes = 0
	if err := b.putReturned(); err != nil {
		return err
	}
	return b.flush(true)
}

// flush inserts what fills a statement, or all: tasks before what refers to them.
func (b *Bulk) flush(all bool) error {
	if err := b.tasks.Flush(b.tx.Tx, all); err != nil {
		return err
	}
	if err := b.count(); err != nil {
		return err
	}
	if err := b.index(all); err != nil {
		return err
	}
	if err := b.refs.FlushEach(b.tx.Tx, all, b.tx.checkRefs); err != nil {
		return err
	}
	for _, r := range []*db.Batch{&b.labels, &b.fields, &b.history} {
		if err := r.Flush(b.tx.Tx, all); err != nil {
			return err
		}
	}
	if err := b.notes.Each(b.tx.Tx, all, b.insertNotes); err != nil {
		return err
	}
	return b.noteSearch.Flush(b.tx.Tx, all)
}

// firstCount is after how many tasks PostgreSQL counts them for the first time.
const firstCount = 1000

// count has PostgreSQL count what was added, and again whenever it is four times as
// much. It looks up each task that a row refers to; where it believes that there
// are none, since it counted them after a deletion, one index is as good to it
// as another, and it reads all of it for each row.
func (b *Bulk) count() error {
	if b.tx.engine.count == "" || b.added-b.tasks.Waiting() < b.recount {
		return nil
	}
	b.recount *= 4
	return b.tx.Define("task.count_added", b.tx.engine.count)
}

// index indexes the tasks that fill a statement, or have many words, or all.
func (b *Bulk) index(all bool) error {
	all = all || b.words > mostWords
	err := b.search.Flush(b.tx.Tx, all)
	if all || b.search.Waiting() == 0 {
		b.words = 0
	}
	return err
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
