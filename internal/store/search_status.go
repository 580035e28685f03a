package store

import "pm/internal/db"

// fewTasks is up to how many tasks the index of words is asked for each of
// them, and not for all that have the words.
const fewTasks = 100

// countFew sets whether few tasks have the statuses searched for.
func (f *SearchFilter) countFew(tx *Tx) error {
	if len(f.Statuses) == 0 || tx.engine.IndexedBy == "" {
		return nil
	}
	var w where
	sql := "select count(*) from (" + f.tasksOf(&w, tx.engine) + " limit " + w.arg(fewTasks+1) + ") few"
	n, err := tx.Count(db.Named("search.few_tasks", sql), w.args...)
	f.few = n <= fewTasks
	return err
}

// tasksOf selects the ids of the tasks of the statuses where is searched.
func (f SearchFilter) tasksOf(w *where, e *engine) string {
	terms := where{args: w.args}
	in(&terms, "t.status", f.Statuses)
	if !f.Under.IsZero() {
		first, last := f.Under.Range()
		terms.add("t.id between " + terms.arg(first) + " and " + terms.arg(last))
	}
	w.args = terms.args
	return "select t.id from tasks t" + e.Use("idx_tasks_status") + terms.sql()
}

// ofStatuses adds that the task with the id has one of the statuses, and
// returns the join for it, which SQLite does not turn round. An index that has
// many tasks on a page answers it.
func (f SearchFilter) ofStatuses(w *where, e *engine, id string) (join string) {
	switch {
	case len(f.Statuses) == 0:
		return ""
	case f.few:
		w.add(id + " in (" + f.tasksOf(w, e) + ")")
		return ""
	}
	w.add("t.id = " + id)
	in(w, "t.status", f.Statuses)
	return " cross join tasks t" + e.Use("idx_tasks_status")
}

// countedRows is how many tasks that have the words are looked at, and how many
// notes are collected, to count the hits behind a page.
const countedRows = 5_000

// CountHits counts the hits behind the last one of a page, f.After, up to most.
// If exact is false there may be more: to go on would have taken long.
func (tx *Tx) CountHits(f SearchFilter, most int) (n int, exact bool, err error) {
	q, err := tx.search(f.Words)
	if err == nil {
		err = f.countFew(tx)
	}
	exact = true
	for rank := f.After.Rank; rank <= RankNote && exact && err == nil && n <= most; rank++ {
		var some int
		count := tx.countTexts
		if rank == RankNote {
			count = tx.countNotes
		}
		some, exact, err = count(f, q, rank, most-n)
		n += some
	}
	return n, exact && n <= most, err
}

func (tx *Tx) countTexts(f SearchFilter, q search, rank Rank, most int) (n int, exact bool, err error) {
	all := f
	all.Statuses, all.few = nil, false
	s, args := tx.textsFound(all, q, rank, countedRows)
	w := where{args: args}
	join := f.ofStatuses(&w, tx.engine, "x.id")
	sql := "select 1 from (" + s.Text + ") x" + join + w.sql() + " limit " + w.arg(most+1)
	n, err = tx.Count(db.Named("search.count", "select count(*) from ("+sql+") counted"), w.args...)
	if err != nil || n > most {
		return n, false, err
	}
	s, args = tx.textsFound(all, q, rank, countedRows+1)
	seen, err := tx.Count(db.Named("search.counted", "select count(*) from ("+s.Text+") counted"), args...)
	return n, seen <= countedRows, err
}

func (tx *Tx) countNotes(f SearchFilter, q search, _ Rank, most int) (n int, exact bool, err error) {
	few, err := tx.countMatchingNotes(q, countedRows)
	if err != nil || few == 0 || few > countedRows {
		return 0, few == 0, err
	}
	hits, err := tx.collectNotes(f, q, most+1)
	return len(hits), true, err
}

// countMatchingNotes counts the notes that match, up to one more than most.
func (tx *Tx) countMatchingNotes(q search, most int) (int, error) {
	var w where
	w.add(tx.engine.search.matches("note_search", "s", w.arg(q.note.expr)))
	return tx.Count(db.Named("search.few_notes", "select count(*) from (select 1 from note_search s"+w.sql()+" limit "+w.arg(most+1)+") x"), w.args...)
}
