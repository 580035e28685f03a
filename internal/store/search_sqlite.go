package store

import (
	"strings"

	"pm/internal/db"
)

// The words come folded, so that the simplest tokenizer is right: it parts them
// at the spaces. The tables hold no texts, only which words are in which row and column.
// Triggers take a row out when its task or note goes, also by a cascade.
var sqliteSearch = searcher{
	ddl: `
create virtual table task_search using fts5(title, body, content='', contentless_delete=1, detail='column', tokenize='ascii');
create virtual table note_search using fts5(title, body, content='', contentless_delete=1, detail='column', tokenize='ascii');
create trigger task_search_delete after delete on tasks begin delete from task_search where rowid = old.id; end;
create trigger note_search_delete after delete on task_notes begin delete from note_search where rowid = old.id; end;
`,
	tasks: db.Insertion{Name: "search.put_task", Replace: true, Table: "task_search", Columns: "rowid, title, body"},
	notes: db.Insertion{Name: "search.put_note", Replace: true, Table: "note_search", Columns: "rowid, title, body"},
	clear: "insert into {table} ({table}) values ('delete-all')",
	merge: "insert into {table} ({table}) values ('optimize')",
	id:    "rowid",
	match: "{alias}.{table} match {arg}",
	document: func(title, body []string) []any {
		return []any{strings.Join(title, " "), strings.Join(body, " ")}
	},
	inTitle: func(words []Word) string { return "{title} : (" + ftsAll(words) + ")" },
	inRow:   ftsAll,
	inBody: func(words []Word) string {
		return "(" + ftsAll(words) + ") NOT ({title} : (" + ftsAll(words) + "))"
	},
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
