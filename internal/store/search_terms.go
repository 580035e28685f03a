package store

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"pm/internal/db"
	"pm/internal/plan"
)

// A vocabulary reads the words that the index of the table {table} holds.
// SQLite's FTS5 goes through everything behind all words that begin with a
// word before it gives the first row, and takes ten times as long for it as
// for whole words: so it is asked for these by name.
type vocabulary struct {
	open  string // makes them readable; done again it does nothing
	words string // select of those from $1 on and before $2, at most $3
}

// maxEndings is how many words one word of a search is spelled out into. With
// more the engine looks for what begins with it.
const maxEndings = 32

// afterAll comes behind every word that begins as the one before it.
const afterAll = "\U0010ffff"

// A textQuery is an expression of the engine: all words are in a row.
type textQuery struct {
	expr  string
	whole bool // it names whole words or short beginnings only: asking it of a single row is quick
	many  bool // so many tasks match that it is quicker to ask the index of some of them than to make a set
	found int  // how many match, about; 0: not known
	rare  bool // so few that they are all found before the first is given, where the engine does not give them in order
}

// manyTexts is how many tasks it takes to be many.
const manyTexts = 40_000

// rareShare is the share of a sample that rare words are not in: one of so
// many. A page of more frequent ones is full before it has looked at many rows.
const rareShare = 50

// countedText is textQuery for tasks, with many.
func (tx *Tx) countedText(words []Word) (textQuery, error) {
	q, err := tx.textQuery("task_search", words)
	if err != nil || !q.whole {
		return q, err
	}
	if tx.engine.search.sample > 0 {
		err = tx.look(&q)
		q.many = !q.rare
		return q, err
	}
	many, known := tx.many[q.expr]
	if !known {
		var w where
		n, err := tx.Count(db.Named("search.many", "select count(*) from ("+wordsQuery(tx.engine.search, q)(&w)+" limit "+w.arg(manyTexts+1)+") x"), w.args...)
		if err != nil {
			return q, err
		}
		if tx.many == nil {
			tx.many = map[string]bool{}
		}
		many = n > manyTexts
		tx.many[q.expr] = many
	}
	q.many = many
	return q, nil
}

// look finds out which of the queries for tasks are rare. A server's planner
// has to guess that of the beginning of a word, and goes through all tasks in
// the order of their keys for the few that match. The sample is of the first tasks
// and the last: without an order a server begins where it read last, and what was
// common a moment ago is not, or half as much, so that pages are found in another way.
func (tx *Tx) look(queries ...*textQuery) error {
	s := tx.engine.search
	var w where
	all, counts := 0, make([]int, len(queries))
	into, columns := []any{&all}, []string{"(select coalesce(sum(todo + in_progress + blocked + ready_for_review + completed + archived), 0) from task_counts where id < " + w.arg(maxSlots) + ")"}
	for i, q := range queries {
		into = append(into, &counts[i])
		columns = append(columns, "count(*) filter (where "+s.matches("task_search", "x", w.arg(q.expr))+")")
	}
	half := "(select words from task_search order by id%s limit " + w.arg(s.sample/2) + ")"
	sql := "select " + strings.Join(columns, ", ") + " from (" + fmt.Sprintf(half, "") + " union all " + fmt.Sprintf(half, " desc") + ") x"
	_, err := tx.ScanOne(db.Named("search.sample", sql), into, w.args...)
	for i, q := range queries {
		if q.rare = counts[i] < s.sample/rareShare; !q.rare {
			q.found = counts[i] * max(all, s.sample) / s.sample
		}
	}
	return err
}

// found is the id of a task that matches, to be sorted by. That of rare words
// is one that no index is in the order of.
func (s searcher) found(rare bool) string {
	if rare {
		return "s." + s.id + " + 0"
	}
	return "s." + s.id
}

// textQuery returns the expression that the table has all the words in a row.
func (tx *Tx) textQuery(table string, words []Word) (q textQuery, err error) {
	if tx.past != nil {
		return q, plan.Errorf(plan.Refused, "cannot search for words in the plan as it was: its texts are indexed as they are now").WithCode("not_then").
			WithHint("filter by fields instead: pm list status:todo --as-of %s; to search the plan as it is now, leave --as-of out", plan.Stamp(tx.past.moment.At))
	}
	s := tx.engine.search
	alternatives := make([][]Word, len(words))
	q.whole = true
	for i, w := range words {
		alternatives[i] = []Word{w}
		if w.Whole || s.vocabulary.words == "" || utf8.RuneCountInString(w.Text) <= s.beginnings {
			continue
		}
		found, err := tx.endings(table, w.Text)
		if err != nil {
			return q, err
		}
		if len(found) > maxEndings {
			q.whole = false
			continue
		}
		if len(found) == 0 {
			found = []Word{{w.Text, true}} // which is not there, as the engine will find
		}
		alternatives[i] = found
	}
	q.expr = s.all(alternatives)
	return q, nil
}

// endings returns the words of the table that begin with text: at most one
// more than maxEndings.
func (tx *Tx) endings(table, text string) ([]Word, error) {
	if err := tx.openVocabulary(table); err != nil {
		return nil, err
	}
	sql := strings.ReplaceAll(tx.engine.search.vocabulary.words, "{table}", table)
	words, err := db.List(tx.Tx, db.Named("search.words", sql), func(w *Word) []any { return []any{&w.Text} }, text, text+afterAll, maxEndings+1)
	for i := range words {
		words[i].Whole = true
	}
	return words, err
}

func (tx *Tx) openVocabulary(table string) error {
	if open := tx.engine.search.vocabulary.open; open != "" {
		return tx.Define("search.vocabulary", strings.ReplaceAll(open, "{table}", table))
	}
	return nil
}

// Explain is that of db, for which all that a statement names must be there.
func (tx *Tx) Explain(s db.Statement) (p db.Plan, err error) {
	for _, table := range []string{"task_search", "note_search"} {
		if err := tx.openVocabulary(table); err != nil {
			return p, err
		}
	}
	return tx.Tx.Explain(s)
}

// A search is what is looked for, for each table and rank.
type search struct {
	title, row, note textQuery
}

func (tx *Tx) search(words []Word) (s search, err error) {
	for _, part := range []struct {
		into  *textQuery
		table string
		words []Word
	}{{&s.title, "task_search", titled(words)}, {&s.row, "task_search", words}, {&s.note, "note_search", words}} {
		if *part.into, err = tx.textQuery(part.table, part.words); err != nil {
			return s, err
		}
	}
	if tx.engine.search.sample > 0 {
		err = tx.look(&s.title, &s.row)
	}
	return s, err
}
