package tracker

import (
	"slices"
	"strings"

	"pm/internal/plan"
)

// notTrades are words that say what kind of task it is, and not which trade it
// asks for.
var notTrades = []string{"bug", "chore", "spike", "task", "feature", "epic", "story", "subtask"}

// parseTrade reads the trade that a task asks for, which is not its kind.
func parseTrade(s string) (string, error) {
	kind := strings.ToLower(strings.TrimSpace(s))
	if slices.Contains(notTrades, kind) {
		return s, plan.Errorf(plan.Invalid, "invalid agent type %q: %s is a kind of task", s, kind).WithCode("kind_not_trade").
			WithHint("set kind to %s instead, or set agent_type to a type such as backend", kind)
	}
	return s, nil
}
