package store

import (
	"strconv"
	"strings"

	"pm/internal/db"
	"pm/internal/plan"
)

// A searcher is what differs between the engines in full-text search: SQLite
// has FTS5 tables, PostgreSQL tsvector columns. Either indexes the words of a
// task in a table task_search, those of a note in a table note_search. The
// words of a title are in there twice, the second time behind inTitle.
type searcher struct {
	ddl   string // makes the tables, and what empties them when a row goes
	clear string // empties the table {table}
	merge string // brings the parts together that the index of the table {table} is in; empty: it has none
	room  string // has the index of the table {table} gather words in so many bytes of memory before it writes them out
	id    string // the column that holds the id
	match string // term that says that a row of the table %s matches

	tasks, notes db.Insertion // into the two tables, instead of what is there: the id, and what document returns

	document   func(words []string) string // the argument that holds the words of a row
	vocabulary vocabulary                  // empty: the engine finds the beginnings of words as quickly as words
	beginnings int                         // of up to so many letters, which it finds as quickly as words anyway
	sample     int                         // rows to look at to tell whether words are rare; 0: the engine gives what matches in the order of the ids

	all func(words [][]Word) string   // the expression that of each some word is there
	but func(all, none string) string // the expression of the first without that of the second
}

// inTitle stands before a word of a title. No word begins with it.
const inTitle = "§"

// A Rank says how well a task matches: the lower, the better.
type Rank int

const (
	RankTitle Rank = iota // all words are in the title or the key
	RankText              // all words are in title, key, description, checklist and reason together
	RankNote              // all words are in one of its notes
)

// A Hit is a task that a search found.
type Hit struct {
	Key  plan.Key
	Rank Rank
	Note string // the body of the note, if that is what was found: see LoadNotes
	note int64
}

// A SearchFilter says what to search for. Hits come by rank, then by key.
type SearchFilter struct {
	Words    []Word
	Under    plan.Key // an epic or a feature; zero: all
	Statuses []plan.TaskStatus
	After    *Hit // the last hit of the page before, of which rank and key are looked at
	Limit    int  // 0: all

	few bool // few tasks have the statuses
}

// Search returns the tasks that match.
func (tx *Tx) Search(f SearchFilter) ([]Hit, error) {
	q, err := tx.search(f.Words)
	if err == nil {
		err = f.countFew(tx)
	}
	if err != nil {
		return nil, err
	}
	var hits []Hit
	for rank := RankTitle; rank <= RankNote; rank++ {
		if f.After != nil && rank < f.After.Rank {
			continue
		}
		left := 0
		if f.Limit > 0 {
			left = f.Limit - len(hits)
		}
		find := tx.searchTexts
		if rank == RankNote {
			find = tx.searchNotes
		}
		found, err := find(f, q, rank, left)
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

// searchTexts returns the hits of a rank that the words of the tasks
// themselves decide, in the order of their keys: the index gives them in that
// order, so that a page of them does not cost more the more there are.
func (tx *Tx) searchTexts(f SearchFilter, q search, rank Rank, limit int) ([]Hit, error) {
	s, args := tx.textsFound(f, q, rank, limit)
	return db.List(tx.Tx, s, func(h *Hit) []any { return []any{subject{&h.Key}} }, args...)
}

// textsFound selects the ids of what searchTexts returns.
func (tx *Tx) textsFound(f SearchFilter, q search, rank Rank, limit int) (db.Stmt, []any) {
	var w where
	s := tx.engine.search
	name, query, rare := "search.title", q.title.expr, q.title.rare
	if rank == RankText {
		name, query, rare = "search.text", s.but(q.row.expr, q.title.expr), q.row.rare
	}
	id := "s." + s.id
	w.add(s.matches("task_search", "s", w.arg(query)))
	sql := "select " + s.found(rare) + " as id from task_search s" + f.ofStatuses(&w, tx.engine, id)
	f.within(&w, id, rank)
	sql += w.sql() + " order by id"
	if limit > 0 {
		sql += " limit " + w.arg(limit)
	}
	return db.Named(name, sql), w.args
}

// within adds that the task with the id lies where is searched, behind the
// page before.
func (f SearchFilter) within(w *where, id string, rank Rank) {
	if !f.Under.IsZero() {
		first, last := f.Under.Range()
		w.add(id + " between " + w.arg(first) + " and " + w.arg(last))
	}
	if f.After != nil && f.After.Rank == rank {
		w.add(id + " > " + w.arg(f.After.Key.Ordinal()))
	}
}

// titled returns the words as they stand in the index for those of a title.
func titled(words []Word) []Word {
	out := make([]Word, len(words))
	for i, w := range words {
		out[i] = Word{inTitle + w.Text, w.Whole}
	}
	return out
}

// allOf writes an expression that of each of the words some is there.
func allOf(words [][]Word, and, or string, one func(Word) string) string {
	terms := make([]string, len(words))
	for i, some := range words {
		each := make([]string, len(some))
		for j, w := range some {
			each[j] = one(w)
		}
		if terms[i] = strings.Join(each, or); len(some) > 1 {
			terms[i] = "(" + terms[i] + ")"
		}
	}
	return strings.Join(terms, and)
}

// matches returns the term that a row of the table, under its alias, matches
// the expression in arg.
func (s searcher) matches(table, alias, arg string) string {
	return strings.NewReplacer("{table}", table, "{alias}", alias, "{arg}", arg).Replace(s.match)
}

// MergeSearch brings together the parts that many additions leave the
// full-text index in, so that a search looks at one place. It writes all of
// the index anew.
func (tx *Tx) MergeSearch() error { return tx.defineSearch("search.merge", tx.engine.search.merge) }

// How many bytes of memory the words of many rows are gathered in, and SQLite's
// default (https://sqlite.org/fts5.html): each time that they are full, what is in
// them becomes a part of the index, and all parts are merged later.
const (
	manyGathered    = 12 << 20
	usuallyGathered = 1 << 20
)

// gatherSearch sets how many bytes of words are gathered. That is kept in the
// database: it has to be set back before the transaction ends.
func (tx *Tx) gatherSearch(bytes int) error {
	return tx.defineSearch("search.room", strings.ReplaceAll(tx.engine.search.room, "{bytes}", strconv.Itoa(bytes)))
}

func (tx *Tx) defineSearch(name, sql string) error {
	if sql == "" {
		return nil
	}
	for _, table := range []string{"task_search", "note_search"} {
		if err := tx.Define(name, strings.ReplaceAll(sql, "{table}", table)); err != nil {
			return err
		}
	}
	return nil
}

// taskDocument returns what the index holds of a task: the words of its
// title and its key, of its description and its checklist, and of the reason that
// stands.
func (s searcher) taskDocument(l *wordBag, k plan.Key, title, description string, checks []plan.Check, reason string) string {
	titles := append(wordsOf(title), keyToken(k))
	l.of(append(plan.CheckTexts(checks), description, reason)...)
	for _, w := range titles {
		l.words = append(l.words, w, inTitle+w) // twice in a row is once
	}
	return s.document(l.words)
}

func (s searcher) noteDocument(texts ...string) string { return s.document(wordsOf(texts...)) }

// indexTask puts the words of a task into the index, with the reason that stands.
func (tx *Tx) indexTask(t *plan.Task, reason string) error {
	return tx.Insert(tx.engine.search.tasks, t.Key.Ordinal(), tx.NewPreparer().document(t, reason))
}
