package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

// The plan at a past moment is read by the statements that read it now. Before
// them, temporary tables are made that hold what the rows were that have changed
// since, and temporary views under the names of pm's tables, each of which shows
// the table with these in the place of the rows of now. So the cost follows what
// has changed since, and there is one language of queries and one that answers
// them. All of it is gone with the transaction.

// PastPrefix begins the names of the statements on these tables.
const PastPrefix = "past."

// A Moment is a moment of a plan's past: what was recorded after it does not count.
type Moment struct {
	At        time.Time
	Operation string // what this one and those before it recorded; empty: what was recorded at At and before
	Before    bool   // without that operation

	seq   int64     // of the operation
	first time.Time // not after any record of the operations after it
}

// IsZero reports whether m is no moment of the past: the present is meant.
func (m Moment) IsZero() bool { return m.At.IsZero() }

var operationsAfter = db.Named("operation.first_after", `select coalesce(min(at), '') from operations where (seq, id) > ($1, $2)`)

// MomentAt is the moment right after an operation, or right before it.
func (tx *Tx) MomentAt(o plan.Operation, before bool) (Moment, error) {
	m := Moment{At: o.At, Operation: o.ID, Before: before, seq: o.Seq, first: o.At}
	var first string
	_, err := tx.ScanOne(operationsAfter, []any{&first}, o.Seq, o.ID)
	if at, parseErr := time.Parse(time.RFC3339, first); parseErr == nil && at.Before(m.first) {
		m.first = at
	}
	return m, err
}

// since are the operations that came after the moment. main stands before the name
// of the table.
func (m Moment) since(main string) string {
	compare := ">"
	if m.Before {
		compare = ">="
	}
	return fmt.Sprintf("(select id from %soperations where (seq, id) %s (%d, '%s'))", main, compare, m.seq, m.Operation)
}

// newer is the term that something, recorded at a time by an operation, came after
// the moment. Times and ids are of a fixed form: no other text comes into a
// statement.
func (m Moment) newer(main, at, operation string) string {
	if m.Operation == "" {
		return fmt.Sprintf("%s > '%s'", at, plan.Stamp(m.At))
	}
	return fmt.Sprintf("%s >= '%s' and %s in %s", at, plan.Stamp(m.first), operation, m.since(main))
}

// kept is the opposite of newer.
func (m Moment) kept(main, at, operation string) string {
	if m.Operation == "" {
		return fmt.Sprintf("%s <= '%s'", at, plan.Stamp(m.At))
	}
	return fmt.Sprintf("(%s < '%s' or %s not in %s)", at, plan.Stamp(m.first), operation, m.since(main))
}

// ReadPast is Read for a body that looks at the plan as it was: once lay has laid
// that over the plan of now.
func ReadPast(ctx context.Context, d *DB, lay func(*Tx) (*Past, error), f func(*Tx) error) error {
	return db.Overlay(ctx, d, func(tx *db.Tx) error {
		t := &Tx{Tx: tx, engine: engineOf(tx.Dialect())}
		p, err := lay(t)
		if err == nil {
			err = p.lay()
		}
		if err != nil {
			return err
		}
		return f(t)
	})
}

// A Past takes what the rows were that have changed since a moment.
type Past struct {
	tx     *Tx
	moment Moment
	layers map[string]*layer
	moved  map[plan.Key]plan.Key // the keys of now to those that items had
	turned []plan.Key            // epics and features of which tasks may have been offered otherwise
	closed []plan.Key            // those of them that were closed, or were not
	ended  []any                 // the ids of tasks that were done, or were not
	zone   *time.Location        // that the project had, if it was another one
	linked map[int64]bool        // items that may have had another number of links
	counts map[plan.Key]*tally   // what has to be added to the counts of now
}

// A layer is what lies over a table: rows that are hidden, and those shown in
// their place.
type layer struct {
	table, id, columns string
	hidden             map[int64]bool
	rows               [][]any
	used               bool // it has a table
}

