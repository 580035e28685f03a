package parity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Clients of MCP, each a process of its own, and commands work one plan until
// nothing is left, with a server beside them that has the database open and
// is asked all the while. Nobody fails, and every task is done once.
func TestTogether(t *testing.T) {
	clients, commands, tasks := 3, 3, 30
	if full {
		clients, commands, tasks = 32, 32, 640
	}
	each(t, func(t *testing.T, fresh func() string) {
		address := fresh()
		p := open(t, address)
		ctx := plan.WithActor(t.Context(), plan.Actor{Name: "ann"})
		plant(t, p, ctx, tasks)
		url := serveHTTP(t, address)
		stopAsking := ask(t, url)
		var workers sync.WaitGroup
		failures := make(chan error, clients+commands)
		for i := range clients {
			workers.Go(func() { failures <- workMCP(t.Context(), address, fmt.Sprintf("mcp-%d", i)) })
		}
		for i := range commands {
			workers.Go(func() { failures <- workCLI(t.Context(), address, fmt.Sprintf("cli-%d", i)) })
		}
		workers.Wait()
		close(failures)
		for err := range failures {
			if err != nil {
				t.Error(err)
			}
		}
		stopAsking()
		checkWork(t, p, ctx, tasks)
	})
}

func plant(t *testing.T, p *tracker.Tracker, ctx context.Context, tasks int) {
	t.Helper()
	if _, err := p.CreateEpic(ctx, tracker.CreateEpic{Title: "Payments"}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.CreateFeature(ctx, tracker.CreateFeature{Epic: "E01", Title: "Cards"}); err != nil {
		t.Fatal(err)
	}
	in := make([]tracker.CreateTask, tasks)
	for i := range in {
		in[i] = tracker.CreateTask{Feature: "E01-F01", Title: fmt.Sprintf("Task %d", i)}
	}
	if _, err := p.CreateTasks(ctx, tracker.CreateTasks{Tasks: in}); err != nil {
		t.Fatal(err)
	}
}

// ask reads from the server until the function it returns is called.
func ask(t *testing.T, url string) (stop func()) {
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-end:
				return
			default:
			}
			if status, text := request(t, "ann", "GET", url+"/v1/status", ""); status != 200 {
				t.Errorf("the server answers %d %s", status, text)
				return
			}
		}
	}()
	return func() { close(end); <-ended }
}

// workMCP works as a client of pm mcp until there is no task left.
func workMCP(ctx context.Context, address, agent string) error {
	client := mcp.NewClient(&mcp.Implementation{Name: agent}, nil)
	s, err := client.Connect(ctx, &mcp.CommandTransport{Command: pm(ctx, address, agent, "mcp")}, nil)
	if err != nil {
		return err
	}
	defer s.Close()
	call := func(tool string, args map[string]any) (string, error) {
		r, err := s.CallTool(ctx, &mcp.CallToolParams{Name: tool, Arguments: args})
		if err != nil {
			return "", err
		}
		text := r.Content[0].(*mcp.TextContent).Text
		if r.IsError {
			return "", errors.New(text)
		}
		return text, nil
	}
	for {
		text, err := call("next", map[string]any{"claim": true})
		if err != nil {
			return err
		}
		key, err := taskIn(text)
		if err != nil || key == "" {
			return err
		}
		if _, err := call("note", map[string]any{"key": key, "body": "by " + agent}); err != nil {
			return err
		}
		if _, err := call("task_status", map[string]any{"verb": "complete", "keys": []string{key}}); err != nil {
			return err
		}
	}
}

// workCLI works by commands until there is no task left.
func workCLI(ctx context.Context, address, agent string) error {
	call := func(args ...string) (string, error) {
		out, err := pm(ctx, address, agent, args...).Output()
		var failed *exec.ExitError
		if errors.As(err, &failed) {
			err = fmt.Errorf("pm %s: %w: %s", strings.Join(args, " "), err, failed.Stderr)
		}
		return string(out), err
	}
	for {
		text, err := call("next", "--claim", "--json")
		if err != nil {
			return err
		}
		key, err := taskIn(text)
		if err != nil || key == "" {
			return err
		}
		if _, err := call("note", key, "by "+agent); err != nil {
			return err
		}
		if _, err := call("complete", key); err != nil {
			return err
		}
	}
}

func taskIn(text string) (string, error) {
	var next struct{ Task *struct{ Key string } }
	if err := json.Unmarshal([]byte(text), &next); err != nil || next.Task == nil {
		return "", err
	}
	return next.Task.Key, nil
}

// checkWork checks that every task was claimed once, and done by who claimed it.
func checkWork(t *testing.T, p *tracker.Tracker, ctx context.Context, tasks int) {
	t.Helper()
	all := 0
	log, err := p.Log(ctx, tracker.Log{Limit: &all})
	if err != nil {
		t.Fatal(err)
	}
	claimed, done := map[plan.Key]string{}, map[plan.Key]string{}
	surfaces := map[string]int{}
	for _, h := range log.Items {
		switch {
		case h.OldStatus == string(plan.Todo) && h.NewStatus == string(plan.InProgress):
			if claimed[h.Key] != "" {
				t.Errorf("%s was claimed by %s and by %s", h.Key, claimed[h.Key], h.Agent)
			}
			claimed[h.Key] = h.Agent
			surfaces[h.Surface]++
		case h.NewStatus == string(plan.Completed) && h.OldStatus != h.NewStatus:
			done[h.Key] = h.Agent
		}
	}
	if len(done) != tasks {
		t.Errorf("%d tasks of %d are done", len(done), tasks)
	}
	for k, agent := range done {
		if claimed[k] != agent {
			t.Errorf("%s was claimed by %s, and done by %s", k, claimed[k], agent)
		}
	}
	t.Logf("claims by surface: %v", surfaces)
	if surfaces["mcp"] == 0 || surfaces["cli"] == 0 {
		t.Errorf("one of the surfaces got no task: %v", surfaces)
	}
}
