package cli

import (
	"slices"

	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// Answers in JSON are read by models, who pay for each word. What few need is
// left out of what --json prints, unless --full is given: what seals a record of
// the history, in lists of them, and the description of a task that a command did
// not change. Filters and --fields see all of it.

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
		about = "with --json: print the description too"
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
			Last []unsealed `json:"last_changes"`
		}{v, withoutSeals(v.Last)}
	case tracker.Changed:
		if !slices.Contains(briefly, a.running) {
			return answer
		}
		v.Items = slices.Clone(v.Items)
		for i := range v.Items {
			v.Items[i].Description = ""
		}
		return v
	case tracker.Items:
		if !slices.Contains(briefly, a.running) {
			return answer
		}
		v.Items = slices.Clone(v.Items)
		for i := range v.Items {
			v.Items[i] = undescribed(v.Items[i])
		}
		return v
	case tracker.Item:
		if !slices.Contains(briefly, a.running) {
			return answer
		}
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

// unsealed is a record as it is listed: its own names hide those of the record.
type unsealed struct {
	plan.History
	Operation string `json:"operation,omitempty"`
	Hash      string `json:"hash,omitempty"`
}

func withoutSeals(records []plan.History) []unsealed {
	all := make([]unsealed, len(records))
	for i, r := range records {
		all[i].History = r
	}
	return all
}
