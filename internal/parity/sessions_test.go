package parity

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pm/internal/plan"
	"pm/internal/tracker"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// An actor calls a tool, as a process or a client of its own, or runs the
// command that stands for it.
type actor func(tool string, args map[string]any) (text string, failed bool)

// beApart has two callers of one name, each a session of its own, use one
// plan: neither may act on what the other claimed.
func beApart(t *testing.T, a, b actor) {
	t.Helper()
	text, failed := a("next", map[string]any{"claim": true})
	k, err := taskIn(text)
	if failed || err != nil || k == "" {
		t.Fatalf("the first claim is answered with %s", text)
	}
	var answer struct {
		Token string `json:"claim_token"`
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Fatal(err)
	}
	verb := func(verb, token string) map[string]any { return verbOn(k, verb, token) }
	refuseAll(t, b, k)
	text, failed = b("list", map[string]any{"mine": true})
	if own, _, _ := strings.Cut(text, `"others"`); failed || strings.Contains(own, k) {
		t.Errorf("the other is told that it holds %s", text)
	}
	text, failed = b("next", map[string]any{"claim": true})
	if other, err := taskIn(text); failed || err != nil || other == "" || other == k {
		t.Errorf("the other got %s", text)
	}
	for _, v := range []string{"renew", "submit"} {
		if text, failed := a("task_status", verb(v, answer.Token)); failed {
			t.Errorf("its holder does not %s it: %s", v, text)
		}
	}
	moveApart(t, a, b)
}

func verbOn(key, verb, token string) map[string]any {
	args := map[string]any{"verb": verb, "keys": []any{key}}
	if token != "" {
		args["claim_token"] = token
	}
	return args
}

// refuseAll has a caller try all that only the holder of a task may do.
func refuseAll(t *testing.T, b actor, k string) {
	t.Helper()
	tries := map[string]map[string]any{"handoff": {"key": k, "body": "half done", "release": true}, "ask": {"key": k, "body": "which?", "kind": "question", "hold": true}}
	for _, v := range []string{"submit", "complete", "release", "renew", "start", "block", "claim", "approve", "archive"} {
		tries[v] = verbOn(k, v, "")
		if v == "block" {
			tries[v]["reason"] = "it rains"
		}
	}
	for name, args := range tries {
		tool := "task_status"
		if args["verb"] == nil {
			tool = "note"
		}
		text, failed := b(tool, args)
		if !failed || name != "approve" && !strings.Contains(text, "another session of yours") {
			t.Errorf("the other does %s on what it does not hold: %s", name, text)
		}
	}
}

// moveApart has the other take a claim over, and end one by force.
func moveApart(t *testing.T, a, b actor) {
	t.Helper()
	claim := func() (key string, args func(verb string) map[string]any) {
		t.Helper()
		text, failed := a("next", map[string]any{"claim": true})
		key, err := taskIn(text)
		var answer struct {
			Token string `json:"claim_token"`
			Task  struct{ Fence int }
		}
		if failed || err != nil || json.Unmarshal([]byte(text), &answer) != nil || answer.Task.Fence != 1 {
			t.Fatalf("the next claim is answered with %s, %v", text, err)
		}
		return key, func(verb string) map[string]any { return verbOn(key, verb, answer.Token) }
	}
	k, own := claim()
	take := verbOn(k, "claim", "")
	take["take_over"] = true
	if text, failed := b("task_status", take); failed || !strings.Contains(text, "taken over") && !strings.Contains(text, `"taken_over"`) {
		t.Errorf("it is taken over with %s", text)
	}
	for _, v := range []string{"submit", "renew", "release"} {
		if text, failed := a("task_status", own(v)); !failed || !strings.Contains(text, "no longer valid") && !strings.Contains(text, "another session of yours") {
			t.Errorf("who lost it does %s: %s", v, text)
		}
	}
	if text, failed := a("log", map[string]any{"key": k, "limit": 1}); failed || !strings.Contains(text, "moved from claude (session ") || !strings.Contains(text, "fence") {
		t.Errorf("the history of it is %s", text)
	}
	k, _ = claim()
	force := verbOn(k, "complete", "")
	force["force"], force["reason"] = true, "the other has crashed"
	if text, failed := b("task_status", force); failed {
		t.Errorf("force does not end it: %s", text)
	}
}

