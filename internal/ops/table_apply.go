package ops

import "pm/internal/tracker"

// applies are the operations that take a plan as a whole.
func applies() []Op {
	return []Op{
		define(Op{Name: "plan apply", Daily: "apply", Effect: Writes, Route: "POST /v1/apply", Summary: "Create or update many items from one plan",
			Detail: "The plan has epics: with features: with tasks:, or epic: E01 with features:, or feature: E01-F01 with tasks:. Their fields are those of the create commands, and id:, a name of your own that depends_on may use, before or after it. " +
				"All items are created or brought to what the plan says, or none; applying the same plan again changes nothing. An item is found by its key:, else by its id:, which is kept as a reference, else by its title under the same parent. Fields that the plan does not have are left alone, and nothing is deleted. See docs/apply.md.",
			Examples: []string{"apply plan.yaml", "apply plan.yaml --dry-run", "apply - --feature E01-F01 < plan.yaml"}},
			(*tracker.Tracker).Apply),
	}
}
