package ops

import "pm/internal/tracker"

// replica are the operations that a screen uses to show a plan.
func replica() []Op {
	return []Op{
		define(Op{Name: "plan replica", Effect: Reads, Route: "GET /v1/replica", Summary: "Read the live tasks as columns, with the position in the event stream",
			Detail: "For a screen that shows the plan and follows /v1/events from there. Live are open tasks and those completed within the last 14 days; of more than 100,000 open tasks none are sent, and paged is true. With keys, only these tasks and those that depend on them. With as_of, the plan as it was then, which nothing follows."},
			(*tracker.Tracker).Replica),
		define(Op{Name: "plan keys", Effect: Reads, Route: "GET /v1/replica/keys", Summary: "Read the keys of the tasks that match a query",
			Detail: "In the order of the query, for a client that already has the tasks themselves."},
			(*tracker.Tracker).MatchingKeys),
	}
}
