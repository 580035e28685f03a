package store

import (
	"cmp"
	"slices"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

// A ReadyFilter says which tasks to look among for the next one.
type ReadyFilter struct {
	Agent     string     // who asks: to nobody else a task that is assigned to them is given
	AgentType string     // tasks of this type and of no type; empty: of every type
	Under     plan.Key   // only tasks under this epic or feature; zero: all
	Not       []plan.Key // but none of these

	route *route // through the stages; nil: they were not looked at yet
}

// A task is ready if either holds: it is todo, or it is held under a lease that
// has run out; and if it is not deferred. next, list --ready, status and prime
// all go by these.
//
// Most ready tasks are found through idx_tasks_ready in the order in which they
// are given out. Those that are assigned have an index of their own, so have those
// that are in a stage, those that were moved in the order of the plan, and those
// that were deferred until a moment that has passed are found by that moment
// until the next claim, which marks them (begin). Each of these terms is
// written as in its partial index, which serves only queries that repeat its
// condition word for word.
const (
	readyTerms    = "status = 'todo' and open_dependencies = 0 and offered = 1 and deferred = 0 and assignee is null and position is null and stage is null"
	readyNow      = "(case when status = 'todo' and open_dependencies = 0 and offered = 1 and deferred = 0 then 1 else 0 end)"
	assignedReady = readyNow + " = 1 and assignee is not null"
	movedNow      = "(case when status = 'todo' and open_dependencies = 0 and offered = 1 and deferred = 0 and assignee is null and stage is null then 1 else 0 end)"
	movedReady    = movedNow + " = 1 and position is not null"
	expiredTerms  = "status = 'in_progress' and lease_until is not null and open_dependencies = 0 and offered = 1"
	readyOrder    = " order by priority, created_at, id limit "
	movedOrder    = " order by priority, position, id limit "
)

// expiredAt is expiredTerms at a moment, of what is not deferred.
func expiredAt(at string) string {
	return expiredTerms + " and lease_until <= " + at + " and (deferred = 0 or not_before <= " + at + ")"
}

// begunAt are the tasks that were deferred until a moment that has passed, and
// are not marked so.
func begunAt(at string) string {
	return "not_before is not null and deferred = 1 and not_before <= " + at
}

const begunReady = "status = 'todo' and open_dependencies = 0 and offered = 1"

// atOnce is how many tasks NextReady looks at in one go where others may hold locks
// on some of them.
const atOnce = 16

// NextReady returns the task to work on next: ready, or held under a lease
// that has run out, with the lowest priority number, then the oldest. Found
// is false when there is none. With take it keeps others from changing the
// task until the transaction ends, passing over tasks that another claim is
// taking at this moment, unless nothing else is left: then it waits to see
// what becomes of them.
func (tx *Tx) NextReady(f ReadyFilter, take bool) (t plan.Task, found bool, err error) {
	now, err := tx.Now()
	if err != nil {
		return t, false, err
	}
	limit := 1
	if take && tx.engine.ForUpdate != "" {
		limit = atOnce
	}
	var passed []candidate
	for {
		g := f
		g.Not = slices.Clone(f.Not)
		for _, c := range passed {
			g.Not = append(g.Not, plan.KeyOf(c.id))
		}
		first, err := tx.candidates(&g, now, limit)
		if f.route = g.route; err != nil || len(first) == 0 {
			return tx.waitForPassed(f, passed, now, err)
		}
		if !take {
			ts, err := tx.TasksOf([]plan.Key{plan.KeyOf(first[0].id)})
			if err != nil || len(ts) == 0 {
				return t, false, err
			}
			return ts[0], true, nil
		}
		for _, c := range first {
			got, found, err := tx.take(f, c, now, tx.engine.SkipLocked)
			if err != nil || found {
				return got, found, err
			}
			passed = append(passed, c)
		}
	}
}

func (tx *Tx) waitForPassed(f ReadyFilter, passed []candidate, now time.Time, err error) (plan.Task, bool, error) {
	if err != nil {
		return plan.Task{}, false, err
	}
	for _, c := range passed {
		t, found, err := tx.take(f, c, now, "")
		if err != nil || found {
			return t, found, err
		}
	}
	return plan.Task{}, false, nil
}

// A candidate is what is known of a task to hand out before its row is read, which
// of one that is taken is read under its lock.
type candidate struct {
	id       int64
	priority int
	place    string
	assignee string
	status   plan.TaskStatus
	stage    string
	along    bool // found in the order of all stages
}

func (c *candidate) into() []any {
	return []any{&c.id, &c.priority, &c.place, &c.assignee, &c.status, &c.stage, db.Flag(&c.along)}
}

// compare compares candidates in the order of handing out: those that are assigned
// before the others.
func (c candidate) compare(o candidate) int {
	unassigned := func(c candidate) int {
		if c.assignee == "" {
			return 1
		}
		return 0
	}
	return cmp.Or(unassigned(c)-unassigned(o), cmp.Compare(c.priority, o.priority), cmp.Compare(c.place, o.place), cmp.Compare(c.id, o.id))
}

// candidates returns the first tasks to hand out, in order. It gives the filter its
// route through the stages.
func (tx *Tx) candidates(f *ReadyFilter, now time.Time, limit int) ([]candidate, error) {
	known, err := tx.findRoute(f)
	if err != nil {
		return nil, err
	}
	under := !f.Under.IsZero() // where there may be little of what comes first in the order of all stages
	first, stale, err := tx.firstOf(*f, now, limit, known, under)
	if stale && err == nil {
		if f.route, err = tx.newRoute(*f); err == nil {
			first, _, err = tx.firstOf(*f, now, limit, nil, under)
		}
	}
	if err == nil && tx.line == nil {
		tx.line = &f.route.line
	}
	return first, err
}

// firstOf returns the first candidates. All are found in one statement. Only of
// stages that it finds tasks of it is asked whether they have room. Behind an
// assigned task that is left out for this there may be another: then all are asked
// for again.
//
// Of the tasks in stages the first few are found in the order of all, which serves
// as long as one of them can be taken; else each stage is asked for its own.
//
// Stale reports that the route is another one by now: the project is not in the
// known state.
func (tx *Tx) firstOf(f ReadyFilter, now time.Time, limit int, known *string, each bool) (first []candidate, stale bool, err error) {
	text := tx.readyText(f, readyShape{limit, f.AgentType, !f.Under.IsZero(), known != nil, each})
	found, err := db.List(tx.Tx, db.Named("task.next", text.sql), (*candidate).into, text.filled(f, now, known)...)
	plan.Sort(found, candidate.compare)
	if err != nil || len(found) > 0 && found[0].id == 0 {
		return nil, err == nil, err
	}
	hides := !each && len(f.route.line) > 0 && (f.AgentType != "" || f.route.anyFull()) // along all stages some tasks were passed over
	last := -1
	for n, c := range found {
		if c.along {
			last = n
		}
	}
	for n, c := range found {
		if len(first) == limit || hides && n > last { // before what follows there may be others in stages
			break
		}
		room, err := tx.roomFor(f.route, c.status, c.stage)
		switch {
		case err != nil:
			return nil, false, err
		case room:
			first = append(first, c)
		case c.assignee != "":
			return tx.firstOf(f, now, limit, known, each)
		case c.along:
			hides = true
		}
	}
	if hides && len(first) == 0 {
		return tx.firstOf(f, now, limit, known, true)
	}
	return first, false, nil
}

// The columns of a candidate: all of them, and as the indexes have them, so that
// no row is looked at; and of the row that tells that the route is stale, which comes
// before all.
const (
	candidateColumns = "select id, priority, " + placeOf + " as place, coalesce(assignee, '') as its_assignee, status, coalesce(stage, '') as its_stage, 0 as along from tasks"
	readyColumns     = "select id, priority, " + firstPlace + " as place, '' as its_assignee, 'todo' as status, '' as its_stage, 0 as along from tasks"
	movedColumns     = "select id, priority, position as place, '' as its_assignee, 'todo' as status, '' as its_stage, 0 as along from tasks"
	stagedColumns    = "select id, priority, " + placeOf + " as place, '' as its_assignee, 'todo' as status, stage as its_stage, 0 as along from tasks"
	alongColumns     = "select id, priority, place, '' as its_assignee, 'todo' as status, stage as its_stage, 1 as along from (select id, priority, " + placeOf + " as place, stage, agent_type from tasks"
	staleColumns     = "select 0 as id, 0 as priority, '' as place, '-' as its_assignee, '' as status, '' as its_stage, 0 as along"
)

// under is terms of a statement that is made for one call.
func (f ReadyFilter) under(w *where) (sql string) {
	if !f.Under.IsZero() {
		first, last := f.Under.Range()
		sql += " and id between " + w.arg(first) + " and " + w.arg(last)
	}
	return sql + notThese(w, f.Not)
}

// take locks the task if it can still be handed out, and its stage if that has a
// limit: found is false where others were faster. On SQLite a write has
// the database for itself, and nothing needs to be looked at twice.
//
// A task of a stage that was found full is not even locked: who holds the stage
// would wait for those who have one of its tasks and wait for the stage.
func (tx *Tx) take(f ReadyFilter, c candidate, now time.Time, skip string) (plan.Task, bool, error) {
	if f.route != nil && c.status == plan.Todo && f.route.counted[c.stage] {
		return plan.Task{}, false, nil
	}
	var w where
	w.add("id = " + w.arg(c.id))
	at := w.arg(db.Stamp(&now))
	w.add("(" + readyNow + " = 1 or " + begunAt(at) + " and " + begunReady + " or " + expiredAt(at) + ")")
	w.add("(assignee is null or assignee = " + w.arg(f.Agent) + ")")
	lock := tx.engine.ForUpdate
	if lock != "" {
		lock += skip
	}
	ts, err := tx.tasks(db.Named("task.take", "select "+taskColumns+" from tasks"+w.sql()+lock), w.args...)
	if err != nil || len(ts) == 0 {
		return plan.Task{}, false, err
	}
	if t := ts[0]; f.route.limits(t.Stage) && t.Status == plan.Todo {
		room, err := tx.StageRoom(t.Stage)
		if err != nil || !room {
			f.route.counted[t.Stage] = true
			return plan.Task{}, false, err
		}
	}
	return ts[0], true, nil
}

// CountUnready counts why there is no next task. For tasks of every type in an
// epic or in the plan, these are counts that are kept.
func (tx *Tx) CountUnready(f ReadyFilter) (u plan.Unready, err error) {
	now, err := tx.Now()
	if err != nil {
		return u, err
	}
	line, err := tx.Stages()
	if err == nil && len(line) > 0 {
		f.route, err = tx.routeOf(f)
	}
	if err != nil {
		return u, err
	}
	if f.AgentType == "" && len(f.Not) == 0 && (f.Under.IsZero() || f.Under.Level() == plan.LevelEpic) {
		t, err := tx.counts(f.Under)
		if err != nil {
			return u, err
		}
		begun, err := tx.countBegun(f.Under)
		if err != nil {
			return u, err
		}
		c := t.byStatus()
		u = plan.Unready{Held: c.InProgress, Waiting: c.Waiting, Blocked: c.Blocked, InReview: c.ReadyForReview, Inactive: c.Inactive, Deferred: c.Deferred - begun}
	} else if u, err = tx.countUnready(f, now); err != nil {
		return u, err
	}
	if u.Deferred > 0 {
		if u.Until, err = tx.firstDeferred(f, now); err != nil {
			return u, err
		}
	}
	if u.Assigned, err = tx.countAssigned(f); err == nil && f.route != nil {
		u.Full, err = tx.countFull(f)
	}
	return u, err
}

func (f ReadyFilter) all(w *where) string { return f.under(w) + f.fits(w, true) }

func (tx *Tx) countUnready(f ReadyFilter, now time.Time) (u plan.Unready, err error) {
	var w where
	at := w.arg(db.Stamp(&now))
	sql := `select count(*) filter (where status = 'in_progress'), count(*) filter (where status = 'todo' and open_dependencies > 0 and offered = 1),
		count(*) filter (where status = 'blocked'), count(*) filter (where status = 'ready_for_review'), count(*) filter (where status = 'todo' and offered = 0),
		count(*) filter (where status = 'todo' and open_dependencies = 0 and offered = 1 and deferred = 1 and not_before > ` + at + `)
		from tasks where status in ('todo', 'in_progress', 'blocked', 'ready_for_review')` + f.all(&w)
	_, err = tx.ScanOne(db.Named("task.count_unready", sql), []any{&u.Held, &u.Waiting, &u.Blocked, &u.InReview, &u.Inactive, &u.Deferred}, w.args...)
	return u, err
}

// firstDeferred returns when the first of the deferred tasks can be begun.
func (tx *Tx) firstDeferred(f ReadyFilter, now time.Time) (at plan.Date, err error) {
	var w where
	sql := "select not_before from tasks" + tx.engine.Use("idx_tasks_not_before") + " where not_before is not null and deferred = 1 and not_before > " + w.arg(db.Stamp(&now)) +
		" and " + begunReady + f.all(&w) + " order by not_before limit 1"
	_, err = tx.ScanOne(db.Named("task.first_deferred", sql), []any{db.Text(&at)}, w.args...)
	return at, err
}

// mostAssigned is up to how many tasks are counted that are ready for others.
const mostAssigned = 1000

// countAssigned counts the ready tasks that are assigned to others.
func (tx *Tx) countAssigned(f ReadyFilter) (int, error) {
	var w where
	sql := "select 1 from tasks" + tx.engine.Use("idx_tasks_assignee") + " where " + assignedReady + " and assignee <> " + w.arg(f.Agent) + f.all(&w) + " limit " + w.arg(mostAssigned)
	return tx.Count(db.Named("task.count_assigned", "select count(*) from ("+sql+") counted"), w.args...)
}