// NewPast returns a Past in which all is as it is now.
func (tx *Tx) NewPast(m Moment) *Past {
	p := &Past{tx: tx, moment: m, layers: map[string]*layer{}, moved: map[plan.Key]plan.Key{}, linked: map[int64]bool{}, counts: map[plan.Key]*tally{}}
	for _, l := range []layer{{table: "epics", id: "id", columns: epicColumns}, {table: "features", id: "id", columns: featureColumns}, {table: "tasks", id: "id", columns: taskColumns},
		{table: "labels", id: "item_id", columns: "item_id, folded, label"}, {table: "refs", id: "item_id", columns: "item_id, folded, ref"},
		{table: "links", id: "item_id", columns: "item_id, kind, to_id, target"}, {table: "plan_dependencies", id: "item_id", columns: "item_id, depends_on_id"},
		{table: "task_dependencies", id: "task_id", columns: "task_id, depends_on_id"}, {table: "field_values", id: "item_id", columns: "item_id, field, value"},
		{table: "notes", id: "item_id", columns: "item_id, id, " + noteColumns}, {table: "contents", id: "item_id", columns: "item_id, digest, body"},
		{table: "project", id: "id", columns: "id, last_epic, " + projectColumns}, {table: "definitions", columns: "kind, name, body"},
		{table: "task_counts", columns: "id, " + strings.Join(countNames[:], ", ")},
		{table: "trash", id: "item_id", columns: "id, " + trashColumns + ", digest"}, {table: "trash_parts", columns: "trash_id, part, lines, digest"}} {
		l.hidden = map[int64]bool{}
		p.layers[l.table] = &l
	}
	return p
}

// hide takes rows of an item out of sight.
func (p *Past) hide(table string, k plan.Key) { p.layers[table].hidden[k.Ordinal()] = true }

// put shows a row.
func (p *Past) put(table string, values ...any) {
	l := p.layers[table]
	l.rows = append(l.rows, db.Values(values))
}

// create makes the temporary tables of the layers that anything is in.
func (p *Past) create() error {
	var ddl strings.Builder
	for _, l := range p.inUse() {
		fmt.Fprintf(&ddl, p.tx.engine.like+";\n", l.table)
		fmt.Fprintf(&ddl, "create temporary table past_no_%s (id %s primary key);\n", l.table, p.tx.engine.integer)
	}
	return p.tx.Define("past.tables", ddl.String())
}

// inUse are the layers that anything is in, and those that deriving may put
// something into, in an order that never changes.
func (p *Past) inUse() (out []*layer) {
	for _, table := range []string{"epics", "features", "tasks", "labels", "refs", "links", "plan_dependencies", "task_dependencies", "field_values", "notes", "contents", "project", "definitions", "task_counts", "trash_parts"} {
		l := p.layers[table]
		if l.used = l.used || len(l.hidden)+len(l.rows) > 0 || table == "epics" || table == "features" || table == "tasks" || table == "task_counts"; l.used {
			out = append(out, l)
		}
	}
	return out
}

// fill puts what the layers hold into their tables.
func (p *Past) fill() error {
	for _, l := range p.inUse() {
		if err := p.fillOne(l); err != nil {
			return err
		}
	}
	return nil
}

func (p *Past) fillOne(l *layer) error {
	hidden := make([][]any, 0, len(l.hidden))
	for _, id := range slices.Sorted(maps.Keys(l.hidden)) {
		hidden = append(hidden, []any{id})
	}
	if err := p.tx.Load(db.Insertion{Name: "past.hide_" + l.table, Table: "past_no_" + l.table, Columns: "id"}, hidden); err != nil {
		return err
	}
	if err := p.tx.Load(db.Insertion{Name: "past.put_" + l.table, Table: "past_" + l.table, Columns: l.columns}, l.rows); err != nil {
		return err
	}
	l.rows = nil
	ddl := ""
	for _, column := range indexedBefore[l.table] {
		ddl += fmt.Sprintf("create index past_%s_%s on past_%s (%[2]s);\n", l.table, column, l.table)
	}
	if len(indexedBefore[l.table]) > 0 {
		ddl += p.tx.engine.analyzed(l.table, indexedBefore[l.table])
	}
	if ddl == "" {
		return nil
	}
	return p.tx.Define("past.indexes", ddl)
}

// indexedBefore are the columns by which the rows of a layer are found.
var indexedBefore = map[string][]string{"epics": {"id", "key"}, "features": {"id", "key", "epic_id"}, "tasks": {"id", "key", "feature_id"}, "labels": {"item_id"}, "refs": {"item_id", "folded"},
	"links": {"item_id", "to_id"}, "plan_dependencies": {"item_id", "depends_on_id"}, "task_dependencies": {"task_id", "depends_on_id"}, "field_values": {"item_id"},
	"notes": {"item_id", "id"}, "contents": {"item_id"}}

