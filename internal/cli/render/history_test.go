package render

import (
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

func TestHistory(t *testing.T) {
	page := tracker.Page[plan.History]{Items: records()}
	expect(t, text(t, terminal(80), page), `
3m ago  T-E01-F01-001  todo → in_progress               a1   cli
1h ago  T-E01-F01-001  priority 5 → 2, title "a" → "b"  ana  http
2h ago  T-E01-F01-003  note: comment                    a2   mcp
    the bank
    has answered
2d ago  T-E01-F01-009  deleted                          ana  cli
    deleted: Old
3d ago  E01            created                          ana  cli
`)
	expect(t, text(t, terminal(60), page), `
T-E01-F01-001  3m ago  todo → in_progress          a1   cli
T-E01-F01-001  1h ago  priority 5 → 2, title "a"…  ana  http
T-E01-F01-003  2h ago  note: comment               a2   mcp
    the bank
    has answered
T-E01-F01-009  2d ago  deleted                     ana  cli
    deleted: Old
E01            3d ago  created                     ana  cli
`)
	expect(t, text(t, terminal(40), page), `
T-E01-F01-001  todo → in_progress
T-E01-F01-001  priority 5 → 2, title "a…
T-E01-F01-003  note: comment
    the bank
    has answered
T-E01-F01-009  deleted
    deleted: Old
E01            created
`)
	expect(t, text(t, pipe(), page), `
2026-11-02T12:32:00Z\tT-E01-F01-001\ttodo\tin_progress\ta1\tcli\t\t\t
2026-11-02T11:35:00Z\tT-E01-F01-001\ttodo\ttodo\tana\thttp\tpriority,title\t\tpriority 5 -> 2, title "a" -> "b"
2026-11-02T10:35:00Z\tT-E01-F01-003\tblocked\tblocked\ta2\tmcp\tnote: comment\tthe bank\nhas answered\t
2026-10-31T12:35:00Z\tT-E01-F01-009\ttodo\t\tana\tcli\t\tdeleted: Old\t
2026-10-30T12:35:00Z\tE01\t\tactive\tana\tcli\t\t\t
`)
}

// Of a long note the beginning is shown, and the command for the rest.
func TestHistoryOfLongNotes(t *testing.T) {
	long := func(body any) tracker.Page[plan.History] {
		h := records()[2]
		h.Change = plan.Change{"note": {nil, map[string]any{"n": 1.0, "kind": "solution", "body": body}}}
		return tracker.Page[plan.History]{Items: []plan.History{h}}
	}
	expect(t, text(t, terminal(80), long("1\n2\n3\n4")), `
2h ago  T-E01-F01-003  note: solution  a2  mcp
    1
    2
    3
    … pm note list T-E01-F01-003
`)
	expect(t, text(t, terminal(80), long(map[string]any{"digest": "ab", "bytes": 8892.0})), `
2h ago  T-E01-F01-003  note: solution  a2  mcp
    (8,892 bytes)
    … pm note list T-E01-F01-003
`)
	expect(t, text(t, terminal(80), long(map[string]any{"digest": "ab", "bytes": 8.0, "redacted": true})), `
2h ago  T-E01-F01-003  note: solution  a2  mcp
    [redacted]
    … pm note list T-E01-F01-003
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
		{"draft", "active", plan.Change{"title": {"a", "b"}}, `draft -> active, title "a" -> "b"`},
		{"in_progress", "in_progress", plan.Change{}, "in_progress"},
		{"todo", "todo", plan.Change{"depends_on": {nil, []any{"T-E01-F01-001"}}}, "depends on T-E01-F01-001"},
		{"todo", "todo", plan.Change{"depends_on": {[]any{"T-E01-F01-001"}, nil}}, "no longer depends on T-E01-F01-001"},
		{"todo", "todo", plan.Change{"agent_type": {"docs", nil}, "file_path": {nil, "a.md"}}, "agent_type docs -> none, file_path a.md"},
		{"todo", "todo", plan.Change{"description": {"a", "b"}, "title": {plan.Text{Bytes: 70}, "b"}}, `description, title (70 bytes) -> "b"`},
		{"todo", "todo", plan.Change{"note": {nil, plan.NoteChange{Kind: plan.Handoff}}}, "note: handoff"},
	} {
		if got := what(plan.History{OldStatus: test.old, NewStatus: test.new, Change: test.change}, " -> "); got != test.want {
			t.Errorf("%q -> %q %v is %q, want %q", test.old, test.new, test.change, got, test.want)
		}
	}
}
