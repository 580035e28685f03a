package store

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"pm/internal/db"
	"pm/internal/plan"
)

// The tasks of a stage are found through idx_tasks_stage, which has behind the stage
// how each stands: in progress, ready for anyone, open besides, or done.
const (
	stagedAs    = "(case when status = 'in_progress' then 2 when status = 'todo' and open_dependencies = 0 and offered = 1 and deferred = 0 and assignee is null then 1 when status in ('completed', 'archived') then 0 else 3 end)"
	inStage     = "stage is not null and stage = "
	stageReady  = stagedAs + " = 1 and " + inStage
	stageHeld   = stagedAs + " = 2 and " + inStage
	stageOpen   = stagedAs + " in (1, 2, 3) and " + inStage
	stagedTrade = "status = 'todo' and open_dependencies = 0 and offered = 1 and deferred = 0 and assignee is null and stage is not null"
	stagedOrder = " order by priority, " + placeOf + ", id limit "
	typedOrder  = " order by agent_type, priority, " + placeOf + ", id limit " // as its index: PostgreSQL takes "is null" for no fixed value
)

// stagedIn are the values of stagedAs that tasks with one of the statuses can have.
func stagedIn(statuses []plan.TaskStatus) string {
	var can []string
	for _, of := range []struct {
		value    string
		statuses []plan.TaskStatus
	}{{"0", endedStatuses}, {"1", []plan.TaskStatus{plan.Todo}}, {"2", []plan.TaskStatus{plan.InProgress}}, {"3", []plan.TaskStatus{plan.Todo, plan.Blocked, plan.ReadyForReview}}} {
		if slices.ContainsFunc(of.statuses, func(s plan.TaskStatus) bool { return slices.Contains(statuses, s) }) {
			can = append(can, of.value)
		}
	}
	return strings.Join(can, ", ")
}

var stageFlaws = db.Named("doctor.stages", `select key, stage from tasks where stage is not null and status not in ('completed', 'archived')
	and stage not in (select name from definitions where kind = 'stage') order by id`)

// Stages returns the stages of the project.
func (tx *Tx) Stages() (plan.Line, error) {
	if tx.line != nil {
		return *tx.line, nil
	}
	all, err := tx.Definitions(plan.StageDefinition)
	if err != nil {
		return nil, err
	}
	line, err := plan.ReadLine(all)
	tx.line = &line
	return line, err
}

// EnterStage makes sure that the stage is there until the transaction ends: for
// a task that is put into it. It is plan.NotFound if there is none.
func (tx *Tx) EnterStage(name string) error {
	if tx.kept[plan.StageDefinition][name] {
		return nil
	}
	line, err := tx.Stages()
	if err != nil {
		return err
	}
	_, there := line.Find(name)
	if lock := tx.engine.keepRow; there && lock != "" {
		_, there, err = tx.lockDefinition(plan.StageDefinition, name, lock)
	}
	if err == nil && !there {
		err = plan.Errorf(plan.NotFound, "stage %s does not exist", name).WithCode("no_stage").WithHint("see the stages: pm stage list; add one: pm stage create %s", name)
	}
	if err == nil {
		tx.keep(plan.StageDefinition, name)
	}
	return err
}

// LockStage keeps tasks from entering the stage until the transaction ends.
func (tx *Tx) LockStage(name string) error {
	_, _, err := tx.lockDefinition(plan.StageDefinition, name, tx.engine.ForUpdate)
	tx.line = nil
	return err
}

// StageRoom reports whether one more task can be in progress in the stage, and
// keeps others from taking one in it until the transaction ends.
func (tx *Tx) StageRoom(name string) (room bool, err error) {
	line, err := tx.Stages()
	s, _ := line.Find(name)
	if err != nil || s.Limit == 0 {
		return true, err
	}
	if _, _, err := tx.lockDefinition(plan.StageDefinition, name, tx.engine.changeRow); err != nil {
		return false, err
	}
	n, err := tx.stageHeld(s, s.Limit)
	return n < s.Limit, err
}

