package cli

import (
	"slices"
	"time"

	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// Answers in JSON are read by models, who pay for each word. What few need is
// left out of what --json prints, unless --full is given: what seals a record of
// the history, in lists of them, and what a command did not change of a task.
// Filters and --fields see all of it.

// sealed are the operations with records of the history in their answers.
var sealed = []string{"plan log", "plan status"}

// briefly are the operations that change a task's place, state or company, and
// whose caller knows what the task is about.
var briefly = []string{"task submit", "task complete", "task approve", "task reject", "task release", "task renew", "task block", "task unblock", "task reopen",
	"task archive", "task handoff", "task order", "item move", "check add", "check tick", "check untick", "check move", "check remove", "label add", "label remove", "dep add", "dep remove"}

// addFull gives a command --full if its JSON is not all there is.
func (a *app) addFull(cmd *cobra.Command, op ops.Op) {
	about := ""
	switch {
	case slices.Contains(sealed, op.Name):
		about = "with --json: print the operation and the hash of each record too"
	case slices.Contains(briefly, op.Name):
		about = "with --json: print all fields, also what the command does not change"
	case op.Name == "task next" || op.Name == "note add":
		about = "with --json: print all fields"
	default:
		return
	}
	cmd.Flags().BoolVar(&a.full, "full", false, about)
}

// spared is the answer as --json prints it.
func (a *app) spared(answer any) any {
	if a.full {
		return answer
	}
	switch v := answer.(type) {
	case tracker.Page[plan.History]:
		return tracker.Page[unsealed]{Items: withoutSeals(v.Items), More: v.More, NextCursor: v.NextCursor, Complete: v.Complete, Uncounted: v.Uncounted}
	case tracker.Status:
		return struct {
			tracker.Status
			Last []outlined `json:"last_changes"`
		}{v, outlines(v.Last)}
	case tracker.NextTask:
		return nextBriefly(v)
	case plan.Note:
		if a.running == "note add" {
			return struct {
				plan.Note
				CreatedAt string `json:"created_at,omitempty"` // now
			}{Note: v}
		}
	}
	if slices.Contains(briefly, a.running) {
		return a.sparedChange(answer)
	}
	return answer
}

// sparedChange is spared for what is left of an answer after a change of one kind.
func (a *app) sparedChange(answer any) any {
	switch v := answer.(type) {
	case tracker.Changed:
		tasks := make([]briefTask, len(v.Items))
		for i, task := range v.Items {
			tasks[i] = a.brief(task)
		}
		if len(tasks) == 1 {
			return struct {
				briefTask
				tracker.Beside
			}{tasks[0], v.Beside}
		}
		return struct {
			Items []briefTask `json:"items"`
			tracker.Beside
		}{tasks, v.Beside}
	case tracker.Items:
		v.Items = slices.Clone(v.Items)
		for i := range v.Items {
			v.Items[i] = undescribed(v.Items[i])
		}
		return v
	case tracker.Item:
		return undescribed(v)
	}
	return answer
}

// undescribed is an item without its description, if it is a task.
func undescribed(item tracker.Item) tracker.Item {
	if item.Task != nil {
		task := *item.Task
		task.Description = ""
		item.Task = &task
	}
	return item
}

// briefTask is a task after a command that left most of it as it was: its own
// names hide those of the task, and are left out if they are not set.
type briefTask struct {
	plan.Task
	Description string     `json:"description,omitempty"`
	FeatureKey  string     `json:"feature_key,omitempty"`
	EpicKey     string     `json:"epic_key,omitempty"`
	AgentType   string     `json:"agent_type,omitempty"`
	FilePath    string     `json:"file_path,omitempty"`
	DependsOn   []plan.Key `json:"depends_on,omitempty"`
	Open        *int       `json:"open_dependencies,omitempty"`
	CreatedAt   string     `json:"created_at,omitempty"`
	StartedAt   *time.Time `json:"started_at,omitempty"`
	UpdatedAt   string     `json:"updated_at,omitempty"`
}

// brief is a task after the running command, with what that is about.
func (a *app) brief(t plan.Task) briefTask {
	b := briefTask{Task: t}
	if a.running == "task renew" {
		b.StartedAt = t.StartedAt // beside the end of the lease
	}
	return b
}

// nextBriefly is a task as next gives it: when it was created and last changed says
// nothing about the work, and its key says what it is in.
func nextBriefly(n tracker.NextTask) any {
	if n.Task == nil {
		return n
	}
	t := *n.Task
	return struct {
		Task briefTask `json:"task"`
		tracker.NextTask
	}{briefTask{Task: t, Description: t.Description, AgentType: t.AgentType, FilePath: t.FilePath, DependsOn: t.DependsOn}, n}
}

// unsealed is a record as it is listed: its own names hide those of the record.
type unsealed struct {
	plan.History
	Operation string `json:"operation,omitempty"`
	Hash      string `json:"hash,omitempty"`
}

// outlined is a record of which only is said that it happened.
type outlined struct {
	unsealed
	Change *struct{} `json:"change,omitempty"`
}

func outlines(records []plan.History) []outlined {
	all := make([]outlined, len(records))
	for i, r := range withoutSeals(records) {
		all[i].unsealed = r
	}
	return all
}

func withoutSeals(records []plan.History) []unsealed {
	all := make([]unsealed, len(records))
	for i, r := range records {
		all[i].History = r
	}
	return all
}
