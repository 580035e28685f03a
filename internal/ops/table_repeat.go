package ops

import "pm/internal/tracker"

func repeats() []Op {
	return []Op{
		define(Op{Name: "repeat show", Effect: Reads, Route: "GET /v1/tasks/{key}/repeat", Summary: "Show the next dates of a recurring task",
			Detail:   "Shows the next three dates, provided each task is completed in time. Set a rule with --repeat on pm task create or pm update. Completing the task creates the next one, with its dates moved forward and its checklist open. Reopening it does not create another one; archiving it ends the series.",
			Examples: []string{"repeat show T-E01-F01-001"}},
			(*tracker.Tracker).ShowRepeat),
	}
}
