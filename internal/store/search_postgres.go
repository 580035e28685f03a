package store

import (
	"strings"

	"pm/internal/db"
)

const (
	wordsRow  = "($%d, cast($%d as tsvector))"
	wordsTail = " on conflict (id) do update set words = excluded.words"
)

var postgresSearch = searcher{
	ddl: `
create table task_search (id bigint primary key references tasks (id) on delete cascade, words tsvector not null);
create index idx_task_search_words on task_search using gin (words);
create table note_search (id bigint primary key references notes (id) on delete cascade, words tsvector not null);
create index idx_note_search_words on note_search using gin (words);
`,
	tasks:    db.Insertion{Name: "search.put_task", Table: "task_search", Columns: "id, words", Row: wordsRow, Tail: wordsTail},
	notes:    db.Insertion{Name: "search.put_note", Table: "note_search", Columns: "id, words", Row: wordsRow, Tail: wordsTail},
	clear:    "delete from {table}",
	id:       "id",
	match:    "{alias}.words @@ cast({arg} as tsquery)",
	sample:   2_000,
	document: tsDocument,
	all:      tsAll,
	but:      func(all, none string) string { return all + " & !(" + none + ")" },
}

// tsDocument returns the tsvector of the words.
func tsDocument(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return "'" + strings.Join(words, "' '") + "'"
}

// tsAll returns the tsquery that all words are there. They are letters and
// digits only, so that quotes suffice.
func tsAll(words [][]Word) string {
	return allOf(words, " & ", " | ", func(w Word) string {
		if w.Whole {
			return "'" + w.Text + "'"
		}
		return "'" + w.Text + "':*"
	})
}
