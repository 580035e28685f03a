package agents

import (
	"slices"
	"strings"

	"pm/internal/plan"
)

// MCP is what a part is that tells a tool of pm's MCP server.
const MCP = "mcp"

// madeFile stands before a file in the list of what was made: one that was not
// there before.
const madeFile = "file:"

// An mcpForm is how the settings of a tool name a server.
type mcpForm struct {
	tool     string
	path     string
	key      string // of the object that has a member for each server; empty for TOML
	entry    string // pm's member
	document string // the file where there is none
}

const (
	usualEntry = `"pm": {"command": "pm", "args": ["mcp"]}`
	usualFile  = "{\n  \"mcpServers\": {\n    \"pm\": {\n      \"command\": \"pm\",\n      \"args\": [\n        \"mcp\"\n      ]\n    }\n  }\n}\n"
)

// mcpForms are the settings that lie in a project.
func mcpForms() []mcpForm {
	return []mcpForm{
		{"claude", ".mcp.json", "mcpServers", usualEntry, usualFile},
		{"cursor", ".cursor/mcp.json", "mcpServers", usualEntry, usualFile},
		{"vscode", ".vscode/mcp.json", "servers", `"pm": {"type": "stdio", "command": "pm", "args": ["mcp"]}`,
			"{\n  \"servers\": {\n    \"pm\": {\n      \"type\": \"stdio\",\n      \"command\": \"pm\",\n      \"args\": [\n        \"mcp\"\n      ]\n    }\n  }\n}\n"},
		{"codex", ".codex/config.toml", "", "", ""},
		{"gemini", ".gemini/settings.json", "mcpServers", usualEntry, usualFile},
		{"opencode", "opencode.json", "mcp", `"pm": {"type": "local", "command": ["pm", "mcp"], "enabled": true}`,
			"{\n  \"$schema\": \"https://opencode.ai/config.json\",\n  \"mcp\": {\n    \"pm\": {\n      \"type\": \"local\",\n      \"command\": [\n        \"pm\",\n        \"mcp\"\n      ],\n      \"enabled\": true\n    }\n  }\n}\n"},
	}
}

// MCPTools lists the tools that can be told of pm's MCP server.
func MCPTools() (names []string) {
	for _, f := range mcpForms() {
		names = append(names, f.tool)
	}
	return names
}

func mcpPart(f mcpForm) part {
	if f.key == "" {
		return tomlPart(f)
	}
	wrap := func(err error) error {
		if err == nil {
			return nil
		}
		return plan.Errorf(plan.Refused, "cannot edit %s: %w", f.path, err).WithCode("bad_settings").WithHint("fix the file first, or add the server by hand: %s", f.entry)
	}
	return part{
		path: f.path, what: MCP, tool: f.tool,
		add: func(text string, there bool) (string, error) {
			if !there {
				return f.document, nil
			}
			out, err := f.add(text)
			return out, wrap(err)
		},
		take: func(text string) (string, bool, error) {
			if text == f.document {
				return "", false, nil
			}
			out, err := f.take(text)
			return out, true, wrap(err)
		},
		state: func(text string) State {
			_, servers, ours, err := f.find(text)
			switch {
			case err != nil || servers == nil || ours == nil:
				return Missing
			case f.same(text, ours):
				return Current
			}
			return Foreign
		},
	}
}

// find returns the root of the settings, the object of servers and pm's member.
func (f mcpForm) find(text string) (root, servers, ours *value, err error) {
	if root, err = parseJSON(text); err != nil {
		return nil, nil, nil, err
	}
	if !root.is('{') {
		return nil, nil, nil, plan.Errorf(plan.Invalid, "not a JSON object")
	}
	if servers = root.member(f.key); servers == nil {
		return root, nil, nil, nil
	}
	if !servers.is('{') {
		return nil, nil, nil, plan.Errorf(plan.Invalid, "%q is not an object", f.key)
	}
	return root, servers, servers.member("pm"), nil
}

// same reports whether a member says what pm's own says.
func (f mcpForm) same(text string, ours *value) bool {
	_, own, _ := strings.Cut(f.entry, ": ")
	return squeezed(text[ours.begin:ours.end]) == squeezed(own)
}

// add puts the member in, unless there is one of that name.
func (f mcpForm) add(text string) (string, error) {
	root, servers, ours, err := f.find(text)
	switch {
	case err != nil || ours != nil:
		return text, err
	case servers == nil:
		return root.insert(text, `"`+f.key+`": {`+f.entry+`}`), nil
	case len(servers.items) == 0:
		return servers.insert(text, tight(f.entry)), nil // another form, by which take knows what was there
	}
	return servers.insert(text, f.entry), nil
}

// take takes the member out: of the ways to do so the one whose result add turns
// into this very text, else the one that leaves nothing empty behind.
func (f mcpForm) take(text string) (string, error) {
	root, servers, ours, err := f.find(text)
	if err != nil || ours == nil || !f.same(text, ours) {
		return text, err
	}
	ways := []string{servers.without(text, ours)}
	if len(servers.items) == 1 {
		ways = slices.Insert(ways, 0, root.without(text, servers))
	}
	for _, way := range ways {
		if again, err := f.add(way); err == nil && again == text {
			return way, nil
		}
	}
	return ways[0], nil
}