// onTools calls the tools of a client.
func onTools(t *testing.T, s *mcp.ClientSession) actor {
	return func(tool string, args map[string]any) (string, bool) {
		t.Helper()
		r, err := s.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: args})
		if err != nil {
			t.Fatal(err)
		}
		return r.Content[0].(*mcp.TextContent).Text, r.IsError
	}
}

// wordsOf is the command that stands for a call of a tool.
func wordsOf(tool string, args map[string]any) []string {
	switch {
	case tool == "next":
		return []string{"next", "--claim", "--json"}
	case tool == "list":
		return []string{"mine", "--json"}
	case tool == "log":
		return []string{"log", args["key"].(string), "--limit", "1", "--json"}
	case args["hold"] != nil:
		return []string{"ask", args["key"].(string), args["body"].(string), "--hold"}
	case args["release"] != nil:
		return []string{"handoff", args["key"].(string), args["body"].(string), "--release"}
	}
	words := []string{args["verb"].(string), args["keys"].([]any)[0].(string)}
	if reason, given := args["reason"]; given {
		words = append(words, "--reason", reason.(string))
	}
	for _, flag := range []string{"force", "take_over"} {
		if args[flag] != nil {
			words = append(words, "--"+strings.ReplaceAll(flag, "_", "-"))
		}
	}
	return words
}

// TestTwoShells begins two sessions of a tool, as its hook does, and runs
// commands in their shells, under one name.
func TestTwoShells(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no shell")
	}
	each(t, func(t *testing.T, fresh func() string) {
		address := fresh()
		plant(t, open(t, address), plan.WithActor(t.Context(), plan.Actor{Name: "ann"}), 4)
		shell := func(id string) actor {
			env := filepath.Join(t.TempDir(), "env.sh")
			hook := pm(t.Context(), address, "claude", "prime", "--hook-json", "--deadline", "20s")
			hook.Env = append(hook.Env, "PM_SESSION=", "CLAUDE_ENV_FILE="+env)
			hook.Stdin = strings.NewReader(`{"session_id":"` + id + `","source":"startup"}`)
			if out, err := hook.Output(); err != nil || !strings.Contains(string(out), "You hold none") {
				t.Fatalf("the hook says %s, %v", out, err)
			}
			return func(tool string, args map[string]any) (string, bool) {
				words := wordsOf(tool, args)
				c := pm(t.Context(), address, "claude", words...)
				c.Args = append([]string{"sh", "-c", `. "$0" && exec "$@"`, env, c.Path}, words...)
				c.Path, _ = exec.LookPath("sh")
				c.Env = append(c.Env, "PM_SESSION=")
				out, err := c.CombinedOutput()
				var exit *exec.ExitError
				if err != nil && !errors.As(err, &exit) {
					t.Fatal(err)
				}
				return string(out), err != nil
			}
		}
		beApart(t, shell("11111111-2222"), shell("33333333-4444"))
	})
}

