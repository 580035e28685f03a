package parity

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pm/internal/mcp"
	"pm/internal/store/storetest"
)

// nodeTools is the folder in which npm installed what these tests run.
func nodeTools(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("PM_TEST_NODE")
	if dir == "" {
		if strings.Contains(os.Getenv("PM_TEST_REQUIRE"), "node") {
			t.Fatal("PM_TEST_NODE is not set")
		}
		t.Skip("PM_TEST_NODE names no folder with the modules of npm: see .ci/run")
	}
	return dir
}

// TestConformance runs the protocol's own suite, every scenario of it, against a
// process of pm serve, and those that need a server of certain tools and
// prompts against one that has them. Those that pass are listed in docs/mcp.md.
func TestConformance(t *testing.T) {
	dir := nodeTools(t)
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "mcp.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(page), "\n## Conformance\n")
	t.Run("pm", func(t *testing.T) {
		address := storetest.SQLite(t) // what the suite looks at reads no more than an empty plan
		open(t, address)
		wantPassed(t, conform(t, dir, serveProcess(t, address)+"/mcp"), listedAfter(section, "`pm serve`"))
	})
	t.Run("protocol", func(t *testing.T) {
		s := httptest.NewServer(fixture())
		t.Cleanup(s.Close)
		wantPassed(t, conform(t, dir, s.URL), listedAfter(section, "fixture"))
	})
}

var listed = regexp.MustCompile("`([a-z0-9-]+)`")

// listedAfter returns what a row of the page's table lists.
func listedAfter(section, row string) (names []string) {
	for line := range strings.Lines(section) {
		if cells := strings.Split(line, "|"); len(cells) > 2 && strings.Contains(cells[1], row) {
			for _, m := range listed.FindAllStringSubmatch(cells[2], -1) {
				names = append(names, m[1])
			}
		}
	}
	return names
}

func wantPassed(t *testing.T, passed map[string]bool, want []string) {
	t.Helper()
	if len(want) < 5 {
		t.Fatalf("the page lists %q", want)
	}
	for _, name := range want {
		if !passed[name] {
			t.Errorf("%s does not pass", name)
		}
		delete(passed, name)
	}
	t.Logf("passed without being listed: %v", passed)
}

var outcomeOf = regexp.MustCompile(`(?m)^\S+ ([a-z0-9-]+): (\d+) passed, 0 failed`)

// conform runs the suite, and returns the scenarios in which something passed
// and nothing failed.
func conform(t *testing.T, dir, url string) map[string]bool {
	t.Helper()
	bin := filepath.Join(dir, "node_modules", ".bin")
	c := exec.CommandContext(t.Context(), filepath.Join(bin, "conformance"), "server", "--url", url, "--suite", "all")
	c.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	c.Dir = t.TempDir()
	out, _ := c.CombinedOutput() // it fails, as some scenarios do not apply
	_, summary, found := strings.Cut(string(out), "=== SUMMARY ===")
	if !found {
		t.Fatalf("the suite says %.2000s", out)
	}
	passed := map[string]bool{}
	for _, m := range outcomeOf.FindAllStringSubmatch(summary, -1) {
		if m[2] != "0" {
			passed[m[1]] = true
		}
	}
	return passed
}

// fixture is a server with what the suite looks for, made with pm's own package
// for the protocol.
func fixture() *mcp.Server {
	say := func(text string, failed bool) func(context.Context, mcp.Caller, json.RawMessage) (*mcp.ToolResult, error) {
		return func(context.Context, mcp.Caller, json.RawMessage) (*mcp.ToolResult, error) {
			return &mcp.ToolResult{Content: []mcp.Text{mcp.Text(text)}, IsError: failed}, nil
		}
	}
	object := map[string]any{"type": "object"}
	prompt := func(text func(map[string]string) string) func(context.Context, mcp.Caller, map[string]string) (*mcp.PromptResult, error) {
		return func(_ context.Context, _ mcp.Caller, arguments map[string]string) (*mcp.PromptResult, error) {
			return &mcp.PromptResult{Messages: []mcp.PromptMessage{{Role: "user", Content: mcp.Text(text(arguments))}}}, nil
		}
	}
	return mcp.New(mcp.Options{
		Info: mcp.Implementation{Name: "fixture", Version: "1"},
		Tools: []mcp.Tool{
			{Name: "test_simple_text", Description: "Says something", InputSchema: object, Call: say("This is a simple text response for testing.", false)},
			{Name: "test_error_handling", Description: "Fails", InputSchema: object, Call: say("This tool intentionally returns an error for testing", true)},
			{Name: "test_tool_with_progress", Description: "Tells how far it is", InputSchema: object, Call: func(_ context.Context, from mcp.Caller, _ json.RawMessage) (*mcp.ToolResult, error) {
				for done := 0.0; from.Progress != nil && done <= 100; done += 50 {
					from.Progress(done, 100, "")
				}
				return &mcp.ToolResult{Content: []mcp.Text{"done"}}, nil
			}},
		},
		Resources: []mcp.Resource{{Name: "static", URI: "test://static-text", MIMEType: "text/plain", Read: func(context.Context, mcp.Caller, string) (string, error) {
			return "This is the content of the static text resource.", nil
		}}},
		Prompts: []mcp.Prompt{
			{Name: "test_simple_prompt", Description: "A prompt", Get: prompt(func(map[string]string) string { return "This is a simple prompt for testing." })},
			{Name: "test_prompt_with_arguments", Description: "Another", Arguments: []mcp.PromptArgument{{Name: "arg1"}, {Name: "arg2"}},
				Get: prompt(func(a map[string]string) string {
					return "Prompt with arguments: arg1='" + a["arg1"] + "', arg2='" + a["arg2"] + "'"
				})},
		},
		Complete: func(context.Context, mcp.Caller, mcp.Completion) ([]string, error) {
			return []string{"paris", "park", "party"}, nil
		},
	})
}

// TestTypeScriptClient runs a session of the protocol's official client for
// TypeScript, which checks what it gets, over both transports.
func TestTypeScriptClient(t *testing.T) {
	dir := nodeTools(t)
	script, err := os.ReadFile(filepath.Join("testdata", "client.mjs"))
	if err != nil {
		t.Fatal(err)
	}
	at, err := os.MkdirTemp(dir, "client") // where it finds its modules
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(at) })
	program := filepath.Join(at, "client.mjs")
	if err := os.WriteFile(program, script, 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(t *testing.T, address string, args ...string) {
		t.Helper()
		c := exec.CommandContext(t.Context(), filepath.Join(dir, "node_modules", ".bin", "node"), append([]string{program}, args...)...)
		c.Env = pm(t.Context(), address, "typescript").Env
		if out, err := c.CombinedOutput(); err != nil || !strings.HasSuffix(string(out), "ok\n") {
			t.Errorf("%s: %v: %s", args[0], err, out)
		}
	}
	each(t, func(t *testing.T, fresh func() string) {
		exe, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		address := fresh()
		open(t, address)
		run(t, address, "stdio", exe)
		other := fresh()
		open(t, other)
		url := serveProcess(t, other)
		run(t, other, "http", url+"/mcp")
	})
}
