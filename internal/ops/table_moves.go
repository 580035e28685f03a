package ops

import "pm/internal/tracker"

// moves are the operations on keys, links and references of items.
func moves() []Op {
	return []Op{
		define(Op{Name: "item move", Daily: "move", Effect: Writes, Route: "POST /v1/items/{key}/move", Also: "POST /v1/items/move", Summary: "Move tasks to another feature, or features to another epic",
			Detail:   "They get the next free keys there, all of them or none. Notes, history, dependencies, labels and claims move with them. The old key keeps working: wherever it is used, it leads to the item.",
			Examples: []string{"move T-E01-F01-001 --to E01-F02", "move E01-F02 --to E02"}},
			(*tracker.Tracker).Move),
		define(Op{Name: "task order", Daily: "order", Effect: Writes, Route: "POST /v1/tasks/{key}/order", Summary: "Move a task before or after another in the plan's order",
			Detail:   "Tasks are in the order of their creation until they are moved. sort:position lists them in this order, pm tree and the boards show them in it, and pm next offers tasks of the same priority in it. Only the moved task changes.",
			Examples: []string{"order T-E01-F01-003 --before T-E01-F01-001", "order T-E01-F01-001 --after T-E01-F01-003"}},
			(*tracker.Tracker).Order),
		define(Op{Name: "item link", Daily: "link", Effect: Writes, Route: "POST /v1/items/{key}/links", Summary: "Link an item to other items, files or web addresses",
			Detail:   "--as says how the item is related to them: relates (the default), duplicates, supersedes, discovered-from or implements. A link to an item is shown on both and blocks neither; to make a task wait, use pm dep add. OTHER is a key, a path with a slash or a dot in it, or an address such as https://example.com/1. pm claim warns if another task in progress has a file in common with yours.",
			Examples: []string{"link T-E01-F01-002 T-E01-F01-001 --as discovered-from", "link T-E01-F01-001 docs/cards.md internal/cards/luhn.go"}},
			(*tracker.Tracker).Link),
		define(Op{Name: "item unlink", Daily: "unlink", Effect: Writes, Route: "DELETE /v1/items/{key}/links", Summary: "Remove links from an item",
			Detail:   "Removes all links between the item and each OTHER, in both directions, or with --as those of one kind.",
			Examples: []string{"unlink T-E01-F01-002 T-E01-F01-001"}},
			(*tracker.Tracker).Unlink),
		define(Op{Name: "ref add", Effect: Writes, Route: "POST /v1/items/{key}/refs", Summary: "Add references to an item",
			Detail:   "A reference is the item's name in another tool, such as github:42 (or gh#42) or PROJ-7. It can be used wherever a key can, and belongs to one item only.",
			Examples: []string{"ref add T-E01-F01-001 gh#42", "ref add E01 PAY-7 web:12"}},
			(*tracker.Tracker).AddRefs),
		define(Op{Name: "ref remove", Effect: Writes, Route: "DELETE /v1/items/{key}/refs", Summary: "Remove references from an item",
			Detail:   "Removes all the given references, or none. Earlier keys of the item cannot be removed.",
			Examples: []string{"ref remove T-E01-F01-001 gh#42"}},
			(*tracker.Tracker).RemoveRefs),
	}
}
