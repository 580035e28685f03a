package ops

import "pm/internal/tracker"

// applies are the operations that take a whole plan.
func applies() []Op {
	return []Op{
		define(Op{Name: "plan apply", Daily: "apply", Effect: Writes, Route: "POST /v1/apply", Summary: "Create or update many items from one plan",
			Detail: "The plan is epics: with features: with tasks:, or epic: E01 with features:, or feature: E01-F01 with tasks:. The fields are those of the create commands, plus id:, a name you choose that depends_on can refer to anywhere in the plan. " +
				"All items are created or updated, or none; applying the same plan again changes nothing. An existing item is found by its key:, otherwise by its id:, which is kept as a reference, otherwise by its title under the same parent. Fields that the plan does not mention stay as they are, and nothing is deleted. See docs/apply.md.",
			Examples: []string{"apply plan.yaml", "apply plan.yaml --dry-run", "apply - --feature E01-F01 < plan.yaml"}},
			(*tracker.Tracker).Apply),
	}
}