// views makes the views. On SQLite the names in a view are looked up when it is
// used, on PostgreSQL when it is made: as long as it is not there, they mean the
// table.
func (p *Past) views() error {
	var ddl strings.Builder
	main := p.tx.engine.main
	for _, l := range p.inUse() {
		where, columns := "", "*"
		if l.table == "trash_parts" {
			columns = fmt.Sprintf("trash_id * %d as trash_id, part, lines, digest", betweenTrash)
		}
		if l.id != "" {
			where = fmt.Sprintf(" where %s not in (select id from past_no_%s)", l.id, l.table)
		} else if l.table == "definitions" {
			where = " where 1 = 0" // there are few: all of them are put
		}
		fmt.Fprintf(&ddl, "create temporary view %[1]s as select %[4]s from %[2]s%[1]s%[3]s union all select * from past_%[1]s;\n", l.table, main, where, columns)
	}
	p.historyViews(&ddl)
	entries := "select * from " + main + "trash where " + p.moment.kept(main, "deleted_at", "operation")
	if len(p.layers["trash"].rows) > 0 {
		entries = strings.Replace(entries, "*", fmt.Sprintf("id * %d as id, %s, digest", betweenTrash, trashColumns), 1) + " union all select id, " + trashColumns + ", digest from past_trash"
	}
	fmt.Fprintf(&ddl, "create temporary view trash as %s;\n", entries)
	fmt.Fprintf(&ddl, "create temporary view operations as select * from %soperations where %s;\n", main, p.moment.kept(main, "at", "id"))
	ddl.WriteString(p.tx.engine.above)
	return p.tx.Define("past.views", ddl.String())
}

// betweenTrash is how many entries of the trash that were restored since find room
// between two that are there.
const betweenTrash = 1000

// historyViews shows the records up to the moment, under the ids and the keys
// that their items had then.
func (p *Past) historyViews(ddl *strings.Builder) {
	main, kept := p.tx.engine.main, p.moment.kept(p.tx.engine.main, "timestamp", "operation")
	task, branch := kept, kept
	if len(p.moved) > 0 {
		const stayed = " not in (select id from past_moved)"
		columns := aliased(historyColumns, "h")
		task = "task_id" + stayed + " and " + kept + " union all select h.id, m.was, " + columns + " from past_moved m join " + main + "task_history h on h.task_id = m.id where " + kept
		branch = "(feature_id is null or feature_id" + stayed + ") and " + kept +
			" union all select h.id, h.epic_id, m.was, m.key, " + columns + " from past_moved m join " + main + "plan_history h on h.feature_id = m.id where " + kept
	}
	fmt.Fprintf(ddl, "create temporary view task_history as select * from %stask_history where %s;\n", main, task)
	fmt.Fprintf(ddl, "create temporary view plan_history as select * from %splan_history where %s;\n", main, branch)
}

// moves notes under which ids and keys the histories of moved items were.
func (p *Past) moves() error {
	if len(p.moved) == 0 {
		return nil
	}
	if err := p.tx.Define("past.moved", fmt.Sprintf("create temporary table past_moved (id %[1]s primary key, was %[1]s, key %[2]s)", p.tx.engine.integer, p.tx.engine.text)); err != nil {
		return err
	}
	batch := db.NewBatch(db.Insertion{Name: "past.put_moved", Table: "past_moved", Columns: "id, was, key"}, bulkLabels)
	for now, was := range p.moved {
		batch.Add(now.Ordinal(), []any{was.Ordinal(), was.String()})
	}
	return batch.Flush(p.tx.Tx, true)
}

// trashTable makes the table of what was in the trash and is not any more.
func (p *Past) trashTable() error {
	l := p.layers["trash"]
	if len(l.rows) == 0 {
		return nil
	}
	if err := p.tx.Define("past.trash", fmt.Sprintf(p.tx.engine.like+";\ncreate temporary table past_no_%[1]s (id %[2]s primary key)", l.table, p.tx.engine.integer)); err != nil {
		return err
	}
	rows := len(l.rows)
	err := p.fillOne(l)
	l.rows = make([][]any, rows)
	return err
}

// lay makes what was put the plan that this transaction reads from now on.
func (p *Past) lay() error {
	for _, step := range []func() error{p.create, p.fill, p.moves, p.trashTable, p.views, p.derive} {
		if err := step(); err != nil {
			return err
		}
	}
	past, dialect := *p.tx.engine, *p.tx.engine.Dialect
	dialect.Unindexed, dialect.ForUpdate = true, ""
	past.Dialect = &dialect
	p.tx.engine, p.tx.past, p.tx.fields, p.tx.tallies = &past, p, nil, nil
	p.tx.SetNow(p.moment.At)
	return nil
}

// AsOf is the past moment that this transaction reads; zero if it is the present.
func (tx *Tx) AsOf() (at time.Time) {
	if tx.past != nil {
		at = tx.past.moment.At
	}
	return at
}
