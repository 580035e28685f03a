package tracker

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// CreateTask is the input of Tracker.CreateTask.
type CreateTask struct {
	Feature        string      `json:"feature" jsonschema:"key of the feature the task belongs to" arg:"feature"`
	Title          string      `json:"title" jsonschema:"what to do, in one line" arg:"title"`
	Description    string      `json:"description,omitempty" jsonschema:"description, Markdown" short:"d"`
	Priority       *int        `json:"priority,omitempty" jsonschema:"1 (most urgent) to 10 (least); 5 if not given" short:"p"`
	AgentType      string      `json:"agent_type,omitempty" jsonschema:"the type of agent it needs: backend, frontend, testing or any word" short:"t"`
	DependsOn      []string    `json:"depends_on,omitempty" jsonschema:"keys of the tasks that must be done before it"`
	FilePath       string      `json:"file_path,omitempty" jsonschema:"a project file that the task is about"`
	Labels         []string    `json:"labels,omitempty" jsonschema:"labels, each one word" flag:"label" short:"l"`
	Kind           string      `json:"kind,omitempty" jsonschema:"kind of task: bug, chore, spike or any word"`
	Stage          string      `json:"stage,omitempty" jsonschema:"the stage to start in; the first one if not given"`
	Due            string      `json:"due,omitempty" jsonschema:"due date, a day or a time: 2026-12-01, fri, +7d, 2026-12-01T15:00"`
	Assignee       string      `json:"assignee,omitempty" jsonschema:"the agent to assign it to: pm next offers it to nobody else"`
	Defer          string      `json:"defer,omitempty" jsonschema:"defer until this day or time: 2026-12-01, mon, +7d, 2026-12-01T15:00"`
	Estimate       plan.Typed  `json:"estimate,omitempty" jsonschema:"estimate, in hours unless the project uses another unit: 2.5, 90m"`
	Checks         []string    `json:"checks,omitempty" jsonschema:"what must be true before it is done, one line each" flag:"check" list:"whole"`
	Fields         plan.Fields `json:"fields,omitempty" jsonschema:"custom fields, such as severity=high" flag:"set"`
	Repeat         string      `json:"repeat,omitempty" jsonschema:"how often it repeats after it is completed: daily, weekly, every 2 weeks on mon,thu, monthly, yearly, or an RRULE"`
	DiscoveredFrom string      `json:"discovered_from,omitempty" jsonschema:"key of the item you were working on when you found the need for it"`
}

// dated reports whether a date is given.
func (in CreateTask) dated() bool { return in.Due+in.Defer != "" }

// CreateTask adds a task under the next free key of its feature.
func (t *Tracker) CreateTask(ctx context.Context, in CreateTask) (plan.Task, error) {
	out, err := t.AddTask(ctx, in)
	if err != nil {
		return plan.Task{}, err
	}
	return out.Items[0], nil
}

// AddTask is CreateTask with what comes next and what to know of it.
func (t *Tracker) AddTask(ctx context.Context, in CreateTask) (Changed, error) {
	return t.createTasks(ctx, CreateTasks{Tasks: []CreateTask{in}})
}

// CreateTasks is the input of Tracker.CreateTasks.
type CreateTasks struct {
	Tasks []CreateTask `json:"tasks" jsonschema:"the tasks to create, each with the fields of task create"`
	Lines []int        `json:"-"` // where each was read, for errors; may be nil
}

// at says which of the tasks an error is about.
func (in CreateTasks) at(i int, err error) error {
	switch {
	case i < len(in.Lines):
		return fmt.Errorf("line %d: %w", in.Lines[i], err)
	case len(in.Tasks) > 1:
		return fmt.Errorf("task %d: %w", i+1, err)
	}
	return err
}

// Tasks is an answer of several tasks.
type Tasks struct {
	Items    []plan.Task `json:"items"`
	Warnings []Warning   `json:"warnings,omitempty"`
}

// drafts returns the tasks that are described; their days and times are looked at
// from now.
func (in CreateTasks) drafts(now time.Time) (drafts []draft, err error) {
	drafts = make([]draft, len(in.Tasks))
	for i, one := range in.Tasks {
		if drafts[i], err = newDraft(one, now); err != nil {
			return nil, in.at(i, err)
		}
	}
	return drafts, nil
}

// CreateTasks adds tasks in one transaction: all or none. They get their keys
// in the order given.
func (t *Tracker) CreateTasks(ctx context.Context, in CreateTasks) (Tasks, error) {
	out, err := t.createTasks(ctx, in)
	return Tasks{out.Items, out.Warnings}, err
}

