package ops_test

import (
	"slices"
	"testing"

	"pm/internal/ops"
)

// words are the parameters that take a word, a key, a path, a date or a query:
// no text in somebody's own words, which the command line reads from stdin.
var words = []string{"after", "agent", "agents", "agent_type", "as", "as_of", "assigned_agent", "assignee", "before", "business_value", "by", "chart", "checks", "choices", "columns", "created", "cursor", "defer", "depends_on", "depth", "discovered_from", "due", "duplicate_of", "epic", "estimate", "feature", "field", "file_path", "from", "group", "id", "key", "keys", "kind", "label",
	"labels", "lease", "name", "not", "older", "on", "order", "plan", "priority", "query", "refs", "repeat", "resolution", "session", "since", "sort", "stage", "status", "surface", "task", "text", "to", "type", "until", "updated", "value", "wait", "without"}

// TestEveryTextIsKnown demands of a new parameter that somebody decides
// whether it is a text.
func TestEveryTextIsKnown(t *testing.T) {
	for _, op := range ops.Table() {
		for _, p := range ops.Params(op.NewInput()) {
			if p.Kind() == "string" && !p.IsText() && !slices.Contains(words, p.Name) {
				t.Errorf("%s: is %s a text? Name it in texts.go, or here", op.Name, p.Name)
			}
		}
	}
}
