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
	ByPlace    Sort = "position" // in the order of the plan: that of creation, but for what was moved
	ByDefer    Sort = "defer"    // what can be begun earliest first; those that are not deferred as with ByDue
	ByEstimate Sort = "estimate" // smallest first; those without one as with ByDue
	ByStage    Sort = "stage"    // as they come in the line; those that are in none at the end, in either direction
	ByDue      Sort = "due"      // earliest first; those without a due date at the end, by key, in either direction
)

// Sorts lists the orders; each may have a "-" before it, which reverses it.
func Sorts() []Sort {
	return []Sort{ByKey, ByPriority, ByCreated, ByUpdated, ByDue, ByDefer, ByEstimate, ByPlace, ByStage}
}

// A Condition is what must hold of a task: all its terms, all its words, and of
// each group of alternatives one.
type Condition struct {
	Terms    []query.Term
	Words    []Word        // in title or description
	NotWords [][]Word      // none of these together
	Groups   [][]Condition // of alternatives
}

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
	Condition
	Sort           Sort
	Descending     bool
	Then           Sort // the order of what is equal in the first; empty: by key, in the direction of the first
	ThenDescending bool
	After          *plan.Task // the last task of the page before, of which key and the sorted fields are looked at
	Limit          int        // 0: all

	own    map[string]plan.CustomField // what the project has declared, for an order by one
	valued bool                        // only those that have a value of the own field that they are sorted by
	lacked map[string]choice           // of columns that tasks may lack: those without it or those with it; not there: both
	same   []value                     // only those with these values of such columns
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
	return ts, tx.LoadBeside(ts)
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

func (f PlanFilter) epics() (db.Stmt, []any) {
	w := f.where()
	return db.Named("epic.list", "select "+epicColumns+" from epics"+f.tail(w)), w.args
}

func (f PlanFilter) features() (db.Stmt, []any) {
	w := f.where()
	return db.Named("feature.list", "select "+featureColumns+" from features"+f.tail(w)), w.args
}

// Epics lists epics.
func (tx *Tx) Epics(f PlanFilter) (all []plan.Epic, err error) {
	err = tx.EachEpic(f, func(es []plan.Epic) error { all = append(all, es...); return nil })
	return all, err
}

// EachEpic calls do with the epics of the filter, in parts.
func (tx *Tx) EachEpic(f PlanFilter, do func([]plan.Epic) error) error {
	return eachOf(f, tx.epicPart, func(e plan.Epic) plan.Key { return e.Key }, do)
}

// eachOf calls do with part after part of the filter.
func eachOf[T any](f PlanFilter, part func(PlanFilter) ([]T, bool, error), keyOf func(T) plan.Key, do func([]T) error) error {
	left := f.Limit
	for {
		if f.Limit = PartRows; left > 0 {
			f.Limit = min(left, PartRows)
		}
		items, more, err := part(f)
		if err != nil || len(items) == 0 {
			return err
		}
		if err := do(items); err != nil || !more || left == len(items) {
			return err
		}
		if left > 0 {
			left -= len(items)
		}
		f.After = keyOf(items[len(items)-1])
	}
}

// EpicStream returns the epics of the filter, but for its limit.
func (tx *Tx) EpicStream(f PlanFilter) *Stream[plan.Epic] {
	f.Limit = PartRows
	return following(func(after *plan.Epic) ([]plan.Epic, bool, error) {
		if after != nil {
			f.After = after.Key
		}
		return tx.epicPart(f)
	})
}

func (tx *Tx) epicPart(f PlanFilter) ([]plan.Epic, bool, error) {
	s, args := f.epics()
	es, cut, err := firstPart(tx, s, epicFields, epicSize, args...)
	if err == nil {
		err = tx.loadEpicWords(es)
	}
	return derivedEpics(es), cut || len(es) == f.Limit, err
}

// derivedEpics fills in what follows from the columns.
func derivedEpics(es []plan.Epic) []plan.Epic {
	for i, e := range es {
		es[i].ProgressPct = plan.Progress(e.TasksCompleted, e.TasksTotal)
	}
	return es
}

// Features lists features.
func (tx *Tx) Features(f PlanFilter) (all []plan.Feature, err error) {
	err = tx.EachFeature(f, func(fs []plan.Feature) error { all = append(all, fs...); return nil })
	return all, err
}

// EachFeature calls do with the features of the filter, in parts.
func (tx *Tx) EachFeature(f PlanFilter, do func([]plan.Feature) error) error {
	return eachOf(f, tx.featurePart, func(f plan.Feature) plan.Key { return f.Key }, do)
}

// FeatureStream returns the features of the filter, but for its limit.
func (tx *Tx) FeatureStream(f PlanFilter) *Stream[plan.Feature] {
	f.Limit = PartRows
	return following(func(after *plan.Feature) ([]plan.Feature, bool, error) {
		if after != nil {
			f.After = after.Key
		}
		return tx.featurePart(f)
	})
}

func (tx *Tx) featurePart(f PlanFilter) ([]plan.Feature, bool, error) {
	s, args := f.features()
	fs, cut, err := firstPart(tx, s, featureFields, featureSize, args...)
	if err == nil {
		err = tx.loadFeatureWords(fs)
	}
	return derivedFeatures(fs), cut || len(fs) == f.Limit, err
}

// derivedFeatures fills in what follows from the columns.
func derivedFeatures(fs []plan.Feature) []plan.Feature {
	for i := range fs {
		fs[i].EpicKey = fs[i].Key.EpicKey()
	}
	return fs
}

// TaskStream returns the tasks of the filter, but for its limit, with their
// dependencies.
func (tx *Tx) TaskStream(f TaskFilter) *Stream[plan.Task] {
	f.Limit = PartRows
	return following(func(after *plan.Task) ([]plan.Task, bool, error) {
		if after != nil {
			f.After = after
		}
		return tx.taskPart(f)
	})
}

// taskPart returns the first tasks of the filter with what is beside them, and
// whether there can be more.
func (tx *Tx) taskPart(f TaskFilter) (ts []plan.Task, more bool, err error) {
	l, err := tx.List(f)
	if err != nil {
		return nil, false, err
	}
	ts, cut, err := l.Part()
	if err != nil {
		return nil, false, err
	}
	return ts, cut || len(ts) == f.Limit, tx.LoadBeside(ts)
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
		ids := ordinals(page)
		ts, err := tx.tasks(db.Named("task.of_keys", "select "+taskColumns+" from tasks where id in ("+tx.engine.Marks(len(ids))+") order by id"), ids...)
		if err != nil {
			return nil, err
		}
		out = append(out, ts...)
	}
	return out, nil
}
