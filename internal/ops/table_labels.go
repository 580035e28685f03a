package ops

import "pm/internal/tracker"

func labels() []Op {
	return []Op{
		define(Op{Name: "label add", Effect: Writes, Route: "POST /v1/items/{key}/labels", Also: "POST /v1/items/labels", Summary: "Label epics, features and tasks",
			Detail:   "A label is one word. Upper and lower case are kept, but do not matter in comparisons. label:WORD in a query finds tasks that have it, or whose feature or epic has it.",
			Examples: []string{"label add T-E01-F01-001 --label security", "label add E01 E01-F01 --label q3 --label billing"}},
			(*tracker.Tracker).AddLabels),
		define(Op{Name: "label remove", Effect: Writes, Route: "DELETE /v1/items/{key}/labels", Also: "DELETE /v1/items/labels", Summary: "Remove labels from epics, features and tasks",
			Detail:   "Items that do not have a label are not changed.",
			Examples: []string{"label remove T-E01-F01-001 --label security"}},
			(*tracker.Tracker).RemoveLabels),
		define(Op{Name: "label list", Effect: Reads, Route: "GET /v1/labels", Summary: "List labels",
			Detail:   "Shows how many epics, features and tasks have each label; inherited labels do not count.",
			Examples: []string{"label list", "label list --json"}},
			(*tracker.Tracker).ListLabels),
		define(Op{Name: "label rename", Effect: Writes, Route: "POST /v1/labels/{label}/rename", Summary: "Rename a label, or merge it into another",
			Detail:   "Changes every item that has it, in one operation.",
			Examples: []string{"label rename sec security"}},
			(*tracker.Tracker).RenameLabel),
	}
}
