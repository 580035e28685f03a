package store

import (
	"fmt"
	"maps"
	"slices"

	"pm/internal/db"
	"pm/internal/plan"
)

// derive works out what follows from the rows as they were: what items waited
// for, which tasks were offered, and the counts. Rows that did not change
// themselves are laid over, too, where something follows otherwise than now.
func (p *Past) derive() error {
	for _, step := range []func() error{p.deriveDefers, p.deriveLevels, p.pullTasks, p.deriveTasks, p.deriveLinks, p.deriveCounts} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// pull lays the rows of now over the items whose ids a statement selects, unless
// they are laid over already.
func (p *Past) pull(table, ids string, args ...any) error {
	put := fmt.Sprintf("insert into past_%[1]s select * from %[1]s where id in (%[2]s) and id not in (select id from past_%[1]s)", table, ids)
	n, err := p.tx.Exec(db.Named("past.pull", put), args...)
	if err != nil || n == 0 {
		return err
	}
	_, err = p.tx.Exec(db.Named("past.hide_pulled", fmt.Sprintf("insert into past_no_%[1]s select id from past_%[1]s where id not in (select id from past_no_%[1]s)", table)))
	return err
}

// pullEach is pull for ids by which a statement selects others, some at a time.
func (p *Past) pullEach(table, by string, ids []any) error {
	for some := range slices.Chunk(ids, maxIn) {
		if err := p.pull(table, fmt.Sprintf(by, p.tx.engine.Marks(len(some))), some...); err != nil {
			return err
		}
	}
	return nil
}

// deriveDefers works out which moments all defers meant, if the project had
// another time zone.
func (p *Past) deriveDefers() error {
	if p.zone == nil {
		return nil
	}
	for _, table := range []string{"tasks", "features", "epics"} {
		if err := p.pull(table, "select id from "+table+" where defer is not null"); err != nil {
			return err
		}
		days, err := db.List(p.tx.Tx, db.Named("past.days", "select distinct defer from past_"+table+" where defer is not null"), func(d *plan.Date) []any { return []any{db.Text(d)} })
		if err != nil {
			return err
		}
		for _, d := range days {
			if _, err := p.tx.Exec(db.Named("past.mean", "update past_"+table+" set defer_from = $2 where defer = $1"), string(d), string(d.Begin(p.zone))); err != nil {
				return err
			}
		}
		if table == "tasks" {
			continue
		}
		deferred, err := db.List(p.tx.Tx, db.Named("past.deferred", "select id from past_"+table+" where defer is not null"), func(id *int64) []any { return []any{id} })
		for _, id := range deferred {
			p.Turned(plan.KeyOf(id))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// deriveLevels works out what features and epics waited for.
func (p *Past) deriveLevels() error {
	waits := map[int64]int{}
	type level struct {
		id   int64
		open int
	}
	read := func(f func(level)) error {
		for _, table := range []string{"features", "epics"} {
			if _, err := db.Walk(p.tx.Tx, db.Named("past.levels", "select id, open_dependencies from past_"+table), func(l *level) []any { return []any{&l.id, &l.open} }, f); err != nil {
				return err
			}
		}
		return nil
	}
	any, err := p.tx.HasLevelEdges()
	if any && err == nil {
		err = firstFailure(p.pull("features", "select item_id from plan_dependencies"), p.pull("epics", "select item_id from plan_dependencies"))
	}
	if err == nil {
		err = read(func(l level) { waits[l.id] = l.open })
	}
	for _, table := range []string{"features", "epics"} {
		if err == nil {
			count := "0"
			if any {
				count = "(select count(*) from " + openLevels + " and d.item_id = past_" + table + ".id)"
			}
			_, err = p.tx.Exec(db.Named("past.open_levels", "update past_"+table+" set open_dependencies = "+count))
		}
	}
	if err != nil {
		return err
	}
	return read(func(l level) {
		if (l.open > 0) != (waits[l.id] > 0) {
			p.Turned(plan.KeyOf(l.id))
		}
	})
}

func firstFailure(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// pullTasks lays over the tasks of which something follows otherwise than now.
func (p *Past) pullTasks() error {
	for _, k := range p.turned {
		first, last := k.Range()
		if err := p.pull("tasks", "select id from tasks where id between $1 and $2", first, last); err != nil {
			return err
		}
	}
	for _, k := range p.closed {
		first, last := k.Range()
		if err := p.pull("tasks", "select task_id from task_dependencies where depends_on_id between $1 and $2", first, last); err != nil {
			return err
		}
	}
	err := p.pullEach("tasks", "select task_id from task_dependencies where depends_on_id in (%s)", p.ended)
	if any, anyErr := p.tx.HasLevelEdges(); err == nil && any {
		err = p.pull("tasks", "select item_id from plan_dependencies")
	} else if err == nil {
		err = anyErr
	}
	if err == nil {
		err = p.pull("tasks", "select id from tasks where not_before is not null and deferred = 0 and not_before > $1", db.Stamp(&p.moment.At))
	}
	return firstFailure(err, p.tally(-1))
}

// deriveTasks works out what the tasks that are laid over waited for, and whether
// they were offered.
func (p *Past) deriveTasks() error {
	open := `update past_tasks set open_dependencies = c.n from (select task_id, count(*) n from (
			select d.task_id from ` + openEnds + ` and d.task_id in (select id from past_tasks)
			union all select d.item_id from ` + openLevels + ` and d.item_id in (select id from past_tasks)) every group by task_id) c where past_tasks.id = c.task_id`
	offered := `update past_tasks set offered = c.offered, not_before = c.latest, deferred = case when c.latest > $1 then 1 else 0 end
		from (select t.id, ` + latestDefer + ` as latest, case when f.status = 'active' and e.status = 'active' and f.open_dependencies = 0 and e.open_dependencies = 0 then 1 else 0 end as offered
			from past_tasks t join features f on f.id = t.feature_id join epics e on e.id = f.epic_id) c where past_tasks.id = c.id`
	_, err := p.tx.Exec(db.Named("past.no_open", "update past_tasks set open_dependencies = 0 where open_dependencies <> 0"))
	if err == nil {
		_, err = p.tx.Exec(db.Named("past.open", open))
	}
	if err == nil {
		_, err = p.tx.Exec(db.Named("past.offered", offered), db.Stamp(&p.moment.At))
	}
	return firstFailure(err, p.tally(+1))
}

// deriveLinks counts the links of items that may have had other ones.
func (p *Past) deriveLinks() error {
	ids := make([]any, 0, len(p.linked))
	for id := range p.linked {
		ids = append(ids, id)
	}
	for some := range slices.Chunk(ids, maxIn) {
		marks := p.tx.engine.Marks(len(some))
		for _, table := range []string{"epics", "features", "tasks"} {
			if err := p.pull(table, "select id from "+table+" where id in ("+marks+")", some...); err != nil {
				return err
			}
			count := fmt.Sprintf("update past_%[1]s set links = (select count(*) from links where item_id = past_%[1]s.id) + (select count(*) from links where to_id = past_%[1]s.id) where id in (%[2]s)", table, marks)
			if _, err := p.tx.Exec(db.Named("past.links", count), some...); err != nil {
				return err
			}
		}
	}
	return nil
}

// tally counts the tasks that are laid over in, or out with n of -1.
func (p *Past) tally(n int) error {
	type kind struct {
		epic int64
		plan.Task
		n int
	}
	s := db.Named("past.tally", fmt.Sprintf(`select id / %d, status, offered, case when open_dependencies > 0 then 1 else 0 end, deferred, min(completed_at), count(*)
		from past_tasks group by 1, 2, 3, 4, 5, case when completed_at is null then 0 else 1 end`, tasksPerEpic))
	_, err := db.Walk(p.tx.Tx, s, func(k *kind) []any {
		return []any{&k.epic, &k.Status, db.Flag(&k.Offered), &k.OpenDependencies, db.Flag(&k.Deferred), db.NullStamp(&k.CompletedAt), &k.n}
	}, func(t kind) { p.count(plan.Key{Epic: int(t.epic)}, t.Task, n*t.n) })
	return err
}

// deriveCounts adds to the counts of now what they were otherwise, in a slot that
// nobody else writes to.
func (p *Past) deriveCounts() error {
	var whole tally
	batch := db.NewBatch(db.Insertion{Name: "past.counts", Table: "past_task_counts", Columns: countsInsertion.Columns}, 100)
	add := func(id int64, t tally) {
		args := make([]any, len(t))
		for i, n := range t {
			args[i] = n
		}
		batch.Add(id+maxSlots-1, args)
	}
	for _, k := range slices.SortedFunc(maps.Keys(p.counts), byOrdinal) {
		t := *p.counts[k]
		for i, n := range t {
			whole[i] += n
		}
		add(k.Ordinal(), t)
	}
	add(0, whole)
	return batch.Flush(p.tx.Tx, true)
}
