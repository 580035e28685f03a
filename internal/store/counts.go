package store

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"pm/internal/db"
	"pm/internal/plan"
)

// Tasks are counted by status, for the whole plan and for every epic, and the
// counts are kept by difference: every method of a Tx that writes tasks notes
// what it changed, and Write adds it up in task_counts before it commits.
//
// A count is the sum of the rows of its slots. On PostgreSQL each transaction
// picks one at random, so that those who change tasks of one epic at the same
// time seldom wait for each other; a row by itself may be below zero.

// A countColumn is a column of task_counts.
type countColumn int

const (
	countTodo countColumn = iota
	countWaiting
	countDeferred // in which the tasks count, too, that can be begun by now and were not looked at since
	countInactive
	countInProgress
	countBlocked
	countReview
	countCompleted
	countArchived
	countTotal // as progress counts: without what was archived before it was completed
	countDone
	countOpenEpics // neither completed nor archived
	countColumns
)

var countNames = [countColumns]string{"todo", "waiting", "deferred", "inactive", "in_progress", "blocked", "ready_for_review", "completed", "archived",
	"tasks_total", "tasks_completed", "open_epics"}

// A tally is a row of task_counts, or what is to be added to it.
type tally [countColumns]int

// add adds n tasks like this one.
func (t *tally) add(like plan.Task, n int) {
	total, done := like.Counts()
	t[countTotal] += n * total
	t[countDone] += n * done
	switch like.Status {
	case plan.Todo:
		t[countTodo] += n
		switch {
		case !like.Offered:
			t[countInactive] += n
		case like.OpenDependencies > 0:
			t[countWaiting] += n
		case like.Deferred:
			t[countDeferred] += n
		}
	case plan.InProgress:
		t[countInProgress] += n
	case plan.Blocked:
		t[countBlocked] += n
	case plan.ReadyForReview:
		t[countReview] += n
	case plan.Completed:
		t[countCompleted] += n
	case plan.Archived:
		t[countArchived] += n
	}
}

// tally returns what the transaction adds to the counts of an epic.
func (tx *Tx) tally(epic plan.Key) *tally {
	if tx.tallies == nil {
		tx.tallies = map[plan.Key]*tally{}
	}
	if tx.tallies[epic.EpicKey()] == nil {
		tx.tallies[epic.EpicKey()] = &tally{}
	}
	return tx.tallies[epic.EpicKey()]
}

// tallyTask counts a task in, or out with n of -1.
func (tx *Tx) tallyTask(t plan.Task, n int) { tx.tally(t.Key).add(t, n) }

// countAnew runs a statement that changes tasks, and returns of them what is opened, and
// counts them as they are now and no more as they were: back turns one into that.
func (tx *Tx) countAnew(s db.Stmt, back func(*plan.Task), args ...any) error {
	_, err := db.Walk(tx.Tx, s, func(t *plan.Task) []any {
		return []any{subject{&t.Key}, &t.Status, db.Flag(&t.Offered), &t.OpenDependencies, db.Flag(&t.Deferred)}
	}, func(t plan.Task) {
		tx.tallyTask(t, +1)
		back(&t)
		tx.tallyTask(t, -1)
	}, args...)
	return err
}

// tallyEpic counts an epic by its status in, or out with n of -1.
func (tx *Tx) tallyEpic(k plan.Key, status plan.PlanStatus, n int) {
	if status != plan.PlanCompleted && status != plan.PlanArchived {
		tx.tally(k)[countOpenEpics] += n
	}
}

// saveCounts adds what the transaction changed to the counts, in the order of
// the epics and the plan at last.
func (tx *Tx) saveCounts() error {
	slot := int64(0)
	if tx.engine.countSlots > 1 {
		slot = rand.Int64N(tx.engine.countSlots)
	}
	whole := tx.forgotten
	for _, epic := range slices.SortedFunc(maps.Keys(tx.tallies), byOrdinal) {
		t := tx.tallies[epic]
		if *t == (tally{}) {
			continue
		}
		for i, n := range t {
			whole[i] += n
		}
		if err := tx.addCounts(epic.Ordinal()+slot, *t); err != nil {
			return err
		}
	}
	tx.tallies, tx.forgotten = nil, tally{}
	if whole == (tally{}) {
		return nil
	}
	return tx.addCounts(slot, whole)
}

