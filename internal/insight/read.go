package insight

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"pm/internal/flow"
	"pm/internal/plan"
	"pm/internal/store"
)

// A Window says what Read is to look at.
type Window struct {
	Tasks *store.TaskFilter // nil means the whole plan
	Days  int               // how many to look back, including today; 1 or more
	Chart string            // one of Charts; empty means all of them
	Now   time.Time         // in the project's time zone, in which days are counted
}

// Read returns how work flows through the tasks of a window. Of the whole plan
// it reads only what something happened to on these days, and counts the rest.
func Read(tx *store.Tx, w Window) (out Insights, err error) {
	var s flowing
	if w.Tasks == nil {
		s, err = loadWindow(tx, w.Days, w.Now)
	} else {
		s, err = loadFlow(tx, *w.Tasks, w.Now)
	}
	if err != nil {
		return out, err
	}
	out = s.insights(w.Days, w.Chart)
	return out, out.Aging.addTitles(tx)
}

// addTitles sets the titles of those whose title was not read with them.
func (a *Aging) addTitles(tx *store.Tx) error {
	if a == nil || len(a.Items) == 0 || a.Items[0].Title != "" {
		return nil
	}
	keys := make([]plan.Key, len(a.Items))
	for i, one := range a.Items {
		keys[i] = one.Key
	}
	titles, err := tx.Titles(keys)
	for i := range a.Items {
		a.Items[i].Title = titles[a.Items[i].Key]
	}
	return err
}

// A flowing is tasks with how they flow, at one moment.
type flowing struct {
	tasks  []flow.Task
	titles map[plan.Key]string // of what is open
	now    time.Time           // in the project's time zone
	rest   flow.Rest           // what is counted only
}

// loadFlow reads the tasks of a filter with their moves, up to now.
func loadFlow(tx *store.Tx, f store.TaskFilter, now time.Time) (flowing, error) {
	s := flowing{now: now}
	err := s.read(func(task func(*plan.Task), move func(store.StatusMove)) error { return tx.EachFlow(f, task, move) })
	return s, err
}

// loadWindow reads the tasks of the whole plan that something happened to in the
// last days, and counts the others: what was finished before, or was never
// begun, needs no more.
func loadWindow(tx *store.Tx, days int, now time.Time) (flowing, error) {
	s := flowing{now: now}
	// Two days more than there are: whatever the time zone, what is before that
	// is before the first day. The others are told apart by their days.
	since := (flow.DayOf(s.now, s.now.Location()) - flow.Day(days) - 1).Date()
	var rest store.FlowRest
	err := s.read(func(task func(*plan.Task), move func(store.StatusMove)) (err error) {
		rest, err = tx.EachFlowSince(since, task, move)
		return err
	})
	s.rest = flow.Rest{Finished: rest.Finished, Waiting: rest.Waiting, Older: rest.Older, Came: map[flow.Day]int{}}
	for _, c := range rest.Came {
		s.rest.Came[flow.DayOf(c.Minute, s.now.Location())] += c.Count
	}
	return s, err
}

// byKey returns the places of the tasks in the order of their keys. The tasks
// stay where they are: they are large.
func (s *flowing) byKey() []int {
	type place struct {
		id int64
		at int
	}
	places := make([]place, len(s.tasks))
	for i := range s.tasks {
		places[i] = place{s.tasks[i].Key.Ordinal(), i}
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Compare(a.id, b.id) })
	order := make([]int, len(places))
	for i, p := range places {
		order[i] = p.at
	}
	return order
}

// read takes the tasks that each tells of, in any order, and follows their moves.
func (s *flowing) read(each func(task func(*plan.Task), move func(store.StatusMove)) error) error {
	s.titles = map[plan.Key]string{}
	var follower flow.Follower
	at, order := -1, sync.OnceValue(s.byKey)
	next := func() {
		follower.End(s.now)
		if at++; at < len(s.tasks) {
			follower.Follow(&s.tasks[order()[at]])
		}
	}
	id := func() int64 { return s.tasks[order()[at]].Key.Ordinal() }
	err := each(func(t *plan.Task) {
		if len(s.tasks) == cap(s.tasks) { // append by itself grows by a quarter, and copies each task four times
			s.tasks = slices.Grow(s.tasks, max(len(s.tasks), 256))
		}
		s.tasks = append(s.tasks, flowTask(t))
		if !t.Done() && t.Title != "" {
			s.titles[t.Key] = t.Title
		}
	}, func(m store.StatusMove) {
		for at < len(s.tasks) && (at < 0 || id() < m.Task) {
			next()
		}
		if at < len(s.tasks) && id() == m.Task {
			follower.Move(flow.Move{To: m.To, At: m.At, Agent: m.Agent})
		}
	})
	for at < len(s.tasks) {
		next()
	}
	return err
}

// flowTask is what the figures need of a task.
func flowTask(t *plan.Task) flow.Task {
	out := flow.Task{Key: t.Key, Status: t.Status, Trade: t.AgentType, Agent: t.AssignedAgent, Priority: t.Priority,
		Created: t.CreatedAt, Updated: t.UpdatedAt}
	if t.StartedAt != nil {
		out.Started = *t.StartedAt
	}
	if t.CompletedAt != nil {
		out.Done = *t.CompletedAt
	}
	return out
}
