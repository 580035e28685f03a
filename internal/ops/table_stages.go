package ops

import "pm/internal/tracker"

// stages are the operations on the line that tasks pass through.
func stages() []Op {
	return []Op{
		define(Op{Name: "stage create", Effect: Writes, Route: "POST /v1/stages", Summary: "Add a stage to the line that tasks pass through",
			Detail:   "New tasks start in the first stage, and pm submit passes them on to the next: todo there, held by nobody, and after the last stage ready for review. pm next --agent-type offers what is todo in the stages of that trade; in a stage without one each task asks for its own. Once --limit tasks of it are in progress, no more can be claimed, and pm next passes over it. Tasks that are there already stay in no stage until pm update --stage.",
			Examples: []string{"stage create design --agent-type architect", "stage create build", "stage create test --agent-type tester --limit 3"}},
			(*tracker.Tracker).CreateStage),
		define(Op{Name: "stage list", Effect: Reads, Route: "GET /v1/stages", Summary: "List the stages in their order",
			Detail:   "Each with its trade and its limit, and how many of its tasks are open, ready and in progress.",
			Examples: []string{"stage list", "stage list --json"}},
			(*tracker.Tracker).ListStages),
		define(Op{Name: "stage update", Effect: Writes, Route: "PATCH /v1/stages/{name}", Summary: "Change the trade, the limit or the place of a stage",
			Detail:   "A lower limit takes nothing away from those who hold tasks. An empty --agent-type or a --limit of 0 removes it.",
			Examples: []string{"stage update test --limit 5", "stage update test --before build"}},
			(*tracker.Tracker).UpdateStage),
		define(Op{Name: "stage delete", Effect: Writes, Route: "DELETE /v1/stages/{name}", Summary: "Remove a stage from the line",
			Detail:   "Refused while open tasks are in it, unless --to moves them to another stage; there they keep their status and their holder, whatever its limit is.",
			Examples: []string{"stage delete test", "stage delete test --to build"}},
			(*tracker.Tracker).DeleteStage),
	}
}