func (t *Tracker) createTasks(ctx context.Context, in CreateTasks) (Changed, error) {
	dated := slices.ContainsFunc(in.Tasks, CreateTask.dated)
	drafts, err := in.drafts(time.Now())
	if err != nil {
		return Changed{}, err
	}
	return write(ctx, t, call{"task create", in}, func(tx *store.Tx) (out Changed, err error) {
		if dated { // days are those of the time zone of the project
			now, err := keptNow(tx)
			if err != nil {
				return out, err
			}
			if drafts, err = in.drafts(now); err != nil {
				return out, err
			}
		}
		tasks, estimate := make([]plan.Task, len(drafts)), parseEstimate(tx)
		for i, d := range drafts {
			if tasks[i], err = d.within(tx, estimate); err != nil {
				return out, in.at(i, err)
			}
		}
		// Before the features and epics, as everybody locks them: in another
		// order two transactions could wait for each other.
		if err := tx.LockTasks(dependencies(drafts)); err != nil {
			return out, err
		}
		if i, err := assignKeys(tx, tasks); err != nil {
			return out, in.at(i, fmt.Errorf("create task %q: %w", tasks[i].Title, err))
		}
		bulk, known := tx.NewBulk(), map[plan.Key]plan.Task{}
		for i := range tasks {
			warnings, err := insertTask(tx, bulk, &tasks[i], drafts[i].dependsOn, known)
			if err != nil {
				return out, in.at(i, fmt.Errorf("create task %q: %w", tasks[i].Title, err))
			}
			known[tasks[i].Key] = tasks[i]
			out.Warnings = append(out.Warnings, warnings[:min(len(warnings), mostWarnings-len(out.Warnings))]...)
		}
		if err := firstError(bulk.Flush(), addBeside(tx, tasks)); err != nil {
			return out, err
		}
		out.Items = tasks
		if len(tasks) == 1 && tasks[0].Ready(tasks[0].CreatedAt) {
			out.NextCommands = []string{"pm claim " + tasks[0].Key.String()}
		}
		inactive, err := notOffered(tx, tasks)
		out.Warnings = append(inactive, out.Warnings...)
		return out, err
	})
}

// mostWarnings is of how many dependencies the answer to new tasks warns.
const mostWarnings = 20

// A draft is a task that was checked but has no key yet.
type draft struct {
	task      plan.Task
	dependsOn []plan.Key
	estimate  plan.Typed // one that names a unit
}

// within returns the task, with what only the database knows of it: the types
// of its custom fields, the unit of estimates, and where the Inbox is.
func (d draft) within(tx *store.Tx, estimate func(plan.Typed) (plan.Estimate, error)) (t plan.Task, err error) {
	if t = d.task; len(t.Fields) > 0 {
		t.Fields, err = newFields(tx, plan.LevelTask, t.Fields)
	}
	if err == nil && t.Stage != "" {
		t.Stage, err = parseStage(tx)(t.Stage)
	}
	if err == nil && d.estimate != "" {
		t.Estimate, err = estimate(d.estimate)
	}
	if err == nil && t.FeatureKey.IsZero() {
		t.FeatureKey, err = inbox(tx)
	}
	return t, err
}

// dependencies returns the tasks that drafts depend on, or were discovered from, in the order of their keys.
func dependencies(drafts []draft) (keys []plan.Key) {
	for _, d := range drafts {
		keys = append(keys, d.dependsOn...)
		for _, l := range d.task.Links {
			if k, is := l.Item(); is && k.Level() == plan.LevelTask {
				keys = append(keys, k)
			}
		}
	}
	slices.SortFunc(keys, plan.Key.Compare)
	return slices.Compact(keys)
}

func newDraft(in CreateTask, now time.Time) (d draft, err error) {
	d.task = plan.Task{Title: in.Title, Description: in.Description, Status: plan.Todo, Priority: plan.DefaultPriority,
		FilePath: in.FilePath, Labels: plan.SortLabels(in.Labels), Fields: in.Fields}
	if in.Priority != nil {
		d.task.Priority = *in.Priority
	}
	d.task.FeatureKey, err = featureOf(in.Feature)
	if err == nil {
		d.task.AgentType, err = plan.ParseTrade(in.AgentType)
	}
	if err == nil {
		d.task.Kind, err = parseKind(in.Kind)
	}
	if err == nil && in.Stage != "" {
		d.task.Stage, err = plan.StageName(in.Stage)
	}
	if err == nil {
		d.task.Due, err = parseDate("due date", now)(in.Due)
	}
	if err == nil {
		err = setDefer(&d.task.Defer, &d.task.DeferFrom, &in.Defer, now)
	}
	d.task.Assignee = in.Assignee
	if err == nil {
		d.task.Repeat, err = parseRepeat(in.Repeat)
	}
	if in.Estimate.NamesUnit() {
		d.estimate = in.Estimate
	} else if err == nil {
		d.task.Estimate, err = plan.ParseEstimate(string(in.Estimate))
	}
	if err == nil && len(in.Checks) > 0 {
		err = appendChecks(&d.task, in.Checks)
	}
	if err == nil && in.DiscoveredFrom != "" {
		var from plan.Key
		from, err = plan.ParseKey(in.DiscoveredFrom)
		d.task.Links = []plan.Link{{As: plan.DiscoveredFrom, To: from.String()}}
	}
	if err = firstError(err, plan.CheckTask(d.task)); err == nil && len(in.DependsOn) > 0 {
		d.dependsOn, err = anyKeys(in.DependsOn)
	}
	return d, err
}

