package store

import (
	"maps"
	"slices"

	"pm/internal/db"
	"pm/internal/plan"
)

// What waits for a whole feature or epic: tasks, features and epics. A feature or
// an epic is over once it is completed or archived, or all its tasks are
// completed, if it has any. How many of those that it waits for are not over
// stands with each item, by difference, as with tasks that wait for tasks. Of a
// feature or an epic that waits no task is offered.

var (
	levelInsert = db.Named("level.insert", `insert into plan_dependencies (item_id, depends_on_id) values ($1, $2) on conflict do nothing`)
	levelDelete = db.Named("level.delete", `delete from plan_dependencies where item_id = $1 and depends_on_id = $2`)
	levelOf     = db.Named("level.of", `select depends_on_id from plan_dependencies where item_id = $1 order by depends_on_id`)
	levelOnto   = db.Named("level.onto", `select item_id from plan_dependencies where depends_on_id = $1 order by item_id`)
	levelFrom   = db.Named("level.from_range", `select item_id, depends_on_id from plan_dependencies where item_id between $1 and $2 order by item_id, depends_on_id`)
	levelInto   = db.Named("level.into_range", `select item_id, depends_on_id from plan_dependencies where depends_on_id between $1 and $2 order by depends_on_id, item_id`)
	levelAny    = db.Named("level.any", `select count(*) from (select 1 from plan_dependencies limit 1) x`)
	levelEpics  = db.Named("level.under_epic", `select distinct depends_on_id from plan_dependencies where depends_on_id between $1 and $2 order by depends_on_id`)
	levelUnder  = db.Named("level.delete_under", `delete from plan_dependencies where item_id between $1 and $2`)
	levelOn     = db.Named("level.delete_onto", `delete from plan_dependencies where depends_on_id between $1 and $2`)

	levelTasks  = db.Named("level.add_open_tasks", `update tasks set open_dependencies = open_dependencies + $2 where id in (select item_id from plan_dependencies where depends_on_id = $1) `+opened)
	featureOpen = db.Named("feature.add_open", `update features set open_dependencies = open_dependencies + $2 where id = $1 returning open_dependencies`)
	epicOpen    = db.Named("epic.add_open", `update epics set open_dependencies = open_dependencies + $2 where id = $1 returning open_dependencies`)
	featureOver = db.Named("feature.over", `select f.status, e.status, f.tasks_total, f.tasks_completed from features f join epics e on e.id = f.epic_id where f.id = $1`)
	epicOver    = db.Named("epic.over", `select status, status, tasks_total, tasks_completed from epics where id = $1`)
)

// IsLevel reports whether an edge leads to a feature or an epic, or from one.
func (e Edge) IsLevel() bool {
	return e.Task.Level() != plan.LevelTask || e.DependsOn.Level() != plan.LevelTask
}

// AddLevelEdge adds an edge to a feature or an epic; added is false if it was
// there. The number of open dependencies is not touched: whether the end is over
// counts as it is now.
func (tx *Tx) AddLevelEdge(e Edge) (added bool, err error) {
	if err := tx.SaveLevels(); err != nil {
		return false, err
	}
	n, err := tx.Exec(levelInsert, e.Task.Ordinal(), e.DependsOn.Ordinal())
	return n > 0, err
}

// RemoveLevelEdge removes the edge; removed is false if it was not there.
func (tx *Tx) RemoveLevelEdge(e Edge) (removed bool, err error) {
	if err := tx.SaveLevels(); err != nil {
		return false, err
	}
	n, err := tx.Exec(levelDelete, e.Task.Ordinal(), e.DependsOn.Ordinal())
	return n > 0, err
}

// LevelsOf returns the features and epics that an item waits for, in order.
func (tx *Tx) LevelsOf(k plan.Key) ([]plan.Key, error) {
	return db.List(tx.Tx, levelOf, func(k *plan.Key) []any { return []any{subject{k}} }, k.Ordinal())
}

