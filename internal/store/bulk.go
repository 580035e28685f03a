package store

import (
	"strconv"
	"strings"

	"pm/internal/plan"
)

// bulkRows is how many rows one statement of a Bulk inserts: enough that its
// own cost does not count, and few enough for the parameters of SQLite.
const bulkRows = 100

// mostHistory bounds the records that wait for their tasks to be inserted.
const mostHistory = 10 * bulkRows

var (
	taskInsertion        = taskColumns.insertion("task.insert", "tasks")
	taskHistoryInsertion = append(columns{"task_id"}, historyColumns...).insertion("history.insert_task", "task_history")
)

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
		tasks:   rows{insertion: taskInsertion},
		search:  rows{insertion: tx.db.d.search.put("search.put_task", "task_search")},
		history: rows{insertion: taskHistoryInsertion},
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
	return b.flush(bulkRows)
}

// PutHistory adds a record of a task as it is.
func (b *Bulk) PutHistory(of plan.Key, h plan.History) error {
	b.history.add(append([]any{of.Ordinal()}, historyFields(&h)...)...)
	if b.history.n < mostHistory {
		return nil
	}
	return b.Flush()
}

// Flush inserts what was put: tasks before what refers to them.
func (b *Bulk) Flush() error { return b.flush(1) }

// flush inserts the rows of every table that has least of them or more.
func (b *Bulk) flush(least int) error {
	for _, r := range []*rows{&b.tasks, &b.search, &b.history} {
		if err := r.flush(b.tx, least); err != nil {
			return err
		}
	}
	return nil
}

// An insertion is an insert statement for any number of rows.
type insertion struct {
	name       string
	head, tail string // around the rows
	row        string // one row, with $%d for its parameters
	width      int    // parameters of a row
}

// text returns the statement for n rows.
func (i insertion) text(d *dialect, n int) string {
	var b strings.Builder
	b.Grow(len(i.head) + n*(len(i.row)+2*i.width) + len(i.tail))
	b.WriteString(i.head)
	parts := strings.Split(i.row, "$%d")
	for p := range n * i.width {
		if p > 0 && p%i.width == 0 {
			b.WriteString(parts[i.width])
			b.WriteString(", ")
		}
		b.WriteString(parts[p%i.width])
		d.writeMark(&b, p+1)
	}
	b.WriteString(parts[i.width])
	b.WriteString(i.tail)
	return b.String()
}

// writeMark writes the n-th parameter of a statement.
func (d *dialect) writeMark(b *strings.Builder, n int) {
	if d.mark != "" {
		b.WriteString(d.mark)
		return
	}
	b.WriteByte('$')
	b.WriteString(strconv.Itoa(n))
}

// marks returns the n parameters of a statement that has no others.
func (d *dialect) marks(n int) string {
	var b strings.Builder
	for p := range n {
		if p > 0 {
			b.WriteString(", ")
		}
		d.writeMark(&b, p+1)
	}
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

// flush inserts the rows, unless they are fewer than least: so many in each
// statement that it is one of two texts, which are prepared once.
func (r *rows) flush(tx *Tx, least int) error {
	for r.n >= max(least, 1) {
		n, text := min(r.n, bulkRows), r.full
		if n < bulkRows {
			text = r.text(tx.db.d, n)
		} else if text == "" {
			r.full = r.text(tx.db.d, bulkRows)
			text = r.full
		}
		if _, err := tx.exec(stmt{r.name, text}, r.args[:n*r.width]...); err != nil {
			return err
		}
		r.n -= n
		r.args = append(r.args[:0], r.args[n*r.width:]...)
	}
	return nil
}