// TestTwoProcessesOfMCP has two processes of pm mcp, whose clients have one
// name. What the one that is killed held runs out, and is taken over.
func TestTwoProcessesOfMCP(t *testing.T) {
	each(t, func(t *testing.T, fresh func() string) {
		address := fresh()
		p := open(t, address)
		ctx := plan.WithActor(t.Context(), plan.Actor{Name: "ann"})
		plant(t, p, ctx, 5)
		client := func() (*mcp.ClientSession, *exec.Cmd) {
			process := pm(t.Context(), address, "", "mcp")
			s, err := mcp.NewClient(&mcp.Implementation{Name: "claude"}, nil).Connect(t.Context(), &mcp.CommandTransport{Command: process}, nil)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			return s, process
		}
		a, process := client()
		b, _ := client()
		beApart(t, onTools(t, a), onTools(t, b))
		if text, failed := onTools(t, a)("next", map[string]any{"claim": true, "lease": "1s"}); failed || !strings.Contains(text, `"assigned_agent":"claude"`) {
			t.Fatalf("got %s", text)
		}
		until := func() time.Time {
			task, err := p.ShowTask(ctx, tracker.ShowTask{Key: "T-E01-F01-005"})
			if err != nil || task.LeaseUntil == nil {
				t.Fatalf("it is %+v, %v", task, err)
			}
			return *task.LeaseUntil
		}
		for first := until(); !until().After(first); { // by itself, while the process lives
		}
		process.Process.Kill()
		text, failed := onTools(t, b)("next", map[string]any{"claim": true, "wait": "1m"})
		if failed || !strings.Contains(text, `"taken_over":{"key":"T-E01-F01-005","from":"claude (session `) {
			t.Errorf("got %s", text)
		}
	})
}

// TestAProcessOfMCPThatIsLeft waits for a task when its client leaves.
func TestAProcessOfMCPThatIsLeft(t *testing.T) {
	each(t, func(t *testing.T, fresh func() string) {
		address := fresh()
		p := open(t, address)
		ctx := plan.WithActor(t.Context(), plan.Actor{Name: "ann"})
		plant(t, p, ctx, 1)
		claim := tracker.Claim{Keys: []string{"T-E01-F01-001"}}
		if _, err := p.Claim(ctx, claim); err != nil {
			t.Fatal(err)
		}
		process := pm(t.Context(), address, "bob", "mcp")
		in, err := process.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := process.StdoutPipe()
		if err != nil || process.Start() != nil {
			t.Fatal(err)
		}
		io.WriteString(in, `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}
{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"next","arguments":{"claim":true,"wait":"1h"}}}
`)
		answers := bufio.NewReader(out)
		if _, err := answers.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		in.Close()
		last, err := io.ReadAll(answers)
		if process.Wait(); err != nil || !strings.Contains(string(last), "client_gone") {
			t.Errorf("the wait is answered with %q, %v", last, err)
		}
		if _, err := p.Release(ctx, tracker.ChangeStatus{Keys: claim.Keys}); err != nil {
			t.Fatal(err)
		}
		if task, err := p.ShowTask(ctx, tracker.ShowTask{Key: "T-E01-F01-001"}); err != nil || task.Status != plan.Todo {
			t.Errorf("it is held by %s, %v", task.Holder(), err)
		}
	})
}

// serveProcess begins a process of pm serve, and returns its address.
func serveProcess(t *testing.T, address string) (url string) {
	t.Helper()
	process := pm(t.Context(), address, "", "serve", "--listen", "127.0.0.1:0")
	talk, err := process.StderrPipe()
	if err != nil || process.Start() != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { process.Process.Kill(); process.Wait() })
	lines := bufio.NewReader(talk)
	for url == "" {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		url = regexp.MustCompile(`http://[0-9.:]+`).FindString(line)
	}
	go io.Copy(io.Discard, lines)
	return url
}

// TestTwoClientsOverHTTP has a process of pm serve, and clients of MCP that
// have one name, with sessions and without.
func TestTwoClientsOverHTTP(t *testing.T) {
	each(t, func(t *testing.T, fresh func() string) {
		address := fresh()
		plant(t, open(t, address), plan.WithActor(t.Context(), plan.Actor{Name: "ann"}), 12)
		url := serveProcess(t, address)
		for _, revision := range []string{"2025-11-25", "2025-03-26", "2026-07-28"} {
			client := func() actor {
				s, err := mcp.NewClient(&mcp.Implementation{Name: "claude"}, nil).Connect(t.Context(),
					&mcp.StreamableClientTransport{Endpoint: url + "/mcp", DisableStandaloneSSE: true}, &mcp.ClientSessionOptions{ProtocolVersion: revision})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { s.Close() })
				return onTools(t, s)
			}
			beApart(t, client(), client())
		}
	})
}
