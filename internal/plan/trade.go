package plan

import (
	"slices"
	"strings"
)

// notTrades are words that say what kind of task it is, and not which trade it
// asks for; those behind the first four are other names of tasks, or no tasks.
var notTrades = []string{"bug", "chore", "spike", "task", "story", "subtask", "feature", "epic"}

// ParseTrade reads the trade that a task asks for, which is not its kind.
func ParseTrade(s string) (string, error) {
	kind := strings.ToLower(strings.TrimSpace(s))
	if slices.Contains(notTrades, kind) {
		return s, Errorf(Invalid, "invalid agent type %q: %s is a kind of task", s, kind).WithCode("kind_not_trade").
			WithHint("set kind to %s instead, or set agent_type to a type such as backend", kind)
	}
	return s, nil
}

// KindMeant returns the kind of task that a word names; empty for no kind.
func KindMeant(word string) string {
	switch n := slices.Index(notTrades, strings.ToLower(word)); {
	case n < 0 || n > 5:
		return ""
	case n > 3:
		return "task"
	default:
		return notTrades[n]
	}
}