// LevelDependants returns the items that wait for a feature or an epic, in order.
func (tx *Tx) LevelDependants(k plan.Key) ([]plan.Key, error) {
	return db.List(tx.Tx, levelOnto, func(k *plan.Key) []any { return []any{subject{k}} }, k.Ordinal())
}

// LevelEdgesFrom returns the edges from k and from what lies under it.
func (tx *Tx) LevelEdgesFrom(k plan.Key) ([]Edge, error) {
	first, last := k.Range()
	return db.List(tx.Tx, levelFrom, edgeFields, first, last)
}

// LevelEdgesInto returns the edges to k and to what lies under it.
func (tx *Tx) LevelEdgesInto(k plan.Key) ([]Edge, error) {
	first, last := k.Range()
	return db.List(tx.Tx, levelInto, edgeFields, first, last)
}

// HasLevelEdges reports whether anything waits for a feature or an epic.
func (tx *Tx) HasLevelEdges() (bool, error) {
	n, err := tx.Count(levelAny)
	return n > 0, err
}

// A progress is what decides whether a feature or an epic is over.
type progress struct {
	status, above    plan.PlanStatus // above: of the epic
	total, completed int
}

func (p progress) over() bool {
	return p.status.Closed() || p.above.Closed() || p.total > 0 && p.completed == p.total
}

// Over reports whether nobody waits for a feature or an epic any more. What is
// not there is over.
func (tx *Tx) Over(k plan.Key) (bool, error) {
	p, found, err := tx.progressOf(k)
	return !found || p.over(), err
}

func (tx *Tx) progressOf(k plan.Key) (p progress, found bool, err error) {
	s := epicOver
	if k.Level() == plan.LevelFeature {
		s = featureOver
	}
	found, err = tx.ScanOne(s, []any{&p.status, &p.above, &p.total, &p.completed}, k.Ordinal())
	return p, found, err
}

// touch notes that a feature or an epic may be over at the end of the
// transaction, or no more, and whether it was before.
func (tx *Tx) touch(k plan.Key, wasOver bool) {
	if tx.levels == nil {
		tx.levels = map[plan.Key]bool{}
	}
	if _, noted := tx.levels[k]; !noted {
		tx.levels[k] = wasOver
	}
}

// touchCounted is touch after counts were added. What is closed, or lies in an epic
// that is, was over however many of its tasks were done.
func (tx *Tx) touchCounted(k plan.Key, total, completed int, d Sums) error {
	was := progress{total: total - d.Total, completed: completed - d.Completed}
	now := progress{total: total, completed: completed}
	if was.over() == now.over() {
		return nil
	}
	p, _, err := tx.progressOf(k)
	p.total, p.completed = was.total, was.completed
	tx.touch(k, p.over())
	return err
}

// TouchClosing notes, before the status of k changes so that it is closed or no
// more, which of those that others wait for under it are over.
func (tx *Tx) TouchClosing(k plan.Key) error {
	first, last := k.Range()
	levels, err := db.List(tx.Tx, levelEpics, func(k *plan.Key) []any { return []any{subject{k}} }, first, last)
	for _, level := range levels {
		over, err := tx.Over(level)
		if err != nil {
			return err
		}
		tx.touch(level, over)
	}
	return err
}

// TouchMoved notes that a feature has another key, and whether it was over under
// the one before.
func (tx *Tx) TouchMoved(k plan.Key, wasOver bool) { tx.touch(k, wasOver) }

// TurnedBy returns which of k and what lies under it is over now, or no more, and
// who outside of k waits for these: SaveLevels has them wait for fewer, or for
// more.
func (tx *Tx) TurnedBy(k plan.Key) (levels, others []plan.Key, err error) {
	for _, level := range inOrder(tx.levels) {
		if !k.Contains(level) {
			continue
		}
		over, err := tx.Over(level)
		var all []plan.Key
		if err == nil && over != tx.levels[level] {
			all, err = tx.LevelDependants(level)
		}
		if err != nil {
			return nil, nil, err
		}
		if all = slices.DeleteFunc(all, k.Contains); len(all) > 0 {
			levels, others = append(levels, level), append(others, all...)
		}
	}
	slices.SortFunc(others, byOrdinal)
	return levels, slices.Compact(others), nil
}

