package store

import (
	"strings"

	"pm/internal/db"
)

const (
	wordsRow  = "($%d, cast($%d as tsvector))"
	wordsTail = " on conflict (id) do update set words = excluded.words"
)

// The words of a title have the weight A, those of a body B: a query can ask
// for either.
var postgresSearch = searcher{
	ddl: `
create table task_search (id bigint primary key references tasks (id) on delete cascade, words tsvector not null);
create index idx_task_search_words on task_search using gin (words);
create table note_search (id bigint primary key references task_notes (id) on delete cascade, words tsvector not null);
create index idx_note_search_words on note_search using gin (words);
`,
	tasks: db.Insertion{Name: "search.put_task", Table: "task_search", Columns: "id, words", Row: wordsRow, Tail: wordsTail},
	notes: db.Insertion{Name: "search.put_note", Table: "note_search", Columns: "id, words", Row: wordsRow, Tail: wordsTail},
	clear: "delete from {table}",
	id:    "id",
	match: "{alias}.words @@ cast({arg} as tsquery)",
	document: func(title, body []string) []any {
		var b strings.Builder
		inTitle := map[string]bool{}
		for _, w := range title {
			inTitle[w] = true
		}
		both := map[string]bool{}
		for _, w := range body {
			if inTitle[w] {
				both[w] = true
				continue
			}
			b.WriteString("'" + w + "':1B ")
		}
		for _, w := range title {
			b.WriteString("'" + w + "':1A")
			if both[w] {
				b.WriteString(",2B")
			}
			b.WriteByte(' ')
		}
		return []any{b.String()}
	},
	inTitle: func(words []Word) string { return tsAll(words, "A") },
	inRow:   func(words []Word) string { return tsAll(words, "") },
	inBody: func(words []Word) string {
		return tsAll(words, "") + " & !(" + tsAll(words, "A") + ")"
	},
}

// tsAll returns the tsquery that all words are there with the weight. They
// are letters and digits only, so that quotes suffice.
func tsAll(words []Word, weight string) string {
	terms := make([]string, len(words))
	for i, w := range words {
		terms[i] = "'" + w.Text + "'"
		if !w.Whole {
			weight := "*" + weight
			terms[i] += ":" + weight
		} else if weight != "" {
			terms[i] += ":" + weight
		}
	}
	return strings.Join(terms, " & ")
}
