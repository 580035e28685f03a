package tracker

import (
	"context"
	"slices"
	"strings"
	"time"

	"pm/internal/flow"
	"pm/internal/plan"
	"pm/internal/store"
)

// ShowInsights is the input of Tracker.Insights.
type ShowInsights struct {
	Query string `json:"query,omitempty" jsonschema:"an epic, a feature, or terms and words as in a list; all tasks if not given" arg:"query..."`
	Days  *int   `json:"days,omitempty" jsonschema:"how many days to look back, including today; 90 if not given"`
	Chart string `json:"chart,omitempty" jsonschema:"only the data of this chart"`
}

// Charts lists the charts of insights.
func Charts() []string {
	return []string{chartBurnup, chartFlow, chartCycle, chartAging, chartThroughput, chartTime}
}

const (
	chartBurnup     = "burnup"
	chartFlow       = "flow"
	chartCycle      = "cycle"
	chartAging      = "aging"
	chartThroughput = "throughput"
	chartTime       = "time"
)

// Insights is how work flows, as docs/flow.md defines it. Times are in seconds,
// days are those of the project's time zone. Of the charts that were not asked
// for there is nothing.
type Insights struct {
	Query      string      `json:"query,omitempty"`
	From       flow.Day    `json:"from"`
	To         flow.Day    `json:"to"`
	Zone       string      `json:"zone"`
	Tasks      int         `json:"tasks"`            // without those that were archived before they were completed
	Finished   int         `json:"finished"`         // at any time
	Enough     bool        `json:"enough"`           // there are 10 finished tasks or more
	Reason     string      `json:"reason,omitempty"` // why not
	Cycle      *CycleTimes `json:"cycle,omitempty"`
	Throughput *Throughput `json:"throughput,omitempty"`
	Burnup     []BurnupDay `json:"burnup,omitempty"`
	Flow       []FlowDay   `json:"flow,omitempty"`
	Aging      *Aging      `json:"aging,omitempty"`
	Time       *StageTimes `json:"time,omitempty"`
}

// CycleTimes are the times from start to finish of what was finished in the
// window, the last 2,000 of them one by one.
type CycleTimes struct {
	Count  int          `json:"count"`
	P50    int64        `json:"p50_seconds"`
	P85    int64        `json:"p85_seconds"` // the service level
	P95    int64        `json:"p95_seconds"`
	Points []CyclePoint `json:"points"`
}

// A CyclePoint is a finished task.
type CyclePoint struct {
	Key      plan.Key  `json:"key"`
	Finished time.Time `json:"finished"`
	Seconds  int64     `json:"seconds"`
}

// Throughput is how many tasks were finished on each day.
type Throughput struct {
	Count  int             `json:"count"`
	PerDay float64         `json:"per_day"`
	Days   []ThroughputDay `json:"days"`
}

// A ThroughputDay is a day with how many tasks were finished on it.
type ThroughputDay struct {
	Day      flow.Day `json:"day"`
	Finished int      `json:"finished"`
}

// A BurnupDay is what was planned and what was done at the end of a day.
type BurnupDay struct {
	Day   flow.Day `json:"day"`
	Scope int      `json:"scope"`
	Done  int      `json:"done"`
}

// A FlowDay is how many tasks had come, were started, submitted and finished
// at the end of a day.
type FlowDay struct {
	Day       flow.Day `json:"day"`
	Arrived   int      `json:"arrived"`
	Started   int      `json:"started"`
	Submitted int      `json:"submitted"`
	Finished  int      `json:"finished"`
}

// Aging is what was started and is not finished, the oldest first, 50 at most,
// against the cycle times of the window.
type Aging struct {
	P50   int64       `json:"p50_seconds"`
	P85   int64       `json:"p85_seconds"`
	P95   int64       `json:"p95_seconds"`
	Items []AgingTask `json:"items"`
	More  int         `json:"more,omitempty"`
}

// An AgingTask is a task with its age: the time since its start.
type AgingTask struct {
	Key     plan.Key        `json:"key"`
	Title   string          `json:"title"`
	Status  plan.TaskStatus `json:"status"`
	Agent   string          `json:"agent,omitempty"`
	Seconds int64           `json:"seconds"`
	Over    string          `json:"over,omitempty"` // the highest percentile that it exceeds: p50, p85 or p95
}

// StageTimes is where the time of tasks went between start and finish, or up
// to now: those that were finished in the window, and those that are under way.
type StageTimes struct {
	Held       int64       `json:"held_seconds"`
	Waiting    int64       `json:"waiting_seconds"`
	Blocked    int64       `json:"blocked_seconds"`
	Review     int64       `json:"review_seconds"`
	Efficiency float64     `json:"efficiency_pct"` // held of all
	Agents     []AgentTime `json:"agents"`
}

// An AgentTime is what an agent did of these tasks.
type AgentTime struct {
	Agent    string `json:"agent"`
	Finished int    `json:"finished"`
	Held     int64  `json:"held_seconds"`
	P50      int64  `json:"p50_seconds,omitempty"`
	P85      int64  `json:"p85_seconds,omitempty"`
}

