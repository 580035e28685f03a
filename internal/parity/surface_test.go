package parity

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pm/internal/cli"
	"pm/internal/mcpserver"
	"pm/internal/ops"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// A surface runs an operation with arguments as an agent.
type surface func(t *testing.T, agent, op string, args map[string]any) outcome

// otherCommand has the operations that are a part of another command, and the
// flags that ask for them there.
var otherCommand = map[string]struct {
	command string
	flags   []string
}{
	"task create-many": {"task create", []string{"--from", "-"}},
	"task context":     {"show", []string{"--context"}},
	"plan apply":       {"apply", []string{"-"}},
	"item show-many":   {"show", nil},
	"task count":       {"list", []string{"--count"}},
}

// commandOf returns the command of an operation.
func commandOf(op ops.Op) string {
	switch {
	case otherCommand[op.Name].command != "":
		return otherCommand[op.Name].command
	case op.Daily != "":
		return op.Daily
	}
	return op.Name
}

// onCLI runs operations as commands: one process each.
func onCLI(address string) surface {
	return func(t *testing.T, agent, name string, args map[string]any) outcome {
		op, _ := ops.Find(name)
		words := append(strings.Fields(commandOf(op)), "--json")
		if c, _, err := cli.Commands().Find(words[:len(words)-1]); err == nil && c.Flags().Lookup("full") != nil {
			words = append(words, "--full") // the others leave nothing out
		}
		words = append(words, otherCommand[name].flags...)
		if op.Effect == ops.Deletes {
			words = append(words, "--yes")
		}
		stdin := ""
		if name == "task create-many" {
			for _, task := range args["tasks"].([]any) {
				b, _ := json.Marshal(task)
				stdin += string(b) + "\n"
			}
		} else if name == "plan apply" {
			b, _ := json.Marshal(args)
			stdin = string(b)
		} else {
			words = append(words, commandLine(op, args)...)
		}
		stdout, stderr, exit := run(t, address, agent, stdin, words...)
		if exit == 0 {
			return outcome{text: stdout}
		}
		var failed struct{ Error struct{ Kind, Code string } }
		if err := json.Unmarshal([]byte(stderr), &failed); err != nil || stdout != "" {
			t.Fatalf("pm %q: exit %d, stdout %q, stderr %q", words, exit, stdout, stderr)
		}
		return outcome{kind: failed.Error.Kind, code: failed.Error.Code}
	}
}

// commandLine writes arguments as flags, and those that have a place there.
func commandLine(op ops.Op, args map[string]any) (flags []string) {
	var placed []string
	for _, p := range ops.Params(op.NewInput()) {
		value, given := args[p.Name]
		if !given {
			continue
		}
		for _, text := range texts(value) {
			if p.Arg {
				placed = append(placed, text)
			} else {
				flags = append(flags, "--"+p.Flag+"="+text)
			}
		}
	}
	return append(append(flags, "--"), placed...)
}

// texts writes a value as a command line and a query have it: a list is several.
func texts(value any) (out []string) {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		for _, one := range v {
			out = append(out, texts(one)...)
		}
		return out
	}
	b, _ := json.Marshal(value)
	return []string{string(b)}
}

