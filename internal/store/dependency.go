package store

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strconv"

	"pm/internal/db"
	"pm/internal/plan"
)

var (
	dependencyInsert = db.Named("dependency.insert", `insert into task_dependencies (task_id, depends_on_id) values ($1, $2) on conflict do nothing`)
	dependencyDelete = db.Named("dependency.delete", `delete from task_dependencies where task_id = $1 and depends_on_id = $2`)
	dependencyKeys   = `select task_id, depends_on_id from task_dependencies where task_id in (`
	dependencyPage   = db.Named("dependency.of_page", `select task_id, depends_on_id from task_dependencies where task_id between $1 and $2
		order by task_id, depends_on_id limit $3`)
	dependencyOne  = db.Named("dependency.of_one", `select task_id, depends_on_id from task_dependencies where task_id = $1 order by depends_on_id`)
	dependencyTo   = db.Named("dependency.of", `select depends_on_id from task_dependencies where task_id = $1 order by depends_on_id`)
	dependencyFrom = db.Named("dependency.dependants", `select task_id from task_dependencies where depends_on_id = $1 order by task_id`)
	dependencyInto = db.Named("dependency.into_range", `select task_id, depends_on_id from task_dependencies
		where depends_on_id between $1 and $2 and task_id not between $1 and $2 order by task_id, depends_on_id`)
	dependencyUnder = db.Named("dependency.from_range", `select task_id, depends_on_id from task_dependencies where task_id between $1 and $2 order by task_id, depends_on_id`)
	// The way from one task to another along dependencies; depth keeps the
	// text the same on both engines, where paths cannot be arrays.
	dependencyReach = db.Named("dependency.reach", `with recursive reach (id) as (
		select depends_on_id from task_dependencies where task_id = $1
		union select d.depends_on_id from task_dependencies d join reach r on d.task_id = r.id)
		select count(*) from reach where id = $2`)
	openAdd = db.Named("task.add_open_dependencies", `update tasks set open_dependencies = open_dependencies + $2 where id = $1 `+opened)
	openAll = db.Named("task.add_open_to_dependants", `update tasks set open_dependencies = open_dependencies + $2
		where id in (select task_id from task_dependencies where depends_on_id = $1) `+opened)
)

// opened is what counting needs to know of a task whose number of open
// dependencies has changed.
const opened = `returning id, status, offered, open_dependencies, deferred`

// An Edge says that Task depends on DependsOn.
type Edge struct{ Task, DependsOn plan.Key }

func edgeFields(e *Edge) []any { return []any{subject{&e.Task}, subject{&e.DependsOn}} }

// AddDependency adds the edge; added is false if it was there. The number of
// open dependencies is not touched.
func (tx *Tx) AddDependency(e Edge) (added bool, err error) {
	n, err := tx.Exec(dependencyInsert, e.Task.Ordinal(), e.DependsOn.Ordinal())
	return n > 0, err
}

var dependencyInsertion = db.Insertion{Name: "dependency.insert_many", Table: "task_dependencies", Columns: "task_id, depends_on_id"}

// bulkEdges is how many edges one statement inserts.
const bulkEdges = 200

// AddDependencies adds edges of which none is there.
func (tx *Tx) AddDependencies(edges iter.Seq[Edge]) error {
	b := db.NewBatch(dependencyInsertion, bulkEdges)
	for e := range edges {
		b.Add(e.Task.Ordinal(), []any{e.DependsOn.Ordinal()})
		if err := b.Flush(tx.Tx, false); err != nil {
			return err
		}
	}
	return b.Flush(tx.Tx, true)
}

// RemoveDependency removes the edge; removed is false if it was not there.
func (tx *Tx) RemoveDependency(e Edge) (removed bool, err error) {
	n, err := tx.Exec(dependencyDelete, e.Task.Ordinal(), e.DependsOn.Ordinal())
	return n > 0, err
}

// AddOpen adds n to the number of open dependencies of a task.
func (tx *Tx) AddOpen(task plan.Key, n int) error {
	return tx.addOpen(openAdd, task, n)
}

// AddOpenToDependants adds n to the number of open dependencies of every task
// that depends on k.
func (tx *Tx) AddOpenToDependants(k plan.Key, n int) error {
	if tx.progress == nil {
		return tx.addOpen(openAll, k, n)
	}
	tasks, err := tx.DependantsOf(k)
	switch {
	case err != nil:
		return err
	case len(tasks) <= manyItems: // of one of many that are counted
		return tx.addOpen(openAll, k, n)
	}
	return tx.addOpenInSteps(tasks, n)
}

// An Opened is AddOpen for many tasks that this transaction has added or locked:
// those with the same number in one statement.
type Opened struct {
	tx *Tx
	by map[int][]any // ids that wait
}

// NewOpened returns an empty Opened.
func (tx *Tx) NewOpened() *Opened { return &Opened{tx, map[int][]any{}} }

// Add adds n to the number of open dependencies of a task, at the latest with
// Flush.
func (o *Opened) Add(task plan.Key, n int) error {
	if n == 0 {
		return nil
	}
	o.by[n] = append(o.by[n], task.Ordinal())
	if len(o.by[n]) < maxIn {
		return nil
	}
	return o.flush(n)
}

