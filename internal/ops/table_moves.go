package ops

import "pm/internal/tracker"

// moves are the operations on what items are called, and what they lead to.
func moves() []Op {
	return []Op{
		define(Op{Name: "item move", Daily: "move", Effect: Writes, Route: "POST /v1/items/{key}/move", Also: "POST /v1/items/move", Summary: "Move tasks to another feature, or features to another epic",
			Detail:   "They get the next free keys there, all of them or none. Notes, history, dependencies, labels and claims go along. The old key stays a name of the item for ever: wherever it is used, it leads to the new one.",
			Examples: []string{"move T-E01-F01-001 --to E01-F02", "move E01-F02 --to E02"}},
			(*tracker.Tracker).Move),
		define(Op{Name: "task order", Daily: "order", Effect: Writes, Route: "POST /v1/tasks/{key}/order", Summary: "Put a task before or behind another in the order of the plan",
			Detail:   "Tasks stand in the order of their creation until they are moved; sort:position lists them so, and pm next gives tasks of one priority so. Only the moved task changes.",
			Examples: []string{"order T-E01-F01-003 --before T-E01-F01-001", "order T-E01-F01-001 --after T-E01-F01-003"}},
			(*tracker.Tracker).Order),
		define(Op{Name: "item link", Daily: "link", Effect: Writes, Route: "POST /v1/items/{key}/links", Summary: "Link an item to other items, files or web addresses",
			Detail:   "--as says what the item is to them: relates (the default), duplicates, supersedes, discovered-from or implements. A link to an item is shown on both, and blocks neither; use pm dep add to make a task wait. OTHER is a key, a path with a slash or a dot in it, or an address such as https://example.com/1. pm claim warns where a task that is in progress has a file in common with yours.",
			Examples: []string{"link T-E01-F01-002 T-E01-F01-001 --as discovered-from", "link T-E01-F01-001 docs/cards.md internal/cards/luhn.go"}},
			(*tracker.Tracker).Link),
		define(Op{Name: "item unlink", Daily: "unlink", Effect: Writes, Route: "DELETE /v1/items/{key}/links", Summary: "Remove links of an item",
			Detail:   "All the links between the item and each OTHER, from either side, or with --as those of one kind.",
			Examples: []string{"unlink T-E01-F01-002 T-E01-F01-001"}},
			(*tracker.Tracker).Unlink),
		define(Op{Name: "ref add", Effect: Writes, Route: "POST /v1/items/{key}/refs", Summary: "Give an item further names",
			Detail:   "Such as the number that it has in another tool: github:42, also typed gh#42, or PROJ-7. Wherever a key is taken, a reference is. It names one item only.",
			Examples: []string{"ref add T-E01-F01-001 gh#42", "ref add E01 PAY-7 web:12"}},
			(*tracker.Tracker).AddRefs),
		define(Op{Name: "ref remove", Effect: Writes, Route: "DELETE /v1/items/{key}/refs", Summary: "Remove names from an item",
			Detail:   "All the named references, or none of them. A key that the item was moved from stays.",
			Examples: []string{"ref remove T-E01-F01-001 gh#42"}},
			(*tracker.Tracker).RemoveRefs),
	}
}
