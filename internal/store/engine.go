package store

import (
	"fmt"
	"strings"

	"pm/internal/db"
)

// An engine is all that differs between the engines in statements on pm's
// tables; what differs in any statement is its dialect.
type engine struct {
	*db.Dialect
	search     searcher
	countSlots int64  // that transactions spread over in task_counts
	lockCounts string // keeps others from adding to task_counts; empty: a write has the database for itself
	count      string // counts tasks and notes for the plans of statements; empty: they do not depend on it
	keepRow    string // behind a select: keep the rows from being deleted until the end of the transaction
	changeRow  string // behind a select: lock the rows, but not against keepRow
	main       string // before the name of a table of pm's, where a temporary one may have the same
	above      string // has the name of a table mean the temporary one of that name, which a search_path may put last; empty: it does
	like       string // makes past_%[1]s, a temporary table with the columns of %[1]s
	analyze    string // counts the rows of a temporary table of so many: nobody else does; empty: plans do not depend on it
	integer    string // the type of a whole number
	text       string // the type of a text
	hide       string // the format of an argument that plans do not depend on; empty: they depend on none
	lateral    bool   // a select may be run for each row of another one
	among      string // the format of the term that a column is one of what is selected, which is run once, before
	listOf     string // a select of the texts in a JSON list
	deferrable string // select of name and text of the indexes that a large import makes at its end; empty: none
}

var sqliteEngine = engine{
	Dialect: &db.SQLite,
	search:  sqliteSearch,

	countSlots: 1,
	main:       "main.", like: "create temporary table past_%[1]s as select * from main.%[1]s where 0", integer: "integer", text: "text",
	listOf: "select value from json_each(%s)", among: "in (%s)",
	// Each index that is made at the end reads all rows once more. So the partial
	// ones that few rows of an import are in stay, and those whose rows come in the
	// order of the ids for each of a few values.
	deferrable: `select name, sql from sqlite_schema where type = 'index' and tbl_name in ('tasks', 'task_history', 'labels', 'refs', 'notes', 'task_dependencies')
		and sql not like 'create unique%' and (sql not like '%where%' or name in (
		'idx_tasks_ready', 'idx_tasks_ready_agent_type', 'idx_tasks_assigned_agent', 'idx_tasks_started_at', 'idx_tasks_completed_at',
		'idx_tasks_resolution', 'idx_tasks_waiting', 'idx_tasks_kind', 'idx_tasks_file_path'))`,
}

var postgresEngine = engine{Dialect: &db.Postgres, search: postgresSearch, countSlots: 16, lockCounts: "lock table task_counts in exclusive mode",
	above: "select set_config('search_path', 'pg_temp, ' || current_setting('search_path'), true);\n",
	like:  "create temporary table past_%[1]s (like %[1]s) on commit drop", analyze: "analyze past_%[1]s (%[2]s), past_no_%[1]s;\n", integer: "bigint", text: `text collate "C"`,
	listOf: "select json_array_elements_text(cast(%s as json))", lateral: true, among: "= any (array(%s))",
	count: "analyze (skip_locked) tasks (id), notes (id)", keepRow: " for key share", changeRow: " for no key update", hide: "(select %s)"}

// unseen keeps an argument from the planner, which takes any for the same.
func (e *engine) unseen(arg string) string {
	if e.hide == "" {
		return arg
	}
	return fmt.Sprintf(e.hide, arg)
}

// analyzed counts the rows of a layer of the past, and the values that its rows are
// found by.
func (e *engine) analyzed(table string, columns []string) string {
	if e.analyze == "" {
		return ""
	}
	return fmt.Sprintf(e.analyze, table, strings.Join(columns, ", "))
}

// engineOf is the only place that asks which engine it is.
func engineOf(d *db.Dialect) *engine {
	if d == sqliteEngine.Dialect {
		return &sqliteEngine
	}
	return &postgresEngine
}
