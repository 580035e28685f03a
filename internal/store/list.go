package store

import (
	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/query"
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
// All its conditions must hold.
type TaskFilter struct {
	Under       plan.Key // an epic or a feature; zero: all
	Statuses    []plan.TaskStatus
	AgentTypes  []string
	Agents      []string
	Session     *string // of the holder, empty for none; nil: any
	MaxPriority int     // this and more urgent; 0: all
	Ready       bool    // only those that can be claimed
	Terms       []query.Term
	Words       []Word   // in title or description
	NotWords    [][]Word // none of these together
	Sort        Sort
	Descending  bool
	After       *plan.Task // the last task of the page before, of which key and the sorted field are looked at
	Limit       int        // 0: all
}

// Tasks lists tasks, with their dependencies.
func (tx *Tx) Tasks(f TaskFilter) ([]plan.Task, error) {
	l, err := tx.List(f)
	if err != nil {
		return nil, err
	}
	ts, err := l.Tasks()
	if err != nil {
		return nil, err
	}
	return ts, tx.LoadDependencies(ts)
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
	es, err := db.List(tx.Tx, db.Named("epic.list", "select "+epicColumns+" from epics"+f.tail(w)), epicFields, w.args...)
	for i, e := range es {
		es[i].ProgressPct = plan.Progress(e.TasksCompleted, e.TasksTotal)
	}
	return es, err
}

// Features lists features.
func (tx *Tx) Features(f PlanFilter) ([]plan.Feature, error) {
	w := f.where()
	fs, err := db.List(tx.Tx, db.Named("feature.list", "select "+featureColumns+" from features"+f.tail(w)), featureFields, w.args...)
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
	return tx.Count(db.Named(table+".count", "select count(*) from (select 1 from "+table+w.sql()+" limit "+w.arg(most+1)+") counted"), w.args...)
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
		ts, err := tx.tasks(db.Named("task.of_keys", "select "+taskColumns+" from tasks where id in ("+tx.engine.Marks(len(ids))+") order by id"), ids...)
		if err != nil {
			return nil, err
		}
		out = append(out, ts...)
	}
	return out, nil
}