const (
	insightDays = 90
	mostDays    = 3650
	mostPoints  = 2000
	mostAging   = 50
)

// window reads how many days to look back.
func (in ShowInsights) window() (int, error) {
	days := insightDays
	if in.Days != nil {
		days = *in.Days
	}
	if days < 1 || days > mostDays {
		return 0, plan.Errorf(plan.Invalid, "days must be 1 to %d, not %d", mostDays, days).WithCode("bad_days")
	}
	if in.Chart != "" && !slices.Contains(Charts(), in.Chart) {
		return 0, plan.Errorf(plan.Invalid, "unknown chart %.40q", in.Chart).WithCode("bad_chart").
			WithHint("use one of %s", strings.Join(Charts(), ", "))
	}
	return days, nil
}

// Insights returns how work flows through the tasks of a query.
func (t *Tracker) Insights(ctx context.Context, in ShowInsights) (out Insights, err error) {
	days, err := in.window()
	if err != nil {
		return out, err
	}
	f, err := t.scopeFilter(ctx, in.Query)
	if err != nil {
		return out, err
	}
	return read(ctx, t, func(tx *store.Tx) (out Insights, err error) {
		var s flowing
		if strings.TrimSpace(in.Query) == "" {
			s, err = loadWindow(tx, days)
		} else {
			s, err = loadFlow(tx, f)
		}
		if err != nil {
			return out, err
		}
		out = s.insights(days, in.Chart)
		out.Query = in.Query
		return out, out.Aging.addTitles(tx)
	})
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

// scopeFilter is the tasks of an epic, of a feature, or of a query.
func (t *Tracker) scopeFilter(ctx context.Context, scope string) (store.TaskFilter, error) {
	if k, err := plan.ParseKey(strings.TrimSpace(scope)); err == nil && k.Level() != plan.LevelTask {
		return store.TaskFilter{Under: k}, nil
	} else if err == nil {
		scope = "key:" + k.String()
	}
	return t.taskFilter(ctx, ListTasks{Query: scope})
}

// A flowing is tasks with how they flow, at one moment.
type flowing struct {
	tasks  []flow.Task
	titles map[plan.Key]string // of what is open
	now    time.Time           // in the project's time zone
	rest   flow.Rest           // what is counted only
}

// loadFlow reads the tasks of a filter with their moves.
func loadFlow(tx *store.Tx, f store.TaskFilter) (s flowing, err error) {
	if err := firstError(scopeExists(tx, f.Under), keysExist(tx, f.Condition)); err != nil {
		return s, err
	}
	if s.now, err = zonedNow(tx); err != nil {
		return s, err
	}
	err = s.read(func(task func(plan.Task), move func(store.StatusMove)) error { return tx.EachFlow(f, task, move) })
	return s, err
}

// loadWindow reads the tasks of the whole plan that something happened to in the
// last days, and counts the others: what was finished before, or was never
// begun, needs no more.
func loadWindow(tx *store.Tx, days int) (s flowing, err error) {
	if s.now, err = zonedNow(tx); err != nil {
		return s, err
	}
	// Two days more than there are: whatever the time zone, what is before that
	// is before the first day. The others are told apart by their days.
	since := (flow.DayOf(s.now, s.now.Location()) - flow.Day(days) - 1).Date()
	rest, err := tx.FlowRest(since)
	if err != nil {
		return s, err
	}
	s.rest = flow.Rest{Finished: rest.Finished, Waiting: rest.Waiting, Older: rest.Older, Came: map[flow.Day]int{}}
	for _, c := range rest.Came {
		s.rest.Came[flow.DayOf(c.Minute, s.now.Location())] += c.Count
	}
	err = s.read(func(task func(plan.Task), move func(store.StatusMove)) error {
		return tx.EachFlowSince(since, task, move)
	})
	return s, err
}

// read takes the tasks that each tells of, and follows their moves.
func (s *flowing) read(each func(task func(plan.Task), move func(store.StatusMove)) error) error {
	s.titles = map[plan.Key]string{}
	var follower flow.Follower
	at := -1
	next := func() {
		follower.End(s.now)
		if at++; at < len(s.tasks) {
			follower.Follow(&s.tasks[at])
		}
	}
	err := each(func(t plan.Task) {
		s.tasks = append(s.tasks, flowTask(t))
		if !t.Done() && t.Title != "" {
			s.titles[t.Key] = t.Title
		}
	}, func(m store.StatusMove) {
		for at < len(s.tasks) && (at < 0 || s.tasks[at].Key.Ordinal() < m.Task) {
			next()
		}
		if at < len(s.tasks) && s.tasks[at].Key.Ordinal() == m.Task {
			follower.Move(flow.Move{To: m.To, At: m.At, Agent: m.Agent})
		}
	})
	for at < len(s.tasks) {
		next()
	}
	return err
}

// flowTask is what the figures need of a task.
func flowTask(t plan.Task) flow.Task {
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
