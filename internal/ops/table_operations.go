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
	}
}
