package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"pm/internal/mcpserver"
	"pm/internal/tokens"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// mcpTokens is an MCP client of a server in this process.
type mcpTokens struct{ session *mcp.ClientSession }

func (a *app) mcpTokens(ctx context.Context, dir string) (tokens.Surface, error) {
	o, _, err := a.inFolder(dir, new(bytes.Buffer)).mcpOptions()
	if err != nil {
		return nil, err
	}
	here, there := mcp.NewInMemoryTransports()
	if _, err := mcpserver.New(o).Connect(ctx, there, nil); err != nil {
		return nil, err
	}
	session, err := mcp.NewClient(&mcp.Implementation{Name: "bench", Version: Version}, nil).Connect(ctx, here, nil)
	return mcpTokens{session}, err
}

func (m mcpTokens) Name() string { return "mcp" }

// Listing returns what a client shows the model of the server: its
// instructions, and name, description and schema of each tool.
func (m mcpTokens) Listing(ctx context.Context) (string, error) {
	text := m.session.InitializeResult().Instructions
	list, err := m.session.ListTools(ctx, nil)
	if err != nil {
		return "", err
	}
	for _, t := range list.Tools {
		b, err := json.Marshal(struct {
			Name        string `json:"name"`
			Description string `json:"description"`
			InputSchema any    `json:"input_schema"`
		}{t.Name, t.Description, t.InputSchema})
		if err != nil {
			return "", err
		}
		text += "\n" + string(b)
	}
	return text, nil
}

func (m mcpTokens) Call(ctx context.Context, s tokens.Step) (sent, got string, err error) {
	if s.Operation == "prime" {
		r, err := m.session.ReadResource(ctx, &mcp.ReadResourceParams{URI: "pm://prime"})
		if err != nil {
			return "", "", err
		}
		return "pm://prime", r.Contents[0].Text, nil
	}
	params := toolCall(s)
	b, err := json.Marshal(params)
	if err != nil {
		return "", "", err
	}
	r, err := m.session.CallTool(ctx, params)
	if err != nil {
		return "", "", err
	}
	var text strings.Builder
	for _, c := range r.Content {
		if t, isText := c.(*mcp.TextContent); isText {
			text.WriteString(t.Text)
		}
	}
	if r.IsError {
		return "", "", fmt.Errorf("%s", text.String())
	}
	return string(b), text.String(), nil
}

// toolCall says which tool does a step.
func toolCall(s tokens.Step) *mcp.CallToolParams {
	args := maps.Clone(s.Arguments)
	if args == nil {
		args = map[string]any{}
	}
	name := map[string]string{"task next": "next", "task context": "show", "note add": "note", "task submit": "task_status",
		"task create": "create_task", "task list": "list", "plan status": "project_status"}[s.Operation]
	switch s.Operation {
	case "task context":
		args["context"] = true
	case "task submit":
		args["verb"] = "submit"
	}
	return &mcp.CallToolParams{Name: name, Arguments: args}
}
