package db

import (
	"strings"
)

var sqliteInspect = inspector{
	explain: "explain query plan ",
	version: "select 'SQLite ' || sqlite_version()",
	size: `select p.page_count * s.page_size, p.page_count, f.freelist_count, s.page_size
		from pragma_page_count p, pragma_page_size s, pragma_freelist_count f`,
	tables: `select name from pragma_table_list where schema = 'main' and type in ('table', 'virtual') and name not like 'sqlite\_%' escape '\' order by name`,
	// Tables that a virtual table keeps its content in are the engine's own.
	indexes: `select m.name, m.tbl_name, null from sqlite_schema m join pragma_table_list t on t.name = m.tbl_name and t.schema = 'main'
		where m.type = 'index' and t.type <> 'shadow' order by m.tbl_name, m.name`,
	sizes: `select name, pgsize from dbstat where aggregate = 1`,
	damage: []string{
		`select integrity_check from pragma_integrity_check where integrity_check <> 'ok'`,
		`select "table" || ' row ' || rowid || ' refers to a row of ' || parent || ' that is not there' from pragma_foreign_key_check`,
	},
	foreign: sqliteForeign,
	wal:     walSize,
	reads:   sqliteReads,
}

// sqliteReads reads the lines of EXPLAIN QUERY PLAN, whose words are
// described in https://sqlite.org/eqp.html:
//
//	SEARCH tasks USING INDEX idx_tasks_status (status=?)
//	SEARCH t USING INTEGER PRIMARY KEY (rowid=?)
//	SCAN tasks USING COVERING INDEX idx_tasks_status
//	SCAN s VIRTUAL TABLE INDEX 0:M3
//	SCAN tasks
func sqliteReads(lines []string) (out []Access) {
	for _, line := range lines {
		words := strings.Fields(line)
		if len(words) < 2 || words[0] != "SEARCH" && words[0] != "SCAN" || words[1] == "json_each" { // which lists an argument's values
			continue
		}
		a := Access{Table: words[1], Whole: words[0] == "SCAN"}
		rest := strings.Join(words[2:], " ")
		switch {
		case strings.HasPrefix(rest, "VIRTUAL TABLE INDEX "):
			// What is behind the colon says what the index is asked for.
			if _, asked, _ := strings.Cut(words[len(words)-1], ":"); asked != "" {
				a.Index, a.Whole = "the full-text index", false
			}
		case strings.Contains(rest, "INTEGER PRIMARY KEY"):
			a.Index = PrimaryKey
		default:
			a.Index = wordAfter(words, "INDEX")
		}
		out = append(out, a)
	}
	return out
}

// wordAfter returns the word that follows another; empty if that is not there.
func wordAfter(words []string, word string) string {
	for i := range len(words) - 1 {
		if words[i] == word {
			return strings.Trim(words[i+1], `"`) // as PostgreSQL has them with quote_all_identifiers
		}
	}
	return ""
}
