package ops

import "pm/internal/tracker"

// pasts are the operations that compare the plan with its past.
func pasts() []Op {
	return []Op{
		define(Op{Name: "plan diff", Daily: "diff", Effect: Reads, Route: "GET /v1/diff", Summary: "Show how the plan differs between two moments",
			Detail:   "Shows items created, deleted and moved, each changed field before and after, and the change in progress, for an item and everything in it or for the whole plan. A change that was changed back is not shown. A date means the start of that day.",
			Examples: []string{"diff --from 1h", "diff E01 --from 1h --json", "diff --from 2d --to 1d --markdown"}},
			(*tracker.Tracker).Diff),
		define(Op{Name: "plan report", Daily: "report", Effect: Reads, Route: "GET /v1/report", Summary: "Report what happened since a given time",
			Detail:   "Shows completed, started and added tasks, tasks that slipped, blocked tasks, the progress of each epic, and what is due next. --since last means since you last ran pm report.",
			Examples: []string{"report", "report --since 1d --markdown", "report --since last --html"}},
			(*tracker.Tracker).Report),
	}
}
