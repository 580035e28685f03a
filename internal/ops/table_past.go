package ops

import "pm/internal/tracker"

// pasts are the operations that compare the plan with what it was.
func pasts() []Op {
	return []Op{
		define(Op{Name: "plan diff", Daily: "diff", Effect: Reads, Route: "GET /v1/diff", Summary: "Show what of the plan differs between two moments",
			Detail:   "What was made, deleted and moved, each field before and after, and how progress went, of an item with what lies under it or of the plan. What was changed and changed back does not differ. A day means its beginning.",
			Examples: []string{"diff --from 1h", "diff E01 --from 1h --json", "diff --from 2d --to 1d --markdown"}},
			(*tracker.Tracker).Diff),
		define(Op{Name: "plan report", Daily: "report", Effect: Reads, Route: "GET /v1/report", Summary: "Report what happened since a moment",
			Detail:   "What was done, started and added, what slipped, what is blocked, the progress of each epic, and what is due next. --since last means since you ran pm report last.",
			Examples: []string{"report", "report --since 1d --markdown", "report --since last --html"}},
			(*tracker.Tracker).Report),
	}
}