// tallyUnder counts the tasks under an item in, or out with n of -1.
func (tx *Tx) tallyUnder(k plan.Key, n int) error {
	first, last := k.Range()
	type kind struct {
		plan.Task
		n int
	}
	_, err := db.Walk(tx.Tx, countsUnder, func(k *kind) []any {
		return []any{&k.Status, db.Flag(&k.Offered), &k.OpenDependencies, db.Flag(&k.Deferred), db.NullStamp(&k.CompletedAt), &k.n}
	},
		func(t kind) { tx.tally(k).add(t.Task, n*t.n) }, first, last)
	return err
}

// forgetCounts takes the counts of an epic, which is going to be deleted, out
// of those of the plan. What the transaction has counted of it goes with it; what
// it counts from now on is of the epic as it is restored.
func (tx *Tx) forgetCounts(epic plan.Key) error {
	t, err := tx.counts(epic)
	if err != nil {
		return err
	}
	for i := range t {
		tx.forgotten[i] -= t[i]
	}
	delete(tx.tallies, epic)
	_, err = tx.Exec(countsForget, epic.Ordinal(), epic.Ordinal()+maxSlots-1)
	return err
}

func byOrdinal(a, b plan.Key) int { return cmp.Compare(a.Ordinal(), b.Ordinal()) }

func (tx *Tx) addCounts(id int64, t tally) error {
	args := make([]any, 0, 1+len(t))
	args = append(args, id)
	for _, n := range t {
		args = append(args, n)
	}
	return tx.Insert(countsInsertion, args...)
}

var countsInsertion = db.Insertion{Name: "counts.add", Table: "task_counts", Columns: "id, " + strings.Join(countNames[:], ", "),
	Tail: " on conflict (id) do update set " + eachCount("%[1]s = task_counts.%[1]s + excluded.%[1]s")}

// eachCount returns the columns in this form, between commas.
func eachCount(form string) string {
	out := make([]string, countColumns)
	for i, name := range countNames {
		out[i] = fmt.Sprintf(form, name)
	}
	return strings.Join(out, ", ")
}

// maxSlots is more than any engine has slots: the rows of the plan have ids
// below it, and those of an epic begin at the epic's own.
const maxSlots = 100

var countsOf = db.Named("counts.read", "select "+eachCount("cast(coalesce(sum(%s), 0) as bigint)")+" from task_counts where id between $1 and $2")

var (
	countsForget = db.Named("counts.forget", `delete from task_counts where id between $1 and $2`)
	countsUnder  = db.Named("counts.of_tasks", `select status, offered, case when open_dependencies > 0 then 1 else 0 end, deferred, min(completed_at), count(*)
		from tasks where id between $1 and $2 group by 1, 2, 3, 4, case when completed_at is null then 0 else 1 end`)
)

// counts reads the counts of an epic, or of the plan for the zero key.
func (tx *Tx) counts(epic plan.Key) (t tally, err error) {
	into := make([]any, countColumns)
	for i := range t {
		into[i] = &t[i]
	}
	_, err = tx.ScanOne(countsOf, into, epic.Ordinal(), epic.Ordinal()+maxSlots-1)
	return t, err
}

// Totals are the numbers of the whole plan.
type Totals struct {
	plan.Counts
	Total, Done int // as progress counts
	OpenEpics   int // neither completed nor archived
}

// Totals returns the counts of the whole plan.
func (tx *Tx) Totals() (Totals, error) {
	t, err := tx.counts(plan.Key{})
	if err != nil {
		return Totals{}, err
	}
	counts := t.byStatus()
	if counts.Expired, err = tx.countExpired(mostExpired); err != nil {
		return Totals{}, err
	}
	begun, err := tx.countBegun(plan.Key{})
	counts.Ready += counts.Expired + begun
	counts.Deferred -= begun
	return Totals{counts, t[countTotal], t[countDone], t[countOpenEpics]}, err
}

// CountByStatus counts all tasks.
func (tx *Tx) CountByStatus() (plan.Counts, error) {
	t, err := tx.Totals()
	return t.Counts, err
}

func (t tally) byStatus() plan.Counts {
	return plan.Counts{Todo: t[countTodo], Ready: t[countTodo] - t[countWaiting] - t[countDeferred] - t[countInactive], Waiting: t[countWaiting], Deferred: t[countDeferred], Inactive: t[countInactive],
		InProgress: t[countInProgress], Blocked: t[countBlocked], ReadyForReview: t[countReview], Completed: t[countCompleted], Archived: t[countArchived]}
}
