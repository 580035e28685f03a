package ops

import "pm/internal/tracker"

// checks are the operations on checklists.
func checks() []Op {
	return []Op{
		define(Op{Name: "check add", Effect: Writes, Route: "POST /v1/tasks/{key}/checks", Summary: "Add checks to a task",
			Detail:   "Checks are what must be true before the task is done, such as its acceptance criteria: one line for each TEXT. Each check gets a number and keeps it.",
			Examples: []string{`check add T-E01-F01-001 "cards without a number are refused" "the error names the field"`}},
			(*tracker.Tracker).AddChecks),
		define(Op{Name: "check tick", Effect: Writes, Route: "POST /v1/tasks/{key}/checks/tick", Summary: "Tick checks of a task",
			Detail:   "N is the number that pm show lists, with who ticked the check, and when.",
			Examples: []string{"check T-E01-F01-001 1", "check T-E01-F01-001 1 2"}},
			(*tracker.Tracker).TickChecks),
		define(Op{Name: "check untick", Daily: "uncheck", Effect: Writes, Route: "POST /v1/tasks/{key}/checks/untick", Summary: "Untick checks of a task",
			Detail:   "They become open again.",
			Examples: []string{"uncheck T-E01-F01-001 2"}},
			(*tracker.Tracker).UntickChecks),
		define(Op{Name: "check remove", Effect: Writes, Route: "DELETE /v1/tasks/{key}/checks", Summary: "Remove checks from a task",
			Detail:   "Removes all the given checks, or none. Their numbers are not used again.",
			Examples: []string{"check remove T-E01-F01-001 2"}},
			(*tracker.Tracker).RemoveChecks),
		define(Op{Name: "check move", Effect: Writes, Route: "POST /v1/tasks/{key}/checks/move", Summary: "Move a check in the list",
			Detail:   "Moves it before or after another check. It keeps its number.",
			Examples: []string{"check move T-E01-F01-001 2 --before 1"}},
			(*tracker.Tracker).MoveCheck),
	}
}
