package ops

import "pm/internal/tracker"

// operations are the operations on operations: what commands changed, and
// undoing it.
func operations() []Op {
	return []Op{
		define(Op{Name: "ops list", Effect: Reads, Route: "GET /v1/operations", Summary: "List operations: the commands that changed the plan",
			Detail:   "Newest first. Shows who ran which command and when, how many items it changed, and whether it was undone. pm ops show ID shows what it changed.",
			Examples: []string{"ops", "ops --limit 5 --json"}},
			(*tracker.Tracker).ListOperations),
		define(Op{Name: "ops show", Effect: Reads, Route: "GET /v1/operations/{id}", Summary: "Show what an operation changed",
			Detail:   "Shows each changed field before and after. A unique prefix of the id is enough; last is the newest operation.",
			Examples: []string{"ops show last", "ops show last --json"}},
			(*tracker.Tracker).ShowOperation),
		define(Op{Name: "plan undo", Daily: "undo", Effect: Writes, Route: "POST /v1/undo", Summary: "Undo an operation",
			Detail:   "Without an ID, undoes your last operation that has not been undone yet, so running it again undoes the one before; pm redo brings it back. With an ID, undoes that operation, whoever ran it. --to undoes everything back to an operation or a time in one step. If a field has been changed again since, nothing is undone and the conflict is shown; --skip-conflicts undoes the rest. Created items go to the trash, deleted items come back. Claims are released, but never restored.",
			Examples: []string{"undo", "undo last --dry-run", "undo --to -1h --dry-run"}},
			(*tracker.Tracker).Undo),
		define(Op{Name: "plan redo", Daily: "redo", Effect: Writes, Route: "POST /v1/redo", Summary: "Redo what you last undid",
			Detail:   "Not possible once you have changed something else.",
			Examples: []string{"redo", "redo --dry-run"}},
			(*tracker.Tracker).Redo),
	}
}
