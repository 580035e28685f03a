package bench

import (
	"context"
	"fmt"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// fillBatch is how many tasks are written in one transaction.
const fillBatch = 10_000

// Fill writes a plan of so many tasks into an empty database: the same tasks
// each time, with history, notes and dependencies. progress is told of tasks
// written, and may be nil.
func Fill(ctx context.Context, db *store.DB, tasks int, progress func(done int)) error {
	if progress == nil {
		progress = func(int) {}
	}
	return fill(ctx, db, newPlot(tasks), progress)
}

// fill writes the plot into an empty database, as an import would: items with
// their history, notes and dependencies. progress is told of tasks written.
func fill(ctx context.Context, db *store.DB, p plot, progress func(done int)) error {
	err := inOne(ctx, db, func(tx *store.Tx) error {
		for e := 1; e <= p.epics(); e++ {
			if err := p.putEpic(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for first := 0; first < p.features(); {
		_, from, _ := p.feature(first)
		behind := first
		for behind < p.features() {
			if _, _, to := p.feature(behind); behind > first && to-from > fillBatch {
				break
			}
			behind++
		}
		if err := p.putFeatures(ctx, db, first, behind, progress); err != nil {
			return err
		}
		first = behind
	}
	return inOne(ctx, db, func(tx *store.Tx) error {
		if err := tx.CompleteOperations(); err != nil { // the one that all records name
			return err
		}
		return tx.MergeSearch()
	})
}

func inOne(ctx context.Context, db *store.DB, f func(*store.Tx) error) error {
	_, err := store.Write(ctx, db, func(tx *store.Tx) (struct{}, error) { return struct{}{}, f(tx) })
	return err
}

// putFeatures writes the features from first to behind with their tasks; a
// large one in several transactions.
func (p plot) putFeatures(ctx context.Context, db *store.DB, first, behind int, progress func(int)) error {
	_, from, _ := p.feature(first)
	_, _, to := p.feature(behind - 1)
	for at := from; at < to; at += fillBatch {
		end := min(at+fillBatch, to)
		err := inOne(ctx, db, func(tx *store.Tx) error {
			if at == from {
				for n := first; n < behind; n++ {
					if err := p.putFeature(tx, n); err != nil {
						return err
					}
				}
			}
			return p.putTasks(tx, at, end)
		})
		if err != nil {
			return err
		}
		progress(end)
	}
	return nil
}

func (p plot) putEpic(tx *store.Tx, n int) error {
	e := plan.Epic{Key: plan.Key{Epic: n}, Title: fmt.Sprintf("Epic %d", n), Status: plan.PlanActive, Priority: plan.Medium,
		Version: 1, CreatedAt: epoch, UpdatedAt: epoch}
	first, behind := 0, 1
	if n > 1 {
		first = 1 + (n-2)*epicFeatures
		behind = min(first+epicFeatures, p.features())
	}
	for f := first; f < behind; f++ {
		s := p.count(f)
		e.TasksTotal, e.TasksCompleted = e.TasksTotal+s.total, e.TasksCompleted+s.completed
		e.EstimateTotal, e.EstimateDone = e.EstimateTotal+s.estimate, e.EstimateDone+s.done
	}
	e.LastChild = behind - first
	e.UID = uid(e.Key)
	h, _ := e.Append(plan.Epic{}, imported(epoch))
	return firstError(tx.RaiseLastEpic(n), tx.PutEpic(&e), tx.PutHistory(e.Key, h))
}

func (p plot) putFeature(tx *store.Tx, n int) error {
	k, from, to := p.feature(n)
	f := plan.Feature{Key: k, Title: fmt.Sprintf("Feature %d", n), Status: plan.PlanActive, LastChild: to - from,
		Version: 1, CreatedAt: epoch, UpdatedAt: epoch}
	s := p.count(n)
	f.TasksTotal, f.TasksCompleted, f.EstimateTotal, f.EstimateDone = s.total, s.completed, s.estimate, s.done
	f.ProgressPct = plan.Progress(f.TasksCompleted, f.TasksTotal)
	f.UID = uid(k)
	h, _ := f.Append(plan.Feature{}, imported(epoch))
	return firstError(tx.PutFeature(&f), tx.PutHistory(k, h))
}

// sums are what progress counts of a feature's tasks.
type sums struct {
	total, completed int
	estimate, done   plan.Estimate
}

// count counts the tasks of a feature as progress does. All archived tasks of
// a plot were completed before.
func (p plot) count(feature int) (s sums) {
	_, from, to := p.feature(feature)
	for i := from; i < to; i++ {
		t := plan.Task{Status: p.status(i)}
		p.use(&t, i)
		s.total++
		s.estimate += t.Estimate
		if t.Status == plan.Completed || t.Status == plan.Archived {
			s.completed++
			s.done += t.Estimate
		}
	}
	return s
}

// putTasks writes the tasks from first to behind, then what refers to them.
func (p plot) putTasks(tx *store.Tx, first, behind int) error {
	bulk := tx.NewBulk()
	for i := first; i < behind; i++ {
		t := p.task(i)
		history := historyOf(&t)
		var n plan.Note
		if i%5 == 0 {
			n = plan.Note{Key: t.Key, N: 1, Agent: "a01", Kind: plan.Comment, Body: "See the " + p.words[i%len(p.words)] + " in the wiki.", CreatedAt: t.UpdatedAt}
			before := t
			t.LastNote = 1
			h := imported(t.UpdatedAt)
			h.Change = plan.Change{"note": {nil, n.RecordOf(h)}}
			h, _ = t.Append(before, h)
			history = append(history, h)
		}
		if err := bulk.Put(&t, history...); err != nil {
			return err
		}
		if n.N == 0 {
			continue
		}
		if err := bulk.PutNote(n); err != nil {
			return err
		}
	}
	if err := bulk.Flush(); err != nil {
		return err
	}
	for i := first; i < behind; i++ {
		if on, is := p.dependsOn(i); is {
			if _, err := tx.AddDependency(store.Edge{Task: p.key(i), DependsOn: p.key(on)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// historyOf returns the records that led to the task as it is, in a chain,
// and brings the task up to the last.
func historyOf(t *plan.Task) []plan.History {
	steps := map[plan.TaskStatus][]plan.TaskStatus{
		plan.Completed: {plan.InProgress, plan.Completed}, plan.InProgress: {plan.InProgress}, plan.Blocked: {plan.InProgress, plan.Blocked},
		plan.ReadyForReview: {plan.InProgress, plan.ReadyForReview}, plan.Archived: {plan.InProgress, plan.Completed, plan.Archived},
	}[t.Status]
	t.UID = uid(t.Key)
	last := *t
	*t = plan.Task{UID: t.UID, Key: t.Key, Title: t.Title, Description: t.Description, Status: plan.Todo, AgentType: t.AgentType, Priority: t.Priority,
		DependsOn: t.DependsOn, OpenDependencies: t.OpenDependencies, Offered: t.Offered, CreatedAt: t.CreatedAt,
		Labels: t.Labels, Due: t.Due, Defer: t.Defer, DeferFrom: t.DeferFrom, NotBefore: t.NotBefore, Deferred: t.Deferred, Estimate: t.Estimate, Kind: t.Kind, Assignee: t.Assignee, Fields: t.Fields, Stage: t.Stage}
	h := imported(t.CreatedAt)
	if len(t.DependsOn) > 0 {
		h.Change = plan.Change{"depends_on": {nil, plan.KeyWords(t.DependsOn)}}
	}
	first, _ := t.Append(plan.Task{}, h)
	out := []plan.History{first}
	for i, to := range steps {
		before := *t
		if i == len(steps)-1 {
			version, hash := t.Version, t.HistoryHash
			*t = last
			t.Version, t.HistoryHash = version, hash
		} else {
			t.Status, t.AssignedAgent, t.StartedAt = to, last.AssignedAgent, last.StartedAt
		}
		h := imported(last.UpdatedAt)
		h.Agent = last.AssignedAgent
		if to == plan.Blocked {
			h.Notes = last.BlockedReason
		}
		h, _ = t.Append(before, h)
		out = append(out, h)
	}
	return out
}

// operation is the id of the operation that all records of a plot carry.
const operation = "019b8c00-0000-7000-8000-000000000000"

// uid returns the UID of an item of a plot, which is always the same.
func uid(k plan.Key) string {
	n := k.Ordinal() // of up to 53 bits
	return fmt.Sprintf("019b8c00-0000-7000-8%03x-%012x", 1+n>>48, n&(1<<48-1))
}

// imported returns what all records of a plot have in common.
func imported(at time.Time) plan.History {
	return plan.History{Agent: "a01", Surface: "import", Timestamp: at, Operation: operation}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