// onHTTP runs operations as requests, by their first route.
func onHTTP(base string) surface {
	return func(t *testing.T, agent, name string, args map[string]any) outcome {
		op, _ := ops.Find(name)
		method, path, _ := strings.Cut(op.Route, " ")
		rest := map[string]any{}
		for k, v := range args {
			rest[k] = v
		}
		if keys, ok := args["keys"].([]any); ok && len(keys) > 1 && op.Also != "" {
			method, path, _ = strings.Cut(op.Also, " ")
		}
		for name, arg := range map[string]string{"{key}": "key", "{task}": "task", "{depends_on}": "depends_on", "{n}": "n", "{name}": "name", "{label}": "label"} {
			if !strings.Contains(path, name) {
				continue
			}
			if _, given := rest[arg]; !given {
				arg = "keys"
			}
			path = strings.Replace(path, name, url.PathEscape(strings.Join(texts(rest[arg]), ",")), 1)
			delete(rest, arg)
		}
		body := ""
		if method == "GET" || method == "DELETE" {
			query := url.Values{}
			for k, v := range rest {
				query[k] = texts(v)
			}
			path += "?" + query.Encode()
		} else if len(rest) > 0 {
			b, _ := json.Marshal(rest)
			body = string(b)
		}
		status, text := request(t, agent, method, base+path, body)
		if status < 300 {
			return outcome{text: text}
		}
		var failed outcome
		var problem struct{ Kind, Code string }
		if err := json.Unmarshal([]byte(text), &problem); err != nil {
			t.Fatalf("%s %s: %d %s", method, path, status, text)
		}
		failed.kind, failed.code = problem.Kind, problem.Code
		return failed
	}
}

// ofProject are the operations that the argument project of the tool update takes.
var ofProject = []string{"project set", "field create", "field update", "field delete", "stage create", "stage update", "stage delete", "view save", "view delete", "label rename", "check move"}

// toolFor returns the tool that stands for an operation, and the arguments
// that choose it.
func toolFor(name string, args map[string]any) (tool string, all map[string]any) {
	for t, behind := range mcpserver.Behind() {
		if slices.Contains(behind, name) {
			tool = t
		}
	}
	all = map[string]any{}
	for k, v := range args {
		all[k] = v
	}
	switch {
	case tool == "task_status":
		all["verb"] = strings.TrimPrefix(name, "task ")
	case name == "plan apply":
		all = map[string]any{"plan": args}
	case name == "question ask":
		all["kind"] = "question"
	case name == "task context":
		all["context"] = true
	case name == "task count":
		all["count"] = true
	case name == "plan report", name == "plan diff", name == "plan insights", name == "plan forecast":
		all["about"] = strings.TrimPrefix(name, "plan ")
	case name == "plan undo":
		all["undo"] = true
	case name == "plan redo":
		all["redo"] = true
	case name == "project show":
		all["about"] = "settings"
	case name == "field list", name == "stage list", name == "view list", name == "label list":
		all["about"] = strings.TrimSuffix(name, " list") + "s"
	case name == "repeat show":
		all["about"] = "repeat"
	case tool == "update" && slices.Contains(ofProject, name):
		all["project"] = name
	case name == "task mine":
		all["mine"] = true
	case name == "note accept":
		all["accept"] = true
	case name == "dep remove", name == "note remove":
		all["remove"] = true
	case name == "check tick":
		all["check"] = all["n"]
		delete(all, "n")
	case name == "check untick":
		all["uncheck"] = all["n"]
		delete(all, "n")
	case name == "check remove":
		all["remove_checks"] = all["n"]
		delete(all, "n")
	case name == "item link":
		all["links"] = all["to"]
		delete(all, "to")
	case name == "item unlink":
		all["remove_links"] = all["to"]
		delete(all, "to")
	case name == "ref remove":
		all["remove_refs"] = all["refs"]
		delete(all, "refs")
	case name == "label remove":
		all["remove_labels"] = all["labels"]
		delete(all, "labels")
	}
	return tool, all
}

// onMCP runs operations as calls of tools, one client for each agent.
func onMCP(address string) surface {
	clients := map[string]*mcp.ClientSession{}
	return func(t *testing.T, agent, name string, args map[string]any) outcome {
		if clients[agent] == nil {
			clients[agent] = connect(t, address, agent)
		}
		tool, all := toolFor(name, args)
		r, err := clients[agent].CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: all})
		if err != nil {
			t.Fatalf("%s %v: %v", tool, all, err)
		}
		text := r.Content[0].(*mcp.TextContent).Text
		if !r.IsError {
			return outcome{text: text}
		}
		head, _, _ := strings.Cut(text, ":")
		kind, code, _ := strings.Cut(head, " ")
		if code == "" {
			code = kind
		}
		return outcome{kind: kind, code: code}
	}
}
