package ops

import "pm/internal/tracker"

// views are the operations on queries that a project keeps.
func views() []Op {
	return []Op{
		define(Op{Name: "view save", Effect: Writes, Route: "POST /v1/views", Summary: "Save a query under a name",
			Detail:   "pm list @NAME then lists what it asks for, also within a longer query and on every surface. A view of that name is replaced. --columns says what pm list @NAME prints. These come with pm and cannot be replaced: @ready @stuck @review @overdue @mine @recent.",
			Examples: []string{"view save triage 'status:todo -has:label sort:created'", "view save urgent 'is:open priority:..2' --columns key,title,agent"}},
			(*tracker.Tracker).SaveView),
		define(Op{Name: "view list", Effect: Reads, Route: "GET /v1/views", Summary: "List the saved queries",
			Detail:   "Those that come with pm first.",
			Examples: []string{"view list", "view list --json"}},
			(*tracker.Tracker).ListViews),
		define(Op{Name: "view show", Effect: Reads, Route: "GET /v1/views/{name}", Summary: "Show a saved query",
			Detail:   "To list what it asks for, use pm list @NAME.",
			Examples: []string{"view show stuck", "view show @mine --json"}},
			(*tracker.Tracker).ShowView),
		define(Op{Name: "view delete", Effect: Writes, Route: "DELETE /v1/views/{name}", Summary: "Delete a saved query",
			Detail:   "Those that come with pm cannot be deleted. The history keeps it.",
			Examples: []string{"view delete triage"}},
			(*tracker.Tracker).DeleteView),
	}
}
