package store

import (
	"strings"

	"pm/internal/db"
	"pm/internal/plan"
)

// A searcher is what differs between the engines in full-text search: SQLite
// has FTS5 tables, PostgreSQL tsvector columns. Either indexes what wordsOf
// makes of a text, in a table task_search (the title and the description of
// a task) and a table note_search (a note).
type searcher struct {
	ddl   string // makes the tables, and what empties them when a row goes
	clear string // empties the table {table}
	merge string // brings the parts together that the index of the table {table} is in; empty: it has none
	id    string // the column that holds the id
	match string // term that says that a row of the table %s matches

	tasks, notes db.Insertion // into the two tables, instead of what is there: the id, and what document returns

	// document returns the arguments that hold the words of a row.
	document func(title, body []string) []any
	// query returns the expression that all words are in the title, or that
	// all words are in the row but not all in the title.
	inTitle, inRow, inBody func([]Word) string
}

// A Rank says how well a task matches: the lower, the better.
type Rank int

const (
	RankTitle Rank = iota // all words are in the title
	RankText              // all words are in title and description together
	RankNote              // all words are in one of its notes
)

// A Hit is a task that a search found.
type Hit struct {
	Key  plan.Key
	Rank Rank
	Note string // the body of the note, if that is what was found
}

// A SearchFilter says what to search for. Hits come by rank, then by key.
type SearchFilter struct {
	Words    []Word
	Under    plan.Key // an epic or a feature; zero: all
	Statuses []plan.TaskStatus
	After    *Hit // the last hit of the page before, of which rank and key are looked at
	Limit    int  // 0: all
}

// Search returns the tasks that match.
func (tx *Tx) Search(f SearchFilter) ([]Hit, error) {
	var hits []Hit
	for rank := RankTitle; rank <= RankNote; rank++ {
		if f.After != nil && rank < f.After.Rank {
			continue
		}
		sql, args := f.statement(tx.engine.search, rank)
		if f.Limit > 0 {
			args = append(args, f.Limit-len(hits))
			sql += " limit " + placeholders(len(args), 1)
		}
		found, err := db.List(tx.Tx, db.Named(rank.statement(), sql), func(h *Hit) []any {
			if rank == RankNote {
				return []any{subject{&h.Key}, &h.Note}
			}
			return []any{subject{&h.Key}}
		}, args...)
		if err != nil {
			return nil, err
		}
		for i := range found {
			found[i].Rank = rank
		}
		hits = append(hits, found...)
		if f.Limit > 0 && len(hits) >= f.Limit {
			break
		}
	}
	return hits, nil
}

func (r Rank) statement() string {
	return [...]string{"search.title", "search.text", "search.note"}[r]
}

// statement returns the statement that finds the hits of one rank, in the order
// of their keys: the index gives them in that order, so that a page of them
// does not cost more the more there are.
func (f SearchFilter) statement(s searcher, rank Rank) (string, []any) {
	var w where
	var from string
	switch rank {
	case RankNote:
		w.add(s.matches("note_search", "s", w.arg(s.inRow(f.Words))))
		w.add("not exists (select 1 from task_search x where x." + s.id + " = t.id and " + s.matches("task_search", "x", w.arg(s.inRow(f.Words))) + ")")
		// The first of a task's notes that match stands for all.
		w.add("not exists (select 1 from note_search y join task_notes m on m.id = y." + s.id +
			" where m.task_id = n.task_id and m.id < n.id and " + s.matches("note_search", "y", w.arg(s.inRow(f.Words))) + ")")
		from = "select t.id, n.body from note_search s join task_notes n on n.id = s." + s.id + " join tasks t on t.id = n.task_id"
	default:
		query := s.inTitle(f.Words)
		if rank == RankText {
			query = s.inBody(f.Words)
		}
		w.add(s.matches("task_search", "s", w.arg(query)))
		from = "select t.id from task_search s join tasks t on t.id = s." + s.id
	}
	id := "s." + s.id
	if rank == RankNote {
		id = "t.id"
	}
	if !f.Under.IsZero() {
		first, last := f.Under.Range()
		w.add(id + " between " + w.arg(first) + " and " + w.arg(last))
	}
	if f.After != nil && f.After.Rank == rank {
		w.add(id + " > " + w.arg(f.After.Key.Ordinal()))
	}
	in(&w, "t.status", f.Statuses)
	return from + w.sql() + " order by " + id, w.args
}

// matches returns the term that a row of the table, under its alias, matches
// the expression in arg.
func (s searcher) matches(table, alias, arg string) string {
	return strings.NewReplacer("{table}", table, "{alias}", alias, "{arg}", arg).Replace(s.match)
}

// MergeSearch brings together the parts that many additions leave the
// full-text index in, so that a search looks at one place. It writes all of
// the index anew.
func (tx *Tx) MergeSearch() error {
	sql := tx.engine.search.merge
	if sql == "" {
		return nil
	}
	for _, table := range []string{"task_search", "note_search"} {
		if err := tx.Define("search.merge", strings.ReplaceAll(sql, "{table}", table)); err != nil {
			return err
		}
	}
	return nil
}

// indexTask puts the words of a task into the index.
func (tx *Tx) indexTask(t *plan.Task) error {
	s := tx.engine.search
	return tx.Insert(s.tasks, append([]any{t.Key.Ordinal()}, s.document(wordsOf(t.Title), wordsOf(t.Description))...)...)
}
