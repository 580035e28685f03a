package ops

import "pm/internal/tracker"

// views are the operations on saved queries.
func views() []Op {
	return []Op{
		define(Op{Name: "view save", Effect: Writes, Route: "POST /v1/views", Summary: "Save a query as a view",
			Detail:   "pm list @NAME then runs the query; @NAME also works inside a longer query, over HTTP and over MCP. An existing view of that name is replaced. --columns selects what pm list @NAME prints. These views are built in: @ready @stuck @review @overdue @mine @recent; saving one replaces it in this project, and deleting that brings it back.",
			Examples: []string{"view save triage 'status:todo -has:label sort:created'", "view save review 'status:ready_for_review sort:-updated' --columns key,title,agent"}},
			(*tracker.Tracker).SaveView),
		define(Op{Name: "view list", Effect: Reads, Route: "GET /v1/views", Summary: "List saved views",
			Detail:   "The built-in ones come first.",
			Examples: []string{"view list", "view list --json"}},
			(*tracker.Tracker).ListViews),
		define(Op{Name: "view show", Effect: Reads, Route: "GET /v1/views/{name}", Summary: "Show a saved query",
			Detail:   "To run its query, use pm list @NAME.",
			Examples: []string{"view show stuck", "view show @mine --json"}},
			(*tracker.Tracker).ShowView),
		define(Op{Name: "view delete", Effect: Writes, Route: "DELETE /v1/views/{name}", Summary: "Delete a view",
			Detail:   "The history keeps it. If it replaced a built-in view, that one applies again; built-in views cannot be deleted.",
			Examples: []string{"view delete triage"}},
			(*tracker.Tracker).DeleteView),
	}
}
