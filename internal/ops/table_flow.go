package ops

import "pm/internal/tracker"

// flows are the operations that show how work flows.
func flows() []Op {
	return []Op{
		define(Op{Name: "plan insights", Daily: "insights", Effect: Reads, Route: "GET /v1/insights", Summary: "Show how work flows: cycle times, throughput, burn-up, ageing work",
			Detail:   "For an epic, a feature, or the tasks that match a query, over the last 90 days. See docs/flow.md for the definitions. GET /v1/insights.svg returns a chart as a picture.",
			Examples: []string{"insights", "insights E01 --chart cycle", "insights type:backend --svg flow.svg"}},
			(*tracker.Tracker).Insights),
		define(Op{Name: "plan forecast", Daily: "forecast", Effect: Reads, Route: "GET /v1/forecast", Summary: "Forecast when an epic, a feature or a query will be done",
			Detail:   "From how many tasks were finished on each of the last 30 to 90 days, with how often the same forecast would have been right in the past. A simulation of the open tasks, their dependencies and the agents per trade says it for each feature; --agents and --without show what would change. Under 10 finished tasks there is not enough history.",
			Examples: []string{"forecast", "forecast E01 --by +2w", "forecast E01 --agents backend=8 --json"}},
			(*tracker.Tracker).Forecast),
		define(Op{Name: "plan graph", Daily: "graph", Effect: Reads, Route: "GET /v1/graph", Summary: "Show the dependency graph and its critical path",
			Detail:   "For an epic or a feature with its neighbours, for a task with everything it waits for and everything that waits for it, or for the whole plan. Above 500 tasks, features are shown instead of tasks. GET /v1/graph.svg returns a picture.",
			Examples: []string{"graph", "graph E01 --svg graph.svg", "graph T-E01-F01-001 --mermaid"}},
			(*tracker.Tracker).Graph),
	}
}
