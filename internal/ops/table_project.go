package ops

import "pm/internal/tracker"

// project are the operations on the project as a whole.
func project() []Op {
	return []Op{
		define(Op{Name: "project show", Effect: Reads, Route: "GET /v1/project", Summary: "Show the settings of the project",
			Detail:   "What is true of the project lies in its database, and is exported with it. What is true of a machine or a person lies in their config files.",
			Examples: []string{"project show", "project show --json"}},
			(*tracker.Tracker).ShowProject),
		define(Op{Name: "project set", Effect: Writes, Route: "PUT /v1/project/settings/{name}", Summary: "Change a setting of the project",
			Detail:   "time_zone and estimate_unit, and the rules of completion, which hold on every surface and which --force does not override: require_checks, require_evidence, require_review and other_reviewer. An empty value sets the default again.",
			Examples: []string{"project set time_zone Europe/Berlin", "project set require_review true", `project set time_zone ""`}},
			(*tracker.Tracker).SetProject),
	}
}