// Flush adds what waits.
func (o *Opened) Flush() error {
	for _, n := range slices.Sorted(maps.Keys(o.by)) {
		if err := o.flush(n); err != nil {
			return err
		}
	}
	return nil
}

func (o *Opened) flush(n int) error {
	ids := o.by[n]
	if len(ids) == 0 {
		return nil
	}
	s := db.Named("task.add_open_to_each", "update tasks set open_dependencies = open_dependencies + "+strconv.Itoa(n)+
		" where id in ("+o.tx.engine.Marks(len(ids))+") "+opened)
	o.by[n] = ids[:0]
	return o.tx.countOpened(s, n, ids...)
}

func (tx *Tx) addOpen(s db.Stmt, k plan.Key, n int) error {
	return tx.countOpened(s, n, k.Ordinal(), n)
}

// countOpened runs a statement that adds n to the open dependencies of tasks,
// and counts them anew.
func (tx *Tx) countOpened(s db.Stmt, n int, args ...any) error {
	return tx.countAnew(s, func(t *plan.Task) {
		if n < 0 && isReady(*t) {
			tx.readied = append(tx.readied, t.Key)
		}
		t.OpenDependencies -= n
	}, args...)
}

// DependenciesOf returns the keys of the tasks that k depends on, in order.
func (tx *Tx) DependenciesOf(k plan.Key) ([]plan.Key, error) {
	return db.List(tx.Tx, dependencyTo, func(k *plan.Key) []any { return []any{subject{k}} }, k.Ordinal())
}

// DependantsOf returns the keys of the tasks that depend on k, in order.
func (tx *Tx) DependantsOf(k plan.Key) ([]plan.Key, error) {
	return db.List(tx.Tx, dependencyFrom, func(k *plan.Key) []any { return []any{subject{k}} }, k.Ordinal())
}

// EdgesInto returns the edges from tasks that do not lie under k to tasks that do.
func (tx *Tx) EdgesInto(k plan.Key) ([]Edge, error) {
	first, last := k.Range()
	return db.List(tx.Tx, dependencyInto, edgeFields, first, last)
}

// EdgesFrom returns the edges from tasks under k, or from the task k.
func (tx *Tx) EdgesFrom(k plan.Key) ([]Edge, error) {
	first, last := k.Range()
	return db.List(tx.Tx, dependencyUnder, edgeFields, first, last)
}

// Reaches reports whether from depends on to, directly or through others.
func (tx *Tx) Reaches(from, to plan.Key) (bool, error) {
	n, err := tx.Count(dependencyReach, from.Ordinal(), to.Ordinal())
	return n > 0, err
}

// maxIn bounds the values of one "in (…)".
const maxIn = 500

// LoadBeside fills in what tasks have beside their rows: dependencies, labels
// and references.
func (tx *Tx) LoadBeside(ts []plan.Task) error {
	if err := tx.LoadDependencies(ts); err != nil {
		return err
	}
	return tx.loadTaskWords(ts)
}

// LoadDependencies fills in DependsOn of the tasks, for all of them at once.
func (tx *Tx) LoadDependencies(ts []plan.Task) error {
	at := make(map[plan.Key]int, len(ts))
	ids := make([]int64, len(ts))
	for i := range ts {
		at[ts[i].Key], ids[i] = i, ts[i].ID
		ts[i].DependsOn = nil
	}
	along := sortIDs(ids)
	for page := range slices.Chunk(ids, maxIn) {
		edges, err := tx.dependenciesOf(page, along)
		if err != nil {
			return err
		}
		for _, e := range edges {
			if i, asked := at[e.Task]; asked {
				ts[i].DependsOn = append(ts[i].DependsOn, e.DependsOn)
			}
		}
	}
	return nil
}

// besideAll is how many rows to read along for each item where these follow
// each other.
const besideAll = 4

// sortIDs sorts the ids of listed items, and returns how many rows of a table
// beside to read along for each: none where the list is in another order than
// that of the keys, in which much lies between the items.
func sortIDs(ids []int64) (along int) {
	if slices.IsSorted(ids) || slices.IsSortedFunc(ids, func(a, b int64) int { return cmp.Compare(b, a) }) {
		along = besideAll
	}
	slices.Sort(ids)
	return along
}

// dependenciesOf returns the edges from tasks, whose ids are in order, and may
// return those of tasks between them: to read a few edges in vain is quicker
// than to parse a text that names many tasks. It is that text for tasks with
// much between them.
func (tx *Tx) dependenciesOf(ids []int64, along int) ([]Edge, error) {
	if len(ids) == 1 {
		return db.List(tx.Tx, dependencyOne, edgeFields, ids[0])
	}
	most := along*len(ids) + 16
	edges, err := db.List(tx.Tx, dependencyPage, edgeFields, ids[0], ids[len(ids)-1], most)
	if err != nil || len(edges) < most {
		return edges, err
	}
	return db.List(tx.Tx, db.Named("dependency.of_keys", dependencyKeys+tx.engine.Marks(len(ids))+`) order by task_id, depends_on_id`), edgeFields, anyIDs(ids)...)
}
