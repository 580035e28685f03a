package ops

import "pm/internal/tracker"

// fields are the operations on what a project declares for its items.
func fields() []Op {
	return []Op{
		define(Op{Name: "field create", Effect: Writes, Route: "POST /v1/fields", Summary: "Declare a field of the project's own",
			Detail:   "Epics, features and tasks then take values of it with --set NAME=VALUE, as lists do with NAME:VALUE. Its type is text, number, date, choice, bool or url, and is checked on every surface. A project has at most 30 fields.",
			Examples: []string{"field create severity --type choice --choices low,medium,high --on task", "field create customer --type text"}},
			(*tracker.Tracker).CreateField),
		define(Op{Name: "field list", Effect: Reads, Route: "GET /v1/fields", Summary: "List the fields of the project's own",
			Detail:   "Each with its type, its choices and what can have it.",
			Examples: []string{"field list", "field list --json"}},
			(*tracker.Tracker).ListFields),
		define(Op{Name: "field update", Effect: Writes, Route: "PATCH /v1/fields/{name}", Summary: "Change the choices of a field",
			Detail:   "All of them, in their order, which is that of sort:NAME. A choice that an item has cannot be left out.",
			Examples: []string{"field update severity --choices low,medium,high,urgent"}},
			(*tracker.Tracker).UpdateField),
		define(Op{Name: "field delete", Effect: Writes, Route: "DELETE /v1/fields/{name}", Summary: "Delete a field of the project's own",
			Detail:   "Refused while an item has a value of it, unless --force removes the values as well. The history keeps them.",
			Examples: []string{"field delete severity", "field delete severity --force"}},
			(*tracker.Tracker).DeleteField),
	}
}
