package store

import (
	"fmt"
	"strings"

	"pm/internal/plan"
)

// bulkRows is how many rows one statement of a Bulk inserts: enough that its
// own cost does not count, and few enough for the parameters of SQLite.
const bulkRows = 100

// A Bulk adds many tasks with their history, several rows a statement. What
// was put is there after Flush.
type Bulk struct {
	tx      *Tx
	tasks   rows
	search  rows
	history rows
}

// NewBulk returns an empty Bulk.
func (tx *Tx) NewBulk() *Bulk {
	return &Bulk{tx: tx,
		tasks:   rows{insertion: taskColumns.insertion("task.insert_many", "tasks")},
		search:  rows{insertion: tx.db.d.search.put("search.put_tasks", "task_search")},
		history: rows{insertion: append(columns{"task_id"}, historyColumns...).insertion("history.insert_tasks", "task_history")},
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
	b.tasks.add(taskFields(&kept)...)
	b.search.add(append([]any{t.ID}, b.tx.db.d.search.document(wordsOf(t.Title), wordsOf(t.Description))...)...)
	if b.tasks.n < bulkRows {
		return nil
	}
	return b.Flush()
}

// PutHistory adds a record of a task as it is.
func (b *Bulk) PutHistory(of plan.Key, h plan.History) error {
	b.history.add(append([]any{of.Ordinal()}, historyFields(&h)...)...)
	if b.history.n < bulkRows {
		return nil
	}
	return b.Flush()
}

// Flush inserts what was put: tasks before what refers to them.
func (b *Bulk) Flush() error {
	for _, r := range []*rows{&b.tasks, &b.search, &b.history} {
		if err := r.flush(b.tx); err != nil {
			return err
		}
	}
	return nil
}

// An insertion is an insert statement for any number of rows.
type insertion struct {
	name       string
	head, tail string // around the rows
	row        string // one row, with %d where its parameters' numbers go
	width      int    // parameters of a row
}

// text returns the statement for n rows.
func (i insertion) text(n int) string {
	var b strings.Builder
	b.WriteString(i.head)
	numbers := make([]any, i.width)
	for r := range n {
		if r > 0 {
			b.WriteString(", ")
		}
		for k := range numbers {
			numbers[k] = r*i.width + k + 1
		}
		fmt.Fprintf(&b, i.row, numbers...)
	}
	b.WriteString(i.tail)
	return b.String()
}

// insertion returns the insert of all columns.
func (c columns) insertion(name, table string) insertion {
	return insertion{name: name, head: "insert into " + table + " (" + c.of("") + ") values ",
		row: "($%d" + strings.Repeat(", $%d", len(c)-1) + ")", width: len(c)}
}

// rows are the rows of one table that wait to be inserted.
type rows struct {
	insertion
	n    int
	args []any
	full string // the statement for bulkRows rows
}

func (r *rows) add(args ...any) {
	r.args = append(r.args, args...)
	r.n++
}

func (r *rows) flush(tx *Tx) error {
	if r.n == 0 {
		return nil
	}
	if r.full == "" {
		r.full = r.text(bulkRows)
	}
	text := r.full
	if r.n != bulkRows {
		text = r.text(r.n)
	}
	_, err := tx.exec(stmt{r.name, text}, r.args...)
	r.n, r.args = 0, r.args[:0]
	return err
}
