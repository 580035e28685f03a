package ops

import "pm/internal/tracker"

// checks are the operations on checklists.
func checks() []Op {
	return []Op{
		define(Op{Name: "check add", Effect: Writes, Route: "POST /v1/tasks/{key}/checks", Summary: "Add checks to a task",
			Detail:   "What must hold before the task is done, such as its acceptance criteria: one line for each TEXT. A check gets the next number of the task, and keeps it.",
			Examples: []string{`check add T-E01-F01-001 "cards without a number are refused" "the error names the field"`}},
			(*tracker.Tracker).AddChecks),
		define(Op{Name: "check tick", Effect: Writes, Route: "POST /v1/tasks/{key}/checks/tick", Summary: "Tick checks of a task",
			Detail:   "By the numbers that pm show lists. pm show says who ticked a check, and when.",
			Examples: []string{"check T-E01-F01-001 1", "check T-E01-F01-001 1 2"}},
			(*tracker.Tracker).TickChecks),
		define(Op{Name: "check untick", Daily: "uncheck", Effect: Writes, Route: "POST /v1/tasks/{key}/checks/untick", Summary: "Untick checks of a task",
			Detail:   "They are open again.",
			Examples: []string{"uncheck T-E01-F01-001 2"}},
			(*tracker.Tracker).UntickChecks),
		define(Op{Name: "check remove", Effect: Writes, Route: "DELETE /v1/tasks/{key}/checks", Summary: "Remove checks from a task",
			Detail:   "All the named checks, or none of them. Their numbers are not given again.",
			Examples: []string{"check remove T-E01-F01-001 2"}},
			(*tracker.Tracker).RemoveChecks),
		define(Op{Name: "check move", Effect: Writes, Route: "POST /v1/tasks/{key}/checks/move", Summary: "Move a check of a task",
			Detail:   "In front of another check or behind it. It keeps its number.",
			Examples: []string{"check move T-E01-F01-001 2 --before 1"}},
			(*tracker.Tracker).MoveCheck),
	}
}
