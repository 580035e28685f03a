package store

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/query"
)

// A TaskGroup is how many tasks have one value of a field; empty for none. Of a
// custom field the value is as it sorts, and some is the id of one of the tasks.
type TaskGroup struct {
	Value string
	Count int
	some  int64
}

// A grouping is a field that tasks can be counted by: its value in SQL, and the
// columns that this reads. Of epics and features it is the ordinal, divided.
type grouping struct {
	sql     string
	columns []string
	per     int64
	some    string
}

var (
	tasksPerFeature = int64(plan.MaxTask + 1)
	tasksPerEpic    = tasksPerFeature * (plan.MaxFeature + 1)
)

// groupings are the fields by their names; that of labels is made otherwise.
var groupings = map[string]grouping{
	"status":     {sql: "status", columns: []string{"status"}},
	"epic":       {sql: fmt.Sprintf("cast(t.id / %d as text)", tasksPerEpic), per: tasksPerEpic},
	"feature":    {sql: fmt.Sprintf("cast(t.id / %d as text)", tasksPerFeature), per: tasksPerFeature},
	"type":       {sql: "coalesce(agent_type, '')", columns: []string{"agent_type"}},
	"agent":      {sql: "coalesce(assigned_agent, '')", columns: []string{"assigned_agent"}},
	"assignee":   {sql: "coalesce(assignee, '')", columns: []string{"assignee"}},
	"kind":       {sql: "coalesce(kind, '" + plan.DefaultKind + "')", columns: []string{"kind"}},
	"stage":      {sql: "coalesce(stage, '')", columns: []string{"stage"}},
	"priority":   {sql: "cast(priority as text)", columns: []string{"priority"}},
	"resolution": {sql: "case when status in ('completed', 'archived') then " + endedAs + " else '' end", columns: resolutionColumns},
	byLabel:      {},
}

// groupingOf returns the grouping by a field, which may be one of the project's
// own: tasks of one value are looked at for how it is written.
func groupingOf(field string) grouping {
	if name, own := query.OwnName(field); own {
		return grouping{sql: "coalesce(" + ownValueOf(name) + ", '')", some: "min(t.id)"}
	}
	return groupings[field]
}

const byLabel = "label"

// Groupings returns the names of the fields that tasks can be counted by.
func Groupings() []string {
	return []string{"status", "epic", "feature", "type", "agent", "assignee", "kind", "stage", "priority", "resolution", byLabel}
}

// CountAll counts the tasks of the filter, all of them.
func (tx *Tx) CountAll(f TaskFilter) (n int, err error) {
	groups, err := tx.CountBy("", f)
	for _, g := range groups {
		n += g.Count
	}
	return n, err
}

// CountBy counts the tasks of the filter for each value of a field, in any
// order; for the empty name all together. A task with several labels counts for
// each of them, and so do those of its feature and its epic. What the plan
// keeps counts of is read from these.
func (tx *Tx) CountBy(field string, f TaskFilter) ([]TaskGroup, error) {
	f.Sort, f.Descending, f.Then, f.After, f.Limit = ByKey, false, "", nil, 1
	l, err := tx.List(f)
	if err != nil || l.s.empty {
		return nil, err
	}
	if groups, kept, err := l.keptCounts(field); kept || err != nil {
		return groups, err
	}
	by := groupingOf(field)
	if field == byLabel {
		return l.countLabels()
	}
	var w where
	from, err := l.source(&w, by.columns)
	if err != nil {
		return nil, err
	}
	value := cmp.Or(by.sql, "''")
	groups, err := l.groups("select "+value+", count(*), "+cmp.Or(by.some, "0")+" from "+from+" group by 1", w.args)
	return by.keys(groups), err
}

// keys puts the keys of epics or features in the place of ordinals.
func (by grouping) keys(groups []TaskGroup) []TaskGroup {
	for i := range groups {
		if n, err := strconv.ParseInt(groups[i].Value, 10, 64); by.per > 0 && err == nil {
			groups[i].Value = plan.KeyOf(n * by.per).String()
		}
	}
	return groups
}

// WriteGroups has groups by a custom field say their values as the tasks have
// them, of what differs only in case one of them.
func (tx *Tx) WriteGroups(field string, groups []TaskGroup) error {
	name, own := query.OwnName(field)
	if !own {
		return nil
	}
	keys := make([]plan.Key, len(groups))
	for i, g := range groups {
		keys[i] = plan.KeyOf(g.some)
	}
	tasks, err := tx.TasksOf(keys)
	written := make(map[int64]string, len(tasks))
	for _, t := range tasks {
		written[t.ID] = t.Fields[name].String()
	}
	for i, g := range groups {
		groups[i].Value = written[g.some]
	}
	return err
}

