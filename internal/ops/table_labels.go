package ops

import "pm/internal/tracker"

func labels() []Op {
	return []Op{
		define(Op{Name: "label add", Effect: Writes, Route: "POST /v1/items/{key}/labels", Also: "POST /v1/items/labels", Summary: "Label epics, features and tasks",
			Detail:   "A label is one word. It is kept as it is written, and compared without case. label:WORD in a query finds the tasks that have it, or lie in an epic or a feature that has it.",
			Examples: []string{"label add T-E01-F01-001 --label security", "label add E01 E01-F01 --label q3 --label billing"}},
			(*tracker.Tracker).AddLabels),
		define(Op{Name: "label remove", Effect: Writes, Route: "DELETE /v1/items/{key}/labels", Also: "DELETE /v1/items/labels", Summary: "Remove labels from epics, features and tasks",
			Detail:   "An item that does not have a label is left as it is.",
			Examples: []string{"label remove T-E01-F01-001 --label security"}},
			(*tracker.Tracker).RemoveLabels),
		define(Op{Name: "label list", Effect: Reads, Route: "GET /v1/labels", Summary: "List the labels",
			Detail:   "Each with the number of epics, features and tasks that have it themselves.",
			Examples: []string{"label list", "label list --json"}},
			(*tracker.Tracker).ListLabels),
		define(Op{Name: "label rename", Effect: Writes, Route: "POST /v1/labels/{label}/rename", Summary: "Rename a label, or merge it into another",
			Detail:   "On every item that has it, in one operation. An item that has the new label already keeps it once.",
			Examples: []string{"label rename sec security"}},
			(*tracker.Tracker).RenameLabel),
	}
}
