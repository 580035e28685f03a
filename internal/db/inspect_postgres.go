package db

import "strings"

var postgresInspect = inspector{
	explain: "explain ",
	version: "select 'PostgreSQL ' || current_setting('server_version')",
	size: `select sum(pg_total_relation_size(c.oid))::bigint, (sum(pg_total_relation_size(c.oid)) / current_setting('block_size')::bigint)::bigint,
		null::bigint, current_setting('block_size')::bigint
		from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = current_schema() and c.relkind = 'r'`,
	tables: `select tablename from pg_tables where schemaname = current_schema() order by tablename`,
	indexes: `select indexrelname, relname, idx_scan from pg_stat_user_indexes
		where schemaname = current_schema() order by relname, indexrelname`,
	sizes: `select c.relname, pg_relation_size(c.oid) from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where n.nspname = current_schema() and c.relkind in ('r', 'i')`,
	damage: []string{postgresTriggers},
	reads:  postgresReads,
}

// postgresReads reads the lines of EXPLAIN in its text form:
//
//	Index Scan using idx_tasks_key on tasks  (cost=…)
//	  Index Cond: (key = 'T-E01-F01-001'::text)
//	Bitmap Heap Scan on tasks t  (cost=…)
//	  ->  Bitmap Index Scan on idx_tasks_status  (cost=…)
//	Seq Scan on tasks  (cost=…)
//
// An index scan without a condition goes through the whole index, in order.
func postgresReads(lines []string) (out []Access) {
	heap := ""
	for _, line := range lines {
		words := strings.Fields(line)
		on := wordAfter(words, "on")
		switch {
		case strings.Contains(line, "Seq Scan on "):
			out = append(out, Access{Table: on, Whole: true})
		case strings.Contains(line, "Bitmap Heap Scan on "):
			heap = on
		case strings.Contains(line, "Bitmap Index Scan on "):
			out = append(out, Access{Table: heap, Index: on})
		case strings.Contains(line, "Index Scan ") || strings.Contains(line, "Index Only Scan "):
			out = append(out, Access{Table: on, Index: wordAfter(words, "using"), Whole: true})
		case strings.Contains(line, "Index Cond: ") && len(out) > 0:
			out[len(out)-1].Whole = false
		}
	}
	return out
}
