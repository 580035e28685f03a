package store

import (
	"slices"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

// A StatusMove is the entry of a task into a status, as its record has it.
type StatusMove struct {
	Task  int64 // the id
	To    plan.TaskStatus
	Agent string
	At    time.Time
}

const (
	flowColumns = "id, title, status, agent_type, priority, assigned_agent, estimate, open_dependencies, created_at, started_at, completed_at, updated_at"
	flowMoves   = "select task_id, new_status, agent, timestamp from task_history where "
	// That a task was created as todo is in its row.
	flowOrder = " and (old_status <> new_status or old_status is null and new_status <> 'todo') order by task_id, timestamp, id"
)

var (
	flowTasksRange = db.Named("flow.tasks", "select "+flowColumns+" from tasks where id between $1 and $2 order by id")
	flowMovesRange = db.Named("flow.moves", flowMoves+"task_id between $1 and $2"+flowOrder)
)

func flowFields(t *plan.Task) []any {
	return []any{&t.ID, &t.Title, db.Text(&t.Status), db.Text(&t.AgentType), &t.Priority, db.Text(&t.AssignedAgent), db.Number(&t.Estimate), &t.OpenDependencies,
		db.Stamp(&t.CreatedAt), db.NullStamp(&t.StartedAt), db.NullStamp(&t.CompletedAt), db.Stamp(&t.UpdatedAt)}
}

// EachFlow calls task with each task of the filter, in the order of the keys,
// with what says how work flows: those of its columns. It keeps nothing of the
// task. Then it calls move with the moves of these tasks, by task and time. Both
// are read by one statement, and run none.
func (tx *Tx) EachFlow(f TaskFilter, task func(*plan.Task), move func(StatusMove)) error {
	tasks, moves, args, err := tx.flowOf(f)
	if err != nil || tasks.Text == "" {
		return err
	}
	return tx.eachFlow(tasks, flowFields, moves, args, task, move)
}

func (tx *Tx) eachFlow(tasks db.Stmt, fields func(*plan.Task) []any, moves db.Stmt, args []any, task func(*plan.Task), move func(StatusMove)) error {
	if err := tx.walkFlow(tasks, fields, args, task); err != nil {
		return err
	}
	_, err := db.Walk(tx.Tx, moves, func(m *StatusMove) []any {
		return []any{&m.Task, db.Text(&m.To), db.Text(&m.Agent), db.Stamp(&m.At)}
	}, move, args...)
	return err
}

// EachTask is EachFlow without the moves.
func (tx *Tx) EachTask(f TaskFilter, task func(plan.Task)) error {
	tasks, _, args, err := tx.flowOf(f)
	if err != nil || tasks.Text == "" {
		return err
	}
	return tx.walkFlow(tasks, flowFields, args, func(t *plan.Task) { task(*t) })
}

func (tx *Tx) walkFlow(s db.Stmt, fields func(*plan.Task) []any, args []any, task func(*plan.Task)) error {
	_, err := db.WalkAt(tx.Tx, s, fields, func(t *plan.Task) {
		t.Key = plan.KeyOf(t.ID)
		t.FeatureKey, t.EpicKey = t.Key.FeatureKey(), t.Key.EpicKey()
		task(t)
	}, args...)
	return err
}

// flowOf returns the statements that read the tasks of a filter, and their
// moves: by a range of ids, or by what finds the tasks at the least cost. They
// are empty where nothing can match.
func (tx *Tx) flowOf(f TaskFilter) (tasks, moves db.Stmt, args []any, err error) {
	f.Sort, f.Descending, f.Then, f.After, f.Limit = ByKey, false, "", nil, 1
	l, err := tx.List(f)
	if err != nil || l.s.empty {
		return tasks, moves, nil, err
	}
	if len(l.s.testsBut([]string{"id"})) == 0 && len(l.s.ids) == 1 {
		return flowTasksRange, flowMovesRange, []any{l.s.ids[0].from, l.s.ids[0].to}, nil
	}
	var w where
	from, err := l.source(&w, nil)
	if err != nil {
		return tasks, moves, nil, err
	}
	of := "in (select t.id from " + from + ")"
	return db.Named("flow.tasks_of", "select "+flowColumns+" from tasks where id "+of+" order by id"),
		db.Named("flow.moves_of", flowMoves+"task_id "+of+flowOrder), w.args, nil
}

// EdgesBetween returns the edges between tasks whose waiting end has an id
// between first and last.
func (tx *Tx) EdgesBetween(first, last int64) ([]Edge, error) {
	return db.List(tx.Tx, dependencyUnder, edgeFields, first, last)
}

// EdgesOf returns the edges from tasks, by their ids in ascending order.
func (tx *Tx) EdgesOf(ids []int64) (all []Edge, err error) {
	wanted := make(map[int64]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	for page := range slices.Chunk(ids, maxIn) {
		edges, err := tx.dependenciesOf(page, besideAll)
		if err != nil {
			return nil, err
		}
		for _, e := range edges {
			if wanted[e.Task.Ordinal()] {
				all = append(all, e)
			}
		}
	}
	return all, nil
}

// EdgesOnto returns the edges to tasks, by their ids.
func (tx *Tx) EdgesOnto(ids []int64) (all []Edge, err error) {
	for page := range slices.Chunk(ids, maxIn) {
		edges, err := db.List(tx.Tx, db.Named("dependency.onto_keys", dependencyOntoKeys+tx.engine.Marks(len(page))+`) order by depends_on_id, task_id`), edgeFields, anyIDs(page)...)
		if err != nil {
			return nil, err
		}
		all = append(all, edges...)
	}
	return all, nil
}

const dependencyOntoKeys = `select task_id, depends_on_id from task_dependencies where depends_on_id in (`

// LevelEdges returns all edges to a feature or an epic, or from one.
func (tx *Tx) LevelEdges() ([]Edge, error) {
	return db.List(tx.Tx, levelFrom, edgeFields, int64(0), int64(allRows))
}
