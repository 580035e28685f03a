package render

import (
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

func TestHistory(t *testing.T) {
	page := tracker.Page[plan.History]{Items: records()}
	expect(t, text(t, terminal(80), page), `
3m ago  T-E01-F01-001  todo -> in_progress  a1   cli
1h ago  T-E01-F01-001  priority, title      ana  http
2h ago  T-E01-F01-003  note: comment        a2   mcp
2d ago  T-E01-F01-009  deleted              ana  cli   deleted: Old
3d ago  E01            created              ana  cli
`)
	expect(t, text(t, terminal(60), page), `
T-E01-F01-001  3m ago  todo -> in_prog…  a1   cli
T-E01-F01-001  1h ago  priority, title   ana  http
T-E01-F01-003  2h ago  note: comment     a2   mcp
T-E01-F01-009  2d ago  deleted           ana  cli   deleted…
E01            3d ago  created           ana  cli
`)
	expect(t, text(t, terminal(40), page), `
T-E01-F01-001  3m ago  todo -> in_progr…
T-E01-F01-001  1h ago  priority, title
T-E01-F01-003  2h ago  note: comment
T-E01-F01-009  2d ago  deleted
E01            3d ago  created
`)
	expect(t, text(t, pipe(), page), `
2026-11-02T12:32:00Z\tT-E01-F01-001\ttodo\tin_progress\ta1\tcli\t\t
2026-11-02T11:35:00Z\tT-E01-F01-001\ttodo\ttodo\tana\thttp\tpriority,title\t
2026-11-02T10:35:00Z\tT-E01-F01-003\tblocked\tblocked\ta2\tmcp\tnote: comment\t
2026-10-31T12:35:00Z\tT-E01-F01-009\ttodo\t\tana\tcli\t\tdeleted: Old
2026-10-30T12:35:00Z\tE01\t\tactive\tana\tcli\t\t
`)
}

func TestWhat(t *testing.T) {
	for _, test := range []struct {
		old, new string
		change   plan.Change
		want     string
	}{
		{"", "todo", nil, "created"},
		{"todo", "", nil, "deleted"},
		{"draft", "active", plan.Change{"title": {"a", "b"}}, "draft -> active, title"},
		{"in_progress", "in_progress", plan.Change{}, "in_progress"},
		{"todo", "todo", plan.Change{"depends_on": {nil, []any{"T-E01-F01-001"}}}, "depends_on"},
		{"todo", "todo", plan.Change{"note": {nil, plan.Handoff}}, "note: handoff"},
	} {
		if got := what(plan.History{OldStatus: test.old, NewStatus: test.new, Change: test.change}); got != test.want {
			t.Errorf("%q -> %q %v is %q, want %q", test.old, test.new, test.change, got, test.want)
		}
	}
}
