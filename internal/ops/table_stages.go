package ops

import "pm/internal/tracker"

// stages are the operations on stages.
func stages() []Op {
	return []Op{
		define(Op{Name: "stage create", Effect: Writes, Route: "POST /v1/stages", Summary: "Add a stage that tasks pass through",
			Detail:   "New tasks start in the first stage, and pm submit moves them to the next one, where they are todo without a holder; after the last stage they are ready for review. pm next --agent-type offers tasks in the stages of that agent type; in a stage without one, the task's own agent type decides. Once --limit of its tasks are in progress, no more can be claimed, and pm next skips the stage. Existing tasks are in no stage until pm update --stage puts them in one.",
			Examples: []string{"stage create design --agent-type architect", "stage create build", "stage create test --agent-type tester --limit 3"}},
			(*tracker.Tracker).CreateStage),
		define(Op{Name: "stage list", Effect: Reads, Route: "GET /v1/stages", Summary: "List stages in order",
			Detail:   "Shows the agent type and limit of each stage, and how many of its tasks are open, ready and in progress.",
			Examples: []string{"stage list", "stage list --json"}},
			(*tracker.Tracker).ListStages),
		define(Op{Name: "stage update", Effect: Writes, Route: "PATCH /v1/stages/{name}", Summary: "Change the agent type, the limit or the place of a stage",
			Detail:   "Lowering the limit does not release tasks that are held. An empty --agent-type or a --limit of 0 removes it.",
			Examples: []string{"stage update test --limit 5", "stage update test --before build"}},
			(*tracker.Tracker).UpdateStage),
		define(Op{Name: "stage delete", Effect: Writes, Route: "DELETE /v1/stages/{name}", Summary: "Delete a stage",
			Detail:   "Refused while open tasks are in it, unless --to moves them to another stage, where they keep their status and holder even if it is full.",
			Examples: []string{"stage delete test", "stage delete test --to build"}},
			(*tracker.Tracker).DeleteStage),
	}
}
