package ops

import "pm/internal/tracker"

// operations are the operations on operations: what commands changed, and how
// it is taken back.
func operations() []Op {
	return []Op{
		define(Op{Name: "ops list", Effect: Reads, Route: "GET /v1/operations", Summary: "List what changed the plan, command by command",
			Detail:   "The last first: who ran which command when, how many items it changed, and whether it was undone. pm ops show ID shows what it changed.",
			Examples: []string{"ops", "ops --limit 5 --json"}},
			(*tracker.Tracker).ListOperations),
		define(Op{Name: "ops show", Effect: Reads, Route: "GET /v1/operations/{id}", Summary: "Show what an operation changed",
			Detail:   "Each field of each item, before and after. As much of the id will do as tells it from others; last is the last operation of all.",
			Examples: []string{"ops show last", "ops show last --json"}},
			(*tracker.Tracker).ShowOperation),
		define(Op{Name: "plan undo", Daily: "undo", Effect: Writes, Route: "POST /v1/undo", Summary: "Undo an operation",
			Detail:   "Without an ID your last one that is not undone, so that running it again undoes the one before; pm redo brings it back. With an ID any one, whoever made it. --to undoes everything back to an operation or a moment, at once. A field is taken back only if nothing has changed it since; otherwise nothing is undone, and what stands in the way is named, unless --skip-conflicts is given. What was created goes to the trash, what was deleted comes back. A claim is released, and never handed back.",
			Examples: []string{"undo", "undo last --dry-run", "undo --to -1h --dry-run"}},
			(*tracker.Tracker).Undo),
		define(Op{Name: "plan redo", Daily: "redo", Effect: Writes, Route: "POST /v1/redo", Summary: "Redo what you undid last",
			Detail:   "Unless you have changed something else since.",
			Examples: []string{"redo", "redo --dry-run"}},
			(*tracker.Tracker).Redo),
	}
}
