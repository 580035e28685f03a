package store

import (
	"fmt"
	"sort"
	"strings"

	"pm/internal/db"
	"pm/internal/plan"
)

var (
	// countAll counts every epic anew: its tasks, and itself if it is open. It
	// goes by what epics, features and dependencies say, not by what is kept of
	// that with the tasks, which is checked by itself.
	countAll = db.Named("doctor.counts", `select e.id, `+eachCount("coalesce(%s, 0)")+` from (select id,
			case when status in ('completed', 'archived') then 0 else 1 end as open_epics from epics) e
		left join (select epic, count(*) filter (where status = 'todo') as todo,
			count(*) filter (where status = 'todo' and offered and (exists (select 1 from `+openEnds+` and d.task_id = t.id) or exists (select 1 from `+openLevels+` and d.item_id = t.id))) as waiting,
			count(*) filter (where status = 'todo' and offered and deferred = 1 and not exists (select 1 from `+openEnds+` and d.task_id = t.id)
				and not exists (select 1 from `+openLevels+` and d.item_id = t.id)) as deferred,
			count(*) filter (where status = 'todo' and not offered) as inactive,
			count(*) filter (where status = 'in_progress') as in_progress, count(*) filter (where status = 'blocked') as blocked,
			count(*) filter (where status = 'ready_for_review') as ready_for_review, count(*) filter (where status = 'completed') as completed,
			count(*) filter (where status = 'archived') as archived,
			count(*) filter (where status <> 'archived' or completed_at is not null) as tasks_total,
			count(*) filter (where status = 'completed' or status = 'archived' and completed_at is not null) as tasks_completed
			from (select t.id, f.epic_id as epic, t.status, t.completed_at, t.deferred, f.status = 'active' and p.status = 'active' and f.open_dependencies = 0 and p.open_dependencies = 0 as offered
				from tasks t join features f on f.id = t.feature_id join epics p on p.id = f.epic_id) t
			group by epic) t on t.epic = e.id order by e.id`)
	countsKept = db.Named("doctor.counts_kept", `select id / 10000000000000, `+eachCount("cast(sum(%s) as bigint)")+` from task_counts group by 1 order by 1`)
	countsGone = db.Named("doctor.counts_clear", `delete from task_counts`)
)

// A countedEpic is the counts of an epic, or of the plan for the zero key.
type countedEpic struct {
	id int64
	tally
}

func (c *countedEpic) fields() []any {
	out := []any{&c.id}
	for i := range c.tally {
		out = append(out, &c.tally[i])
	}
	return out
}

// recount counts the tasks of all epics, and returns the whole plan's last.
func (tx *Tx) recount() ([]countedEpic, error) {
	var whole countedEpic
	epics, err := db.List(tx.Tx, countAll, (*countedEpic).fields)
	for _, e := range epics {
		for i, n := range e.tally {
			whole.tally[i] += n
		}
	}
	return append(epics, whole), err
}

// CountFlaws compares the counts that are kept with the tasks.
func (tx *Tx) CountFlaws() ([]Flaw, error) {
	want, err := tx.recount()
	if err != nil {
		return nil, err
	}
	kept, err := db.List(tx.Tx, countsKept, (*countedEpic).fields)
	if err != nil {
		return nil, err
	}
	there := map[int64]tally{}
	for _, k := range kept {
		there[k.id] = k.tally
	}
	var out []Flaw
	for _, w := range want {
		k := plan.KeyOf(w.id)
		if text := w.differs(there[int64(k.Epic)]); text != "" {
			out = append(out, Flaw{k, "tasks counted by status: " + text})
		}
		delete(there, int64(k.Epic))
	}
	for n, t := range there {
		if t != (tally{}) {
			out = append(out, Flaw{Text: fmt.Sprintf("tasks of epic %s are counted, which does not exist", plan.Key{Epic: int(n)})})
		}
	}
	sort.Slice(out, func(i, j int) bool { return byOrdinal(out[i].Key, out[j].Key) < 0 })
	return out, nil
}

// differs says in which columns the counts kept are not t.
func (t tally) differs(kept tally) string {
	var out []string
	for i, n := range t {
		if kept[i] != n {
			out = append(out, fmt.Sprintf("%s is %d, should be %d", countNames[i], kept[i], n))
		}
	}
	return strings.Join(out, "; ")
}

// RebuildCounts counts all tasks anew.
func (tx *Tx) RebuildCounts() error {
	if lock := tx.engine.lockCounts; lock != "" { // or what others add meanwhile were lost
		if _, err := tx.Exec(db.Named("counts.lock", lock)); err != nil {
			return err
		}
	}
	want, err := tx.recount()
	if err != nil {
		return err
	}
	if _, err := tx.Exec(countsGone); err != nil {
		return err
	}
	for _, w := range want {
		if err := tx.addCounts(w.id, w.tally); err != nil {
			return err
		}
	}
	tx.tallies, tx.forgotten = nil, tally{} // what this transaction has changed is in them
	return nil
}
