package store

import (
	"strings"

	"pm/internal/db"
)

// The words come folded, so that the simplest tokenizer is right: it parts them
// at the spaces. The tables hold no texts, only which words are in which row.
// Triggers take a row out when its task or note goes, also by a cascade.
var sqliteSearch = searcher{
	ddl: `
create virtual table task_search using fts5(words, content='', contentless_delete=1, detail='none', tokenize='ascii');
create virtual table note_search using fts5(words, content='', contentless_delete=1, detail='none', tokenize='ascii');
create trigger task_search_delete after delete on tasks begin delete from task_search where rowid = old.id; end;
create trigger note_search_delete after delete on task_notes begin delete from note_search where rowid = old.id; end;
`,
	tasks:    db.Insertion{Name: "search.put_task", Replace: true, Table: "task_search", Columns: "rowid, words"},
	notes:    db.Insertion{Name: "search.put_note", Replace: true, Table: "note_search", Columns: "rowid, words"},
	clear:    "insert into {table} ({table}) values ('delete-all')",
	merge:    "insert into {table} ({table}) values ('optimize')",
	id:       "rowid",
	match:    "{alias}.{table} match {arg}",
	document: func(words []string) string { return strings.Join(words, " ") },
	all:      ftsAll,
	but:      func(all, none string) string { return "(" + all + ") NOT (" + none + ")" },
}

// ftsAll returns the FTS5 expression that all words are there. They are
// letters and digits only; the quotes keep AND, OR and NOT from being
// operators.
func ftsAll(words []Word) string {
	terms := make([]string, len(words))
	for i, w := range words {
		terms[i] = `"` + w.Text + `"`
		if !w.Whole {
			terms[i] += "*"
		}
	}
	return strings.Join(terms, " AND ")
}