func (l *Listing) groups(sql string, args []any) ([]TaskGroup, error) {
	return db.List(l.tx.Tx, db.Varying("task.groups", sql), func(g *TaskGroup) []any { return []any{&g.Value, &g.Count, &g.some} }, args...)
}

// source selects, from what finds them at the least cost, the tasks of the list
// as t, with these columns and the id: "(select …) t where …".
func (l *Listing) source(w *where, columns []string) (string, error) {
	for _, c := range append(columnsOf(l.s.allTests()), "id") {
		if !slices.Contains(columns, c) {
			columns = append(slices.Clip(columns), c)
		}
	}
	way, _, err := l.cheapest(l.bounds.many)
	if err != nil {
		return "", err
	}
	if way != nil {
		return "(" + way.rows(w, l.tx.engine, columns) + " limit " + w.arg(int64(allRows)) + ") t" + testsOf(w, l.s.testsBut(way.sees)), nil
	}
	var b base
	for _, index := range []string{"idx_tasks_status", "idx_tasks_status_created_at"} {
		if b.index == "" && holds(index, columns) {
			b = base{index: index, streams: l.s.statusStreams(nil), sees: []string{"status"}}
		}
	}
	return "(" + b.union(w, l, columns, 0) + ") t" + testsOf(w, l.s.testsIn(b)), nil
}

// labelled selects the labels of tasks, and those of features and epics for each
// task in them: folded, as written, and the id of the task.
var labelled = fmt.Sprintf(`select a.folded, a.label, a.item_id as id from labels a where a.item_id %% %[1]d <> 0
	union all select a.folded, a.label, u.id from labels a cross join tasks u
	where a.item_id %% %[1]d = 0 and u.id between a.item_id + 1 and a.item_id + case when a.item_id %% %[2]d = 0 then %[2]d - 1 else %[1]d - 1 end`, tasksPerFeature, tasksPerEpic)

// countLabels counts by label: of few tasks their labels are looked up, of many
// the tasks of each label.
func (l *Listing) countLabels() ([]TaskGroup, error) {
	var w where
	way, _, err := l.cheapest(l.bounds.count)
	if err != nil {
		return nil, err
	}
	from := "(" + labelled + ") t"
	switch {
	case way != nil:
		from = "(select * from (" + way.rows(&w, l.tx.engine, l.columns(way)) + " limit " + w.arg(int64(allRows)) + ") t" + testsOf(&w, l.s.testsBut(way.sees)) +
			") t cross join labels a where " + fmt.Sprintf("a.item_id in (t.id, "+featureOf+", "+epicOf+")", "t.id")
	case len(l.s.allTests()) > 0:
		from = "(" + labelled + ") a cross join tasks t" + testsOf(&w, append(l.s.allTests(), test{sql: plain("t.id = a.id")}))
	}
	return l.groups("select min(label), count(distinct t.id), 0 from "+from+" group by folded", w.args)
}

// keptCounts returns the counts that the plan keeps: those by status, of all
// tasks or of an epic, together or each, and those of each epic.
func (l *Listing) keptCounts(field string) (groups []TaskGroup, kept bool, err error) {
	s := l.s
	var epic plan.Key
	if !s.ids.all() {
		if len(s.ids) != 1 || s.ids[0].from < 1 {
			return nil, false, nil
		}
		epic = plan.KeyOf(s.ids[0].from)
		if first, last := epic.Range(); epic.Level() != plan.LevelEpic || s.ids[0] != (interval{first, last}) {
			return nil, false, nil
		}
	}
	if len(s.testsBut([]string{"status", "id"})) > 0 {
		return nil, false, nil
	}
	switch field {
	case "", "status":
		t, err := l.tx.counts(epic)
		for _, status := range s.statuses {
			groups = append(groups, TaskGroup{Value: string(status), Count: t.of(status)})
		}
		return slices.DeleteFunc(groups, func(g TaskGroup) bool { return g.Count == 0 }), true, err
	case "epic":
		first, last := tasksPerEpic, int64(allRows)
		if !epic.IsZero() {
			first, last = epic.Ordinal(), epic.Ordinal()+maxSlots-1
		}
		sum := "cast(sum(" + strings.Join(words(s.statuses), " + ") + ") as bigint)"
		sql := fmt.Sprintf("select cast(id / %d as text), %s, 0 from task_counts where id between $1 and $2 group by 1 having %s > 0", tasksPerEpic, sum, sum)
		groups, err := l.groups(sql, []any{first, last})
		return groupings["epic"].keys(groups), true, err
	}
	return nil, false, nil
}

// of returns how many tasks have the status.
func (t tally) of(status plan.TaskStatus) int {
	return t[slices.Index(countNames[:], string(status))]
}