// stageHeld counts the tasks in progress in the stage, up to a number.
func (tx *Tx) stageHeld(s plan.Stage, most int) (int, error) {
	return tx.Count(db.Named("stage.held", "select count(*) from (select 1 from tasks"+tx.engine.Use("idx_tasks_stage")+" where "+stageHeld+"$1 limit $2) x"), s.Name, most)
}

// A StageCount is how many open tasks a stage has, and how many of these are
// ready for anyone and in progress.
type StageCount struct{ Open, Ready, Held int }

// StageCounts counts the open tasks of each stage.
func (tx *Tx) StageCounts() (map[string]StageCount, error) {
	type row struct {
		stage string
		as, n int
	}
	out := map[string]StageCount{}
	count := "select stage, " + stagedAs + ", count(*) from tasks" + tx.engine.Use("idx_tasks_stage") + " where " + stagedAs + " in (1, 2, 3) and stage is not null group by 1, 2"
	_, err := db.Walk(tx.Tx, db.Named("stage.counts", count), func(r *row) []any { return []any{&r.stage, &r.as, &r.n} }, func(r row) {
		c := out[r.stage]
		c.Open += r.n
		switch r.as {
		case 1:
			c.Ready += r.n
		case 2:
			c.Held += r.n
		}
		out[r.stage] = c
	})
	return out, err
}

// LockInStage returns the open tasks of a stage, and keeps others from changing
// them until the transaction ends.
func (tx *Tx) LockInStage(name string) ([]plan.Key, error) {
	sql := "select key from tasks" + tx.engine.Use("idx_tasks_stage") + " where " + stageOpen + "$1 order by id" + tx.engine.ForUpdate
	return db.List(tx.Tx, db.Named("stage.lock_tasks", sql), func(k *plan.Key) []any { return []any{keyText{k}} }, name)
}

// StageUsed reports whether a task is in a stage of that name, or ended in it: the
// project may have it no more.
func (tx *Tx) StageUsed(name string) (bool, error) {
	n, err := tx.Count(db.Named("stage.used", "select count(*) from (select 1 from tasks"+tx.engine.Use("idx_tasks_stage")+" where "+inStage+"$1 limit 1) x"), name)
	return n > 0, err
}

// StageFlaws finds open tasks in stages that the project does not have.
func (tx *Tx) StageFlaws() ([]Flaw, error) {
	type row struct {
		key   plan.Key
		stage string
	}
	rows, err := db.List(tx.Tx, stageFlaws, func(r *row) []any { return []any{keyText{&r.key}, &r.stage} })
	return each(rows, func(r row) Flaw { return Flaw{r.key, "its stage " + r.stage + " does not exist"} }), err
}

// Turns returns the records by which a task was done, was brought back after that,
// left its review or changed its stage, oldest first. Both indexes tell which these
// are: no other record is read.
func (tx *Tx) Turns(k plan.Key) ([]plan.History, error) {
	sql := "select old_status, new_status, coalesce(notes, ''), coalesce(agent, ''), change from task_history where id in (select id from task_history where task_id = $1 and " + aTurn +
		" union all select id from task_history" + tx.engine.Use("idx_task_history_passed") + " where task_id = $1 and " + aPassage + ") order by id"
	return db.List(tx.Tx, db.Named("history.turns", sql), func(h *plan.History) []any {
		return []any{db.Text(&h.OldStatus), db.Text(&h.NewStatus), &h.Notes, &h.Agent, changeText{&h.Change}}
	}, k.Ordinal())
}

// A route says which tasks a filter finds that are in stages: in each of these
// stages, of any trade or of the tasks' own.
type route struct {
	line     plan.Line
	counted  map[string]bool // of the stages whose room was counted: whether they are full
	anyTrade []string        // stages whose tasks all fit
	ownTrade []string        // those whose tasks fit by the trade that they ask for themselves

	texts *readyTexts // of the line; nil: it is not known to last
}

