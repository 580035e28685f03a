package store

import (
	"strings"

	"pm/internal/plan"
)

// A Sort is an order of tasks. Every order ends in the key's, so that a page
// has one place to go on from.
type Sort string

const (
	ByKey      Sort = "key"
	ByPriority Sort = "priority" // most urgent first
	ByCreated  Sort = "created"  // oldest first
	ByUpdated  Sort = "updated"  // oldest first
)

// Sorts lists the orders; each may have a "-" before it, which reverses it.
func Sorts() []Sort { return []Sort{ByKey, ByPriority, ByCreated, ByUpdated} }

// A TaskFilter says which tasks to list, in which order and from where on.
type TaskFilter struct {
	Under       plan.Key // an epic or a feature; zero: all
	Statuses    []plan.TaskStatus
	AgentTypes  []string
	Agents      []string
	MaxPriority int    // this and more urgent; 0: all
	Ready       bool   // only those that can be claimed
	Text        string // contained in title or description, ASCII letters in any case
	Sort        Sort
	Descending  bool
	After       *plan.Task // the last task of the page before, of which key and the sorted field are looked at
	Limit       int        // 0: all
}

func (f TaskFilter) where() *where {
	var w where
	if !f.Under.IsZero() {
		first, last := f.Under.Range()
		w.add("id between " + w.arg(first) + " and " + w.arg(last))
	}
	in(&w, "status", f.Statuses)
	in(&w, "agent_type", f.AgentTypes)
	in(&w, "assigned_agent", f.Agents)
	if f.MaxPriority > 0 {
		w.add("priority <= " + w.arg(f.MaxPriority))
	}
	if f.Ready {
		w.add(readyTerms)
	}
	if f.Text != "" {
		// Both engines fold the ASCII letters only, in lower() under these
		// collations; like differs in what it folds.
		needle := w.arg(lowerASCII(f.Text))
		w.add("(replace(lower(title), " + needle + ", '') <> lower(title) or replace(lower(description), " + needle + ", '') <> lower(description))")
	}
	f.after(&w)
	return &w
}

// after starts the page behind the last task of the one before.
func (f TaskFilter) after(w *where) {
	if f.After == nil {
		return
	}
	t, than := f.After, " > "
	if f.Descending {
		than = " < "
	}
	id := w.arg(t.Key.Ordinal())
	switch f.Sort {
	case ByPriority:
		w.add("(priority, id)" + than + "(" + w.arg(t.Priority) + ", " + id + ")")
	case ByCreated:
		w.add("(created_at, id)" + than + "(" + w.arg(stamp{&t.CreatedAt}) + ", " + id + ")")
	case ByUpdated:
		w.add("(updated_at, id)" + than + "(" + w.arg(stamp{&t.UpdatedAt}) + ", " + id + ")")
	default:
		w.add("id" + than + id)
	}
}

func (f TaskFilter) order() string {
	by := map[Sort][]string{ByPriority: {"priority", "id"}, ByCreated: {"created_at", "id"}, ByUpdated: {"updated_at", "id"}}[f.Sort]
	if by == nil {
		by = []string{"id"}
	}
	if f.Descending {
		return strings.Join(by, " desc, ") + " desc"
	}
	return strings.Join(by, ", ")
}

// Tasks lists tasks, with their dependencies.
func (tx *Tx) Tasks(f TaskFilter) ([]plan.Task, error) {
	w := f.where()
	sql := "select " + taskColumns.of("") + " from tasks" + w.sql() + " order by " + f.order()
	if f.Limit > 0 {
		sql += " limit " + w.arg(f.Limit)
	}
	ts, err := tx.tasks(stmt{"task.list", sql}, w.args...)
	if err != nil {
		return nil, err
	}
	return ts, tx.LoadDependencies(ts)
}

// CountTo counts the tasks of the filter, up to most: a larger number means
// that there are more.
func (tx *Tx) CountTo(f TaskFilter, most int) (int, error) {
	w := f.where()
	return tx.count(stmt{"task.count", "select count(*) from (select 1 from tasks" + w.sql() + " limit " + w.arg(most+1) + ") counted"}, w.args...)
}

func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// A PlanFilter says which epics or features to list, in the order of their keys.
type PlanFilter struct {
	Under    plan.Key // of features: the epic; zero: all
	Statuses []plan.PlanStatus
	After    plan.Key // only what comes behind it
	Limit    int      // 0: all
}

func (f PlanFilter) where() *where {
	var w where
	if !f.Under.IsZero() {
		w.add("epic_id = " + w.arg(f.Under.Ordinal()))
	}
	in(&w, "status", f.Statuses)
	if !f.After.IsZero() {
		w.add("id > " + w.arg(f.After.Ordinal()))
	}
	return &w
}

func (f PlanFilter) tail(w *where) string {
	sql := w.sql() + " order by id"
	if f.Limit > 0 {
		sql += " limit " + w.arg(f.Limit)
	}
	return sql
}

// Epics lists epics.
func (tx *Tx) Epics(f PlanFilter) ([]plan.Epic, error) {
	w := f.where()
	es, err := list(tx, stmt{"epic.list", "select " + epicColumns.of("") + " from epics" + f.tail(w)}, epicFields, w.args...)
	for i, e := range es {
		es[i].ProgressPct = plan.Progress(e.TasksCompleted, e.TasksTotal)
	}
	return es, err
}

// Features lists features.
func (tx *Tx) Features(f PlanFilter) ([]plan.Feature, error) {
	w := f.where()
	fs, err := list(tx, stmt{"feature.list", "select " + featureColumns.of("") + " from features" + f.tail(w)}, featureFields, w.args...)
	for i := range fs {
		fs[i].EpicKey = fs[i].Key.EpicKey()
	}
	return fs, err
}

// CountEpicsTo and CountFeaturesTo count up to most: a larger number means
// that there are more.
func (tx *Tx) CountEpicsTo(f PlanFilter, most int) (int, error) {
	return tx.countPlan("epics", f, most)
}

func (tx *Tx) CountFeaturesTo(f PlanFilter, most int) (int, error) {
	return tx.countPlan("features", f, most)
}

func (tx *Tx) countPlan(table string, f PlanFilter, most int) (int, error) {
	w := f.where()
	return tx.count(stmt{table + ".count", "select count(*) from (select 1 from " + table + w.sql() + " limit " + w.arg(most+1) + ") counted"}, w.args...)
}

// TasksOf returns the tasks with these keys, in the order of their keys,
// without their dependencies. Keys of no task are passed over.
func (tx *Tx) TasksOf(keys []plan.Key) (out []plan.Task, err error) {
	for from := 0; from < len(keys); from += maxIn {
		page := keys[from:min(from+maxIn, len(keys))]
		ids := make([]any, len(page))
		for i, k := range page {
			ids[i] = k.Ordinal()
		}
		ts, err := tx.tasks(stmt{"task.of_keys", "select " + taskColumns.of("") + " from tasks where id in (" + placeholders(1, len(ids)) + ") order by id"}, ids...)
		if err != nil {
			return nil, err
		}
		out = append(out, ts...)
	}
	return out, nil
}
