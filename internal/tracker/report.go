package tracker

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// ShowReport is the input of Tracker.Report.
type ShowReport struct {
	Since string `json:"since,omitempty" jsonschema:"start: a day or time such as monday or 3d, or an operation; a week ago if not given. On the command line also last: since you last ran it"`
}

// A Report is what happened to the plan since a moment, for whoever leads it.
type Report struct {
	Since    time.Time        `json:"since"`
	Until    time.Time        `json:"until"`
	Progress ProgressChange   `json:"progress"` // of the plan
	Done     []ReportedTask   `json:"done"`
	Started  []ReportedTask   `json:"started"`
	New      []ReportedTask   `json:"new"`
	Slipped  []ReportedTask   `json:"slipped"` // overdue, or put off
	Blocked  []ReportedTask   `json:"blocked"` // all that are
	Epics    []ProgressChange `json:"epics"`   // that got further, or got more tasks
	Due      []ReportedTask   `json:"due"`     // within the next seven days, epics and features, too
	Warnings []Warning        `json:"warnings,omitempty"`
}

// A ReportedTask is a task in a report, or where dates are concerned an epic or
// a feature.
type ReportedTask struct {
	Key    plan.Key  `json:"key"`
	Title  string    `json:"title"`
	Agent  string    `json:"agent,omitempty"`
	Due    plan.Date `json:"due,omitempty"`
	Was    plan.Date `json:"due_before,omitempty"` // of one that was put off
	Reason string    `json:"reason,omitempty"`     // of one that is blocked
}

// mostReported is how many tasks each list of a report has at most.
const mostReported = 200

// Report returns what happened since a moment.
func (t *Tracker) Report(ctx context.Context, in ShowReport) (Report, error) {
	if in.Since == "last" {
		return Report{}, plan.Errorf(plan.Invalid, "invalid since %q: only the command line remembers when you ran it last", in.Since).WithCode("bad_date").WithHint("name a time such as monday or 3d")
	}
	m, err := t.momentOf(ctx, "since", cmp.Or(in.Since, "7d"))
	if err != nil {
		return Report{}, err
	}
	c, err := t.compare(ctx, m, store.Moment{}, plan.Key{})
	if err != nil {
		return Report{}, err
	}
	out := Report{Since: m.At, Until: c.To.At, Progress: c.whole, Epics: []ProgressChange{}, Warnings: c.Warnings}
	out.Done, out.Started, out.New, out.Slipped, out.Blocked, out.Due = []ReportedTask{}, []ReportedTask{}, []ReportedTask{}, []ReportedTask{}, []ReportedTask{}, []ReportedTask{}
	for _, p := range c.Progress {
		if !p.Key.IsZero() && p.Key.Level() == plan.LevelEpic {
			out.Epics = append(out.Epics, p)
		}
	}
	if err := t.reportTasks(ctx, c, &out); err != nil {
		return out, err
	}
	for _, l := range []struct {
		query string
		into  *[]ReportedTask
	}{{"is:overdue sort:due", &out.Slipped}, {"status:blocked", &out.Blocked}, {"is:open -is:overdue due:..+7d sort:due", &out.Due}} {
		page, err := t.ListTasks(ctx, ListTasks{Query: l.query, Limit: ptrTo(mostReported)})
		if err != nil {
			return out, err
		}
		for _, task := range page.Items {
			if !slices.ContainsFunc(*l.into, func(r ReportedTask) bool { return r.Key == task.Key }) {
				*l.into = append(*l.into, reported(task))
			}
		}
	}
	return out, t.reportDates(ctx, c, &out)
}

// reportDates adds the epics and features that slipped or are due, and puts what
// is due in the order of its dates.
func (t *Tracker) reportDates(ctx context.Context, c *comparison, out *Report) error {
	return look(ctx, t, func(tx *store.Tx) error {
		now, err := zonedNow(tx)
		if err != nil {
			return err
		}
		end := func(d plan.Date) time.Time { return d.End(now.Location()) }
		soon := end(plan.DayOf(now.AddDate(0, 0, 7)))
		all, err := tx.DueParts()
		for _, i := range all {
			r := ReportedTask{Key: i.Key, Title: i.Title, Due: i.Due}
			if b, changed := c.items[i.Key]; changed && b.there() {
				if before := dueBefore(b.records); before != "" && i.Due > before {
					r.Was = before
				}
			}
			switch {
			case r.Was != "" || end(i.Due).Before(now):
				out.Slipped = atMost(out.Slipped, r)
			case !end(i.Due).After(soon):
				out.Due = append(out.Due, r)
			}
		}
		plan.Sort(out.Due, func(a, b ReportedTask) int { return cmp.Or(end(a.Due).Compare(end(b.Due)), a.Key.Compare(b.Key)) })
		out.Due = out.Due[:min(len(out.Due), mostReported)]
		return err
	})
}

func ptrTo(n int) *int { return &n }

func reported(t plan.Task) ReportedTask {
	return ReportedTask{Key: t.Key, Title: t.Title, Agent: cmp.Or(t.AssignedAgent, t.Assignee), Due: t.Due, Reason: t.BlockedReason}
}

// reportTasks sorts the tasks that changed by what became of them.
func (t *Tracker) reportTasks(ctx context.Context, c *comparison, out *Report) error {
	var keys []plan.Key
	for _, k := range slices.SortedFunc(maps.Keys(c.items), plan.Key.Compare) {
		if !k.IsZero() && k.Level() == plan.LevelTask && c.items[k].stayed() {
			keys = append(keys, k)
		}
	}
	tasks, err := read(ctx, t, func(tx *store.Tx) ([]plan.Task, error) { return tx.TasksOf(keys) })
	for _, task := range tasks {
		b := c.items[task.Key]
		was := plan.TaskStatus(b.records[0].OldStatus)
		switch {
		case task.Status == plan.Completed && was != plan.Completed:
			out.Done = atMost(out.Done, reported(task))
		case task.Status == plan.InProgress && was != plan.InProgress:
			out.Started = atMost(out.Started, reported(task))
		}
		if !b.there() {
			out.New = atMost(out.New, reported(task))
		}
		if before := dueBefore(b.records); before != "" && task.Due > before && !task.Done() {
			r := reported(task)
			r.Was = before
			out.Slipped = atMost(out.Slipped, r)
		}
	}
	return err
}

func atMost(list []ReportedTask, r ReportedTask) []ReportedTask {
	if len(list) >= mostReported {
		return list
	}
	return append(list, r)
}

// dueBefore returns the due date that a task had before its records changed it.
func dueBefore(records []plan.History) plan.Date {
	for _, h := range records {
		if v, changed := h.Change["due"]; changed {
			s, _ := v[0].(string)
			return plan.Date(s)
		}
	}
	return ""
}
