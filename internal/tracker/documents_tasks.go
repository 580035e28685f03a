package tracker

import (
	"slices"
	"strings"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
)

// taskOf returns the task that a document describes, without what only the
// database knows.
func taskOf(d interchange.TaskDoc) plan.Task {
	return plan.Task{Key: d.Key, FeatureKey: d.Key.FeatureKey(), EpicKey: d.Key.EpicKey(), Title: d.Title, Description: d.Description,
		Status: d.Status, AgentType: d.AgentType, AssignedAgent: d.AssignedAgent, Priority: d.Priority, FilePath: d.Path, BlockedReason: d.BlockedReason,
		StartedAt: d.StartedAt, CompletedAt: d.CompletedAt}
}

// existing returns the tasks that are there under the epics of the documents.
func (i *docImport) existing() (map[plan.Key]plan.Task, error) {
	there := map[plan.Key]plan.Task{}
	for _, e := range i.in.Documents.Epics {
		tasks, err := i.tx.Tasks(store.TaskFilter{Under: e.Key})
		if err != nil {
			return nil, err
		}
		for _, t := range tasks {
			there[t.Key] = t
		}
	}
	return there, nil
}

// edges returns what the documents' tasks depend on: on each other, and on
// tasks that are in the database only. An edge that closes a cycle is left
// out and, as a dependency on what is nowhere, reported: unmet has both.
func (i *docImport) edges() (map[plan.Key][]plan.Key, error) {
	paths := map[plan.Key]string{}
	graph := map[plan.Key][]plan.Key{}
	i.unmet = map[plan.Key][]string{}
	for _, d := range i.tasks {
		paths[d.Key] = d.Path
		graph[d.Key] = slices.Clone(d.DependsOn)
	}
	for cycle := plan.Cycle(graph); cycle != nil; cycle = plan.Cycle(graph) {
		from, to := cycle[len(cycle)-2], cycle[len(cycle)-1]
		graph[from] = slices.DeleteFunc(graph[from], func(k plan.Key) bool { return k == to })
		i.unmet[from] = append(i.unmet[from], to.String()+", in a cycle")
		i.find(paths[from], interchange.Failed, "dependency cycle: %s; the dependency on %s is dropped, and a todo task is imported as blocked", plan.JoinKeys(cycle, " -> "), to)
	}
	for _, d := range i.tasks {
		for _, on := range d.UnknownDependsOn {
			if _, err := i.tx.Task(on); err == nil {
				graph[d.Key] = append(graph[d.Key], on)
			} else if kindOf(err) != plan.NotFound {
				return nil, err
			} else {
				i.unmet[d.Key] = append(i.unmet[d.Key], on.String()+", which is not in the plan")
				i.find(d.Path, interchange.Warning, "depends on %s, which is not in the plan; a todo task is imported as blocked", on)
			}
		}
	}
	return graph, nil
}

// hold blocks a task that would be ready although it depends on something
// that pm cannot hold.
func (i *docImport) hold(t *plan.Task) {
	if unmet := i.unmet[t.Key]; t.Status == plan.Todo && len(unmet) > 0 {
		t.Status, t.BlockedReason = plan.Blocked, "depends on "+strings.Join(unmet, "; ")
	}
}

func (i *docImport) task(d interchange.TaskDoc, there map[plan.Key]plan.Task, dependsOn []plan.Key) error {
	if t, known := there[d.Key]; known {
		return i.known(d, t)
	}
	i.report.Created.Tasks++
	if !(plan.Task{Status: d.Status}).Done() {
		i.left.add(d.Key, i.parents[d.Key.FeatureKey()])
	}
	if i.in.DryRun {
		return nil
	}
	at, err := i.tx.At()
	if err != nil {
		return err
	}
	t := taskOf(d)
	i.hold(&t)
	t.CreatedAt = at
	if d.CreatedAt != nil {
		t.CreatedAt = *d.CreatedAt
	}
	if t.Status == plan.InProgress && t.StartedAt == nil {
		t.StartedAt = &at
	}
	if t.Status == plan.Completed && t.CompletedAt == nil {
		t.CompletedAt = &at
	}
	if t.Status == plan.Blocked {
		t.BlockedAt, t.BlockedFrom = &at, plan.Todo
	}
	t.DependsOn = slices.Compact(slices.SortedFunc(slices.Values(dependsOn), plan.Key.Compare))
	t.Offered = i.offered[t.FeatureKey]
	i.moved.addTally(t.FeatureKey, store.SumsOf(t))
	i.made[t.Key] = t.Status
	return firstError(i.tx.RaiseLastTask(t.FeatureKey, t.Key.Task), i.tx.InsertTask(&t, imported(d.Path)))
}

// known compares a task that is there with its document.
func (i *docImport) known(d interchange.TaskDoc, t plan.Task) error {
	before := t
	t.Title, t.Description, t.Priority, t.AgentType = d.Title, d.Description, d.Priority, d.AgentType
	return i.differing(d.Key, d.Path, t.Since(before), func(h plan.History) error { return i.tx.SaveTask(before, &t, h) })
}

// tie stores the dependencies of the tasks that were created, now that all
// of them are there, and returns those on tasks that are not done.
func (i *docImport) tie(edges map[plan.Key][]plan.Key) (waits []store.Edge, err error) {
	for _, d := range i.tasks {
		if _, created := i.made[d.Key]; !created {
			continue
		}
		for _, on := range edges[d.Key] {
			status, here := i.made[on]
			if !here {
				t, err := i.tx.LockTask(on)
				if err != nil {
					return nil, err
				}
				status = t.Status
			}
			e := store.Edge{Task: d.Key, DependsOn: on}
			added, err := i.tx.AddDependency(e)
			if err != nil {
				return nil, err
			}
			if added && !(plan.Task{Status: status}).Done() {
				waits = append(waits, e)
			}
		}
	}
	return waits, nil
}
