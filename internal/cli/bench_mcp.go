package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"strings"

	"pm/internal/mcp"
	"pm/internal/mcpserver"
	"pm/internal/tokens"
)

// mcpTokens is an MCP client of a server in this process.
type mcpTokens struct{ server *mcp.Server }

func (a *app) mcpTokens(dir string) (tokens.Surface, error) {
	o, _, err := a.inFolder(dir, new(bytes.Buffer)).mcpOptions()
	return mcpTokens{mcpserver.New(o)}, err
}

func (m mcpTokens) Name() string { return "mcp" }

// Listing returns what a client shows the model of the server: its
// instructions, and name, description and schema of each tool.
func (m mcpTokens) Listing(ctx context.Context) (string, error) {
	var server struct{ Instructions string }
	if err := m.ask(ctx, "server/discover", nil, &server); err != nil {
		return "", err
	}
	var list struct {
		Tools []struct {
			Name        string
			Description string
			InputSchema any
		}
	}
	if err := m.ask(ctx, "tools/list", nil, &list); err != nil {
		return "", err
	}
	text := server.Instructions
	for _, t := range list.Tools {
		b, err := json.Marshal(struct {
			Name        string `json:"name"`
			Description string `json:"description"`
			InputSchema any    `json:"input_schema"`
		}(t))
		if err != nil {
			return "", err
		}
		text += "\n" + string(b)
	}
	return text, nil
}

func (m mcpTokens) Call(ctx context.Context, s tokens.Step) (sent, got string, err error) {
	if s.Operation == "prime" {
		var page struct{ Contents []struct{ Text string } }
		if err := m.ask(ctx, "resources/read", map[string]any{"uri": "pm://prime"}, &page); err != nil {
			return "", "", err
		}
		return "pm://prime", page.Contents[0].Text, nil
	}
	tool, args := toolCall(s)
	b, err := json.Marshal(struct {
		Name      string         `json:"name"`
		Arguments map[string]any `json:"arguments"`
	}{tool, args})
	if err != nil {
		return "", "", err
	}
	var r struct {
		Content []struct{ Text string }
		IsError bool
	}
	if err := m.ask(ctx, "tools/call", map[string]any{"name": tool, "arguments": args}, &r); err != nil {
		return "", "", err
	}
	var text strings.Builder
	for _, c := range r.Content {
		text.WriteString(c.Text)
	}
	if r.IsError {
		return "", "", errors.New(text.String())
	}
	return string(b), text.String(), nil
}

// ask sends a request, and reads its result.
func (m mcpTokens) ask(ctx context.Context, method string, params map[string]any, result any) error {
	b, err := m.server.Ask(ctx, mcp.Implementation{Name: "bench", Version: Version}, method, params)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, result)
}

// toolCall says which tool does a step, and its arguments.
func toolCall(s tokens.Step) (tool string, args map[string]any) {
	args = maps.Clone(s.Arguments)
	if args == nil {
		args = map[string]any{}
	}
	tool = map[string]string{"task next": "next", "note add": "note", "task submit": "task_status",
		"plan apply": "create_task", "task list": "list", "plan status": "project_status"}[s.Operation]
	if s.Operation == "task submit" {
		args["verb"] = "submit"
	}
	return tool, args
}
