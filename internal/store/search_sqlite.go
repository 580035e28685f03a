package store

import (
	"strings"

	"pm/internal/db"
)

// The words come folded, so that the simplest tokenizer is right: it parts them
// at the spaces. The tables hold no texts, only which words are in which row.
// Triggers take a row out when its task or note goes, also by a cascade. What
// begins words has an index of its own: a letter, also behind inTitle, begins so
// many words that spelling them out would take longer than all else.
var sqliteSearch = searcher{
	ddl: `
create virtual table task_search using fts5(words, content='', contentless_delete=1, detail='none', prefix='1 2', tokenize='ascii');
create virtual table note_search using fts5(words, content='', contentless_delete=1, detail='none', prefix='1 2', tokenize='ascii');
create trigger task_search_delete after delete on tasks begin delete from task_search where rowid = old.id; end;
create trigger note_search_delete after delete on notes begin delete from note_search where rowid = old.id; end;
`,
	tasks:      db.Insertion{Name: "search.put_task", Replace: true, Singly: true, Table: "task_search", Columns: "rowid, words"},
	notes:      db.Insertion{Name: "search.put_note", Replace: true, Singly: true, Table: "note_search", Columns: "rowid, words"},
	clear:      "insert into {table} ({table}) values ('delete-all')",
	merge:      "insert into {table} ({table}) values ('optimize')",
	room:       "insert into {table} ({table}, rank) values ('hashsize', {bytes})",
	id:         "rowid",
	match:      "{alias}.{table} match {arg}",
	beginnings: 2,
	document:   func(words []string) string { return strings.Join(words, " ") },
	vocabulary: vocabulary{
		// In the connection's own temporary schema: few commands need it.
		open: "create virtual table if not exists temp.{table}_words using fts5vocab(main, {table}, instance)",
		words: `with recursive w (term) as (select (select term from {table}_words where term >= $1 limit 1)
			union all select (select term from {table}_words where term >= w.term || char(1) limit 1) from w where w.term < $2 limit $3)
			select term from w where term < $2`,
	},
	all: ftsAll,
	but: func(all, none string) string { return "(" + all + ") NOT (" + none + ")" },
}

// ftsAll returns the FTS5 expression that all words are there. They are
// letters and digits only; the quotes keep AND, OR and NOT from being
// operators.
func ftsAll(words [][]Word) string {
	return allOf(words, " AND ", " OR ", func(w Word) string {
		if w.Whole {
			return `"` + w.Text + `"`
		}
		return `"` + w.Text + `"*`
	})
}