// routeOf returns the route of the filter, with the stages that are full.
func (tx *Tx) routeOf(f ReadyFilter) (*route, error) {
	line, err := tx.Stages()
	r := f.through(line)
	for _, name := range append(r.anyTrade, r.ownTrade...) {
		if err == nil {
			_, err = tx.roomFor(r, plan.Todo, name)
		}
	}
	return r, err
}

// through returns the route of the filter through a line of stages.
func (f ReadyFilter) through(line plan.Line) *route {
	r := &route{line: line, counted: map[string]bool{}}
	for _, s := range line {
		switch {
		case f.AgentType == "" || s.AgentType == f.AgentType:
			r.anyTrade = append(r.anyTrade, s.Name)
		case s.AgentType == "":
			r.ownTrade = append(r.ownTrade, s.Name)
		}
	}
	return r
}

// A knownLine is the line of the stages in one state of the project.
type knownLine struct {
	line  plan.Line
	hash  string // of the project's history
	texts *readyTexts
}

// findRoute gives the filter its route, if it has none: through the stages as
// they last were in a transaction, with the state of the project that this was;
// or, where they were not looked at yet, as they are.
func (tx *Tx) findRoute(f *ReadyFilter) (state *string, err error) {
	if f.route != nil {
		return nil, nil
	}
	if known, is := tx.Kept().(knownLine); is {
		f.route = f.through(known.line)
		f.route.texts = known.texts
		return &known.hash, nil
	}
	f.route, err = tx.newRoute(*f)
	return nil, err
}

// newRoute returns the route through the stages as they are.
func (tx *Tx) newRoute(f ReadyFilter) (*route, error) {
	var known knownLine
	var all []plan.Definition
	line := "select p.history_hash, coalesce(d.kind, ''), coalesce(d.name, ''), coalesce(d.body, '') from project p left join definitions d" +
		tx.engine.Use("idx_definitions_name") + " on d.kind = 'stage' where p.id = 1"
	_, err := db.Walk(tx.Tx, db.Named("stage.line", line), func(d *plan.Definition) []any {
		return []any{&known.hash, &d.Kind, &d.Name, &d.Body}
	}, func(d plan.Definition) { all = append(all, d) })
	if err == nil {
		known.line, err = plan.ReadLine(all)
	}
	if err == nil && !tx.projectChanged {
		known.texts = new(readyTexts)
		tx.Keep(known)
	}
	return f.through(known.line), err
}

// leadsTo reports whether tasks of the stage are found.
func (r *route) leadsTo(stage string) bool {
	return slices.Contains(r.anyTrade, stage) || slices.Contains(r.ownTrade, stage)
}

// open leaves of stages those that are not full.
func (r *route) open(stages []string) []string {
	return slices.DeleteFunc(slices.Clone(stages), func(s string) bool { return r.counted[s] })
}