// SaveLevels has those who wait for features and epics that are over now, or no
// more, wait for fewer, or for more.
func (tx *Tx) SaveLevels() error {
	for len(tx.levels) > 0 {
		levels := tx.levels
		tx.levels = nil
		for _, k := range inOrder(levels) {
			over, err := tx.Over(k)
			if err == nil && over != levels[k] {
				err = tx.addOpenOnto(k, map[bool]int{true: -1, false: +1}[over])
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// addOpenOnto adds n to the open dependencies of all that waits for k.
func (tx *Tx) addOpenOnto(k plan.Key, n int) error {
	if err := tx.addOpen(levelTasks, k, n); err != nil {
		return err
	}
	dependants, err := tx.LevelDependants(k)
	for _, d := range dependants {
		if err == nil && d.Level() != plan.LevelTask {
			err = tx.AddOpenLevel(d, n)
		}
	}
	return err
}

// AddOpenLevel adds n to the number of open dependencies of a feature or an
// epic. Its tasks are offered while that is none.
func (tx *Tx) AddOpenLevel(k plan.Key, n int) error {
	s := epicOpen
	if k.Level() == plan.LevelFeature {
		s = featureOpen
	}
	open := 0
	found, err := tx.ScanOne(s, []any{&open}, k.Ordinal(), n)
	if err != nil || !found || (open > 0) == (open-n > 0) {
		return err
	}
	if open == 0 {
		tx.turned = append(tx.turned, k)
	}
	return tx.OfferTasks(k)
}

// openLevels are the edges d to features and epics that are not over.
const openLevels = `plan_dependencies d where (exists (select 1 from features o join epics top on top.id = o.epic_id where o.id = d.depends_on_id
		and o.status not ` + closed + ` and top.status not ` + closed + ` and (o.tasks_total = 0 or o.tasks_completed < o.tasks_total))
	or exists (select 1 from epics o where o.id = d.depends_on_id and o.status not ` + closed + ` and (o.tasks_total = 0 or o.tasks_completed < o.tasks_total)))`

// loadLevels fills in the features and epics that items wait for, behind what
// is there.
func loadLevels[T any](tx *Tx, items []T, of func(*T) (int64, *[]plan.Key)) error {
	at := make(map[int64]*[]plan.Key, len(items))
	ids := make([]int64, len(items))
	for i := range items {
		id, keys := of(&items[i])
		at[id], ids[i] = keys, id
	}
	along := sortIDs(ids)
	for page := range slices.Chunk(ids, maxIn) {
		edges, err := tx.levelsOf(page, along)
		if err != nil {
			return err
		}
		for _, e := range edges {
			if keys := at[e.Task.Ordinal()]; keys != nil {
				*keys = append(*keys, e.DependsOn)
			}
		}
	}
	return nil
}

var levelPage = db.Named("level.of_page", `select item_id, depends_on_id from plan_dependencies where item_id between $1 and $2 order by item_id, depends_on_id limit $3`)

// levelsOf is dependenciesOf for what items wait for as a whole.
func (tx *Tx) levelsOf(ids []int64, along int) ([]Edge, error) {
	most := along*len(ids) + 16
	edges, err := db.List(tx.Tx, levelPage, edgeFields, ids[0], ids[len(ids)-1], most)
	if err != nil || len(edges) < most {
		return edges, err
	}
	return db.List(tx.Tx, db.Named("level.of_keys", "select item_id, depends_on_id from plan_dependencies where item_id in ("+tx.engine.Marks(len(ids))+") order by item_id, depends_on_id"), edgeFields, anyIDs(ids)...)
}

func inOrder(levels map[plan.Key]bool) []plan.Key {
	return slices.SortedFunc(maps.Keys(levels), byOrdinal)
}
