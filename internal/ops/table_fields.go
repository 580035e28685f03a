package ops

import "pm/internal/tracker"

// fields are the operations on custom fields.
func fields() []Op {
	return []Op{
		define(Op{Name: "field create", Effect: Writes, Route: "POST /v1/fields", Summary: "Declare a custom field",
			Detail:   "Items then take values with --set NAME=VALUE, and queries take NAME:VALUE. Its type is text, number, date, choice, bool or url, and is checked everywhere. A project can have up to 30 custom fields.",
			Examples: []string{"field create severity --type choice --choices low,medium,high --on task", "field create customer --type text"}},
			(*tracker.Tracker).CreateField),
		define(Op{Name: "field list", Effect: Reads, Route: "GET /v1/fields", Summary: "List the custom fields",
			Detail:   "Shows the type of each field, its choices, and which kinds of items can have it.",
			Examples: []string{"field list", "field list --json"}},
			(*tracker.Tracker).ListFields),
		define(Op{Name: "field update", Effect: Writes, Route: "PATCH /v1/fields/{name}", Summary: "Change the choices of a custom field",
			Detail:   "List all choices in order; sort:NAME uses that order. A choice that an item still uses cannot be removed.",
			Examples: []string{"field update severity --choices low,medium,high,urgent"}},
			(*tracker.Tracker).UpdateField),
		define(Op{Name: "field delete", Effect: Writes, Route: "DELETE /v1/fields/{name}", Summary: "Delete a custom field",
			Detail:   "Refused while an item has a value for it, unless --force removes the values, too. The history keeps them.",
			Examples: []string{"field delete severity", "field delete severity --force"}},
			(*tracker.Tracker).DeleteField),
	}
}