// closed returns the stages whose tasks are not found: that the route does not lead to,
// and, but for what is held, those that were found full, as is one that does not exist.
func (r *route) closed(held bool) (names []string) {
	for _, s := range r.line {
		if !r.leadsTo(s.Name) {
			names = append(names, s.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.counted)) {
		if !held && r.counted[name] {
			names = append(names, name)
		}
	}
	return names
}

// anyFull reports whether a stage was found full.
func (r *route) anyFull() bool {
	for _, full := range r.counted {
		if full {
			return true
		}
	}
	return false
}

// fits says of a row that its trade is asked for, and, of what is not held yet,
// that its stage was not found full. Without stages nothing is in one.
func (f ReadyFilter) fits(w *where, held bool) (sql string) {
	if f.AgentType != "" {
		sql = " and (" + f.ownTrade(w)
		if f.route != nil {
			for _, s := range f.route.anyTrade {
				sql += " or stage = " + w.arg(s)
			}
		}
		sql += ")"
	}
	if f.route == nil {
		return sql
	}
	for _, s := range f.route.closed(held) {
		sql += " and coalesce(stage, '') <> " + w.arg(s)
	}
	return sql
}

// ownTrade says of a row that it asks for the trade itself, or for none.
func (f ReadyFilter) ownTrade(w *where) string {
	return "(agent_type = " + w.arg(f.AgentType) + " or agent_type is null)"
}

// streams adds selects, of each stage that was not found full, of the first of the
// ready tasks that fit.
func (f ReadyFilter) streams(w *where, add func(columns, use, terms, orderAndLimit string), e *engine, more string) {
	for _, s := range f.route.open(f.route.anyTrade) {
		add(stagedColumns, e.Use("idx_tasks_stage"), stageReady+w.arg(s)+more, stagedOrder)
	}
	for _, s := range f.route.open(f.route.ownTrade) {
		of := stagedTrade + " and stage = " + w.arg(s)
		add(stagedColumns, e.Use("idx_tasks_stage_type"), of+" and agent_type = "+w.arg(f.AgentType)+more, typedOrder)
		add(stagedColumns, e.Use("idx_tasks_stage_type"), of+" and agent_type is null"+more, typedOrder)
	}
}

// How many tasks are looked at along all stages, and how many of these are returned
// where stages have limits: mostly one of them can be taken.
const (
	lookedAtAlong = 16
	returnedAlong = 2
)

// along selects the first of the ready tasks in stages that fit, if some of the very
// first do.
func (f ReadyFilter) along(w *where, e *engine, more string, limit int) string {
	sql := alongColumns + e.Use("idx_tasks_staged") + " where " + stagedTrade + more + stagedOrder + strconv.Itoa(lookedAtAlong) + ") x"
	if slices.ContainsFunc(f.route.line, func(s plan.Stage) bool { return s.Limit > 0 }) {
		limit = max(limit, returnedAlong)
	}
	if fits := f.fits(w, false); fits != "" {
		sql += " where" + strings.TrimPrefix(fits, " and")
	}
	return "select * from (" + sql + " limit " + strconv.Itoa(limit) + ") x"
}

// limits reports whether a stage has a limit.
func (r *route) limits(stage string) bool {
	if r == nil || stage == "" {
		return false
	}
	s, there := r.line.Find(stage)
	return s.Limit > 0 || !there
}

// roomFor reports whether a task of that status can be taken as far as its stage
// goes, which is counted once on a route.
func (tx *Tx) roomFor(r *route, status plan.TaskStatus, stage string) (bool, error) {
	if status != plan.Todo || !r.limits(stage) {
		return true, nil
	}
	full, counted := r.counted[stage]
	if !counted {
		s, _ := r.line.Find(stage)
		n, err := tx.stageHeld(s, s.Limit)
		if err != nil {
			return false, err
		}
		full = n >= s.Limit
		r.counted[stage] = full
	}
	return !full, nil
}

// countFull counts the ready tasks that fit in stages that are full.
func (tx *Tx) countFull(f ReadyFilter) (n int, err error) {
	for _, s := range append(slices.Clone(f.route.anyTrade), f.route.ownTrade...) {
		if !f.route.counted[s] || n >= mostAssigned {
			continue
		}
		var w where
		sql := "select 1 from tasks" + tx.engine.Use("idx_tasks_stage") + " where " + stageReady + w.arg(s) + f.under(&w)
		if slices.Contains(f.route.ownTrade, s) {
			sql += " and " + f.ownTrade(&w)
		}
		more, err := tx.Count(db.Named("stage.count_full", "select count(*) from ("+sql+" limit "+w.arg(mostAssigned-n)+") x"), w.args...)
		if n += more; err != nil {
			return n, err
		}
	}
	return n, nil
}
