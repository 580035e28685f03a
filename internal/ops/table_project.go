package ops

import "pm/internal/tracker"

// project are the operations on the project as a whole.
func project() []Op {
	return []Op{
		define(Op{Name: "project show", Effect: Reads, Route: "GET /v1/project", Summary: "Show the settings of the project",
			Detail:   "These settings are stored in the database and exported with the plan. On the command line, the settings of this machine and person follow, which are in config files and variables, and where each came from.",
			Examples: []string{"project show", "project show --json"}},
			(*tracker.Tracker).ShowProject),
		define(Op{Name: "project set", Effect: Writes, Route: "PUT /v1/project/settings/{name}", Summary: "Change a setting of the project",
			Detail:   "The settings are time_zone, estimate_unit, trash_days, and the rules of completion: require_checks, require_evidence, require_review and other_reviewer. The rules apply everywhere, and --force does not override them. An empty value restores the default.",
			Examples: []string{"project set time_zone Europe/Berlin", "project set require_review true", `project set time_zone ""`}},
			(*tracker.Tracker).SetProject),
	}
}
