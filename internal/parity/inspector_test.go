package parity

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"pm/internal/mcpserver"
)

// The MCP inspector, a client that is not ours, lists the tools and calls
// each with success. It is a program of Node:
// npm install -g @modelcontextprotocol/inspector@0.15.0
func TestInspector(t *testing.T) {
	program, err := exec.LookPath("mcp-inspector")
	if err != nil {
		if strings.Contains(os.Getenv("PM_TEST_REQUIRE"), "inspector") {
			t.Fatal(err)
		}
		t.Skip("mcp-inspector is not on the path; npm install -g @modelcontextprotocol/inspector brings it")
	}
	each(t, func(t *testing.T, fresh func() string) {
		address := fresh()
		exe, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		inspect := func(args ...string) map[string]json.RawMessage {
			t.Helper()
			c := exec.CommandContext(t.Context(), program, append([]string{"--cli", exe, "mcp",
				"-e", asPM + "=1", "-e", "PM_DB=" + address, "-e", "PM_AGENT=inspector", "--method"}, args...)...)
			out, err := c.Output()
			var answer map[string]json.RawMessage
			if err != nil || json.Unmarshal(out, &answer) != nil {
				t.Fatalf("%q: %v: %s", args, err, out)
			}
			return answer
		}
		var tools []struct{ Name string }
		if err := json.Unmarshal(inspect("tools/list")["tools"], &tools); err != nil || len(tools) != len(mcpserver.Behind()) {
			t.Fatalf("%d tools of %d, %v", len(tools), len(mcpserver.Behind()), err)
		}
		called := map[string]bool{}
		for _, call := range [][]string{
			{"create_parent", "title=Payments"},
			{"create_parent", "title=Cards", "epic=E01"},
			{"create_task", "feature=E01-F01", "title=Validate card numbers", "priority=2"},
			{"create_task", "feature=E01-F01", "title=Show the receipt"},
			{"dep", "task=T-E01-F01-002", "depends_on=T-E01-F01-001"},
			{"next", "claim=true"},
			{"show", "key=T-E01-F01-001", "context=true"},
			{"note", "key=T-E01-F01-001", "body=the test data is in testdata"},
			{"update", "keys=T-E01-F01-001", "priority=1"},
			// Each call is a process, and so a session, of its own.
			{"task_status", "verb=complete", "keys=T-E01-F01-001", "force=true", "reason=the session that claimed it has ended"},
			{"list", "query=status:todo"},
			{"tree"}, {"log", "limit=3"}, {"project_status"},
		} {
			args := []string{"tools/call", "--tool-name", call[0]}
			for _, a := range call[1:] {
				args = append(args, "--tool-arg", a)
			}
			answer := inspect(args...)
			if string(answer["isError"]) == "true" || len(answer["content"]) == 0 {
				t.Errorf("%q: %s", call, answer["content"])
			}
			called[call[0]] = true
		}
		for _, tool := range tools {
			if !called[tool.Name] {
				t.Errorf("%s was not called", tool.Name)
			}
		}
	})
}
