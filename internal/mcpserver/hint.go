package mcpserver

import (
	"slices"
	"strings"

	"pm/internal/ops"
)

// hintText is a hint in the words of the tools: who calls them has no command line.
func hintText(hint string) string { return ops.Speak(hint, inTool) }

// inTool says with which tool and arguments a command is done; empty where it is
// done with none of them.
func inTool(s ops.Spoken) string {
	key := ""
	if len(s.Keys) > 0 {
		key = s.Keys[0]
	}
	named := func(tool, argument string) string {
		switch {
		case key == "":
			return tool
		case strings.Contains(tool, " with "):
			return tool + " and " + argument + " " + key
		}
		return tool + " with " + argument + " " + key
	}
	switch verb, isTask := strings.CutPrefix(s.Op.Name, "task "); {
	case isTask && slices.Contains(verbs(), s.Op.Name):
		said := "task_status with verb " + verb
		if key != "" {
			said += " and keys " + strings.Join(s.Keys, ", ")
		}
		return said + given(s)
	case s.Op.Name == "task next" && s.Has("claim"):
		return "next with claim"
	case s.Op.Name == "item show" && s.Has("context"):
		return named("show with context", "key")
	}
	switch s.Op.Name {
	case "task next":
		return "next"
	case "item show", "task show", "epic show", "feature show":
		return named("show", "key")
	case "plan tree":
		return named("tree", "key")
	case "epic list", "feature list":
		return "tree"
	case "plan log":
		return named("log", "key")
	case "plan report", "plan diff", "plan insights", "plan forecast":
		return "project_status with about " + strings.TrimPrefix(s.Op.Name, "plan ")
	case "plan status":
		return "project_status"
	case "task list":
		return "list"
	case "task mine":
		return "list with mine"
	case "note list", "note add":
		return named("note", "key")
	case "question ask":
		return named("note with kind question", "key")
	case "question list":
		return "note without a key"
	case "question answer":
		return named("note with n and answer", "key")
	case "task handoff":
		return named("note with release", "key")
	case "task search":
		return "list with text"
	case "dep list", "dep add", "dep remove":
		return named("dep", "task")
	case "task update", "epic update", "feature update":
		return named("update", "keys") + given(s)
	}
	return inUpdate(s.Op.Name, key)
}

// given says which arguments a command has, with their values.
func given(s ops.Spoken) (said string) {
	for _, flag := range s.Flags {
		name := strings.ReplaceAll(flag, "-", "_")
		if name == "set" {
			name = "fields"
		}
		said += " and " + name
		if value := s.Values[flag]; value != "" {
			said += " " + value
		}
	}
	return said
}

// inUpdate says which argument of update does what an operation of its own does.
func inUpdate(operation, key string) string {
	for _, part := range apart {
		if part.operation != operation {
			continue
		}
		said := "update with " + part.argument
		if key != "" {
			said += " and keys " + key
		}
		return said
	}
	return ""
}