// assignKeys gives the tasks their keys, feature by feature, counts them in,
// finds out whether they are offered as work, and puts those that are in no
// stage into the first one. It returns, with an error,
// the first task of the feature that the error is about.
func assignKeys(tx *store.Tx, tasks []plan.Task) (int, error) {
	byFeature := map[plan.Key][]int{}
	for i, t := range tasks {
		byFeature[t.FeatureKey] = append(byFeature[t.FeatureKey], i)
	}
	epics, staged := counts{}, false
	for _, f := range slices.SortedFunc(maps.Keys(byFeature), plan.Key.Compare) {
		which, sums := byFeature[f], tally{}
		for _, i := range which {
			sums = sums.Plus(store.SumsOf(tasks[i]))
		}
		key, above, err := tx.NextTaskKeys(f, len(which))
		if err == nil {
			err = tx.AddFeatureCounts(f, sums)
		}
		if err != nil {
			return which[0], err
		}
		staged = staged || above.Staged
		epics.addTally(f.EpicKey(), sums)
		for _, i := range which {
			tasks[i].Key, tasks[i].EpicKey = key, key.EpicKey()
			tasks[i].Offered, tasks[i].NotBefore = above.Offers(), above.DeferFrom
			key.Task++
		}
	}
	for _, e := range slices.SortedFunc(maps.Keys(epics), plan.Key.Compare) {
		above, err := tx.AddEpicCounts(e, epics[e])
		if err != nil {
			return 0, err
		}
		now, err := tx.Now()
		if err != nil {
			return 0, err
		}
		for i := range tasks {
			if tasks[i].EpicKey == e {
				tasks[i].Offered = tasks[i].Offered && above.Offers()
				tasks[i].DeferUntil(tasks[i].NotBefore, above.DeferFrom, now)
			}
		}
	}
	if staged {
		return 0, startInLine(tx, tasks)
	}
	return 0, nil
}

// insertTask adds a task, and warns of dependencies that hold it back from
// nothing. Known are tasks that this transaction has added or locked, to which it
// adds those that it locks.
func insertTask(tx *store.Tx, bulk *store.Bulk, task *plan.Task, dependsOn []plan.Key, known map[plan.Key]plan.Task) (out []Warning, err error) {
	if task.CreatedAt, err = tx.At(); err != nil {
		return nil, err
	}
	slices.SortFunc(dependsOn, plan.Key.Compare)
	on := make([]plan.Task, 0, len(dependsOn))
	for _, k := range dependsOn {
		over := false
		if k.Level() != plan.LevelTask {
			if over, err = levelOver(tx, k); err != nil {
				return nil, err
			}
		} else {
			one, here := known[k]
			if !here {
				if one, err = tx.LockTask(k); err != nil {
					return nil, err
				}
				known[k] = one
			}
			on = append(on, one)
			if over, err = settled(tx, one); err != nil {
				return nil, err
			}
		}
		if !over {
			task.OpenDependencies++
		}
	}
	task.DependsOn = dependsOn
	if err := bulk.Insert(task, plan.History{}); err != nil {
		return nil, err
	}
	return notWaitedFor(tx, task.Key, on)
}

// addBeside stores what new tasks depend on and were discovered from, once they
// are there.
func addBeside(tx *store.Tx, tasks []plan.Task) error {
	var levels []store.Edge
	edges := func(yield func(store.Edge) bool) {
		for _, t := range tasks {
			for _, k := range t.DependsOn {
				e := store.Edge{Task: t.Key, DependsOn: k}
				if e.IsLevel() {
					levels = append(levels, e)
				} else if !yield(e) {
					return
				}
			}
		}
	}
	if err := tx.AddDependencies(edges); err != nil {
		return err
	}
	for _, e := range levels {
		if _, err := tx.AddLevelEdge(e); err != nil {
			return err
		}
	}
	return firstError(checkNewCycles(tx, tasks), addOrigins(tx, tasks))
}

// addOrigins stores what new tasks were discovered from.
func addOrigins(tx *store.Tx, tasks []plan.Task) error {
	var links []store.LinkRow
	for _, t := range tasks {
		for _, l := range t.Links {
			row := store.LinkRowOf(t.Key, l)
			if _, err := lockItem(tx, row.To); err != nil {
				return fmt.Errorf("create task %q: %w", t.Title, err)
			}
			links = append(links, row)
		}
	}
	if len(links) == 0 {
		return nil
	}
	return tx.AddLinks(links)
}

// checkNewCycles refuses new tasks that close a circle through what lies under
// what waits.
func checkNewCycles(tx *store.Tx, tasks []plan.Task) error {
	levels, err := tx.HasLevelEdges()
	for _, t := range tasks {
		for _, k := range t.DependsOn {
			if levels && err == nil {
				err = refuseCycle(tx, store.Edge{Task: t.Key, DependsOn: k})
			}
		}
	}
	return err
}
