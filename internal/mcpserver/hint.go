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
		if key == "" {
			return tool
		}
		return tool + " with " + argument + " " + key
	}
	switch verb, isTask := strings.CutPrefix(s.Op.Name, "task "); {
	case isTask && slices.Contains(verbs(), s.Op.Name):
		said := "task_status with verb " + verb
		if key != "" {
			said += " and keys " + strings.Join(s.Keys, ", ")
		}
		if s.Has("take-over") {
			said += " and take_over"
		}
		return said
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
	case "plan status":
		return "project_status"
	case "task list":
		return "list"
	case "task mine":
		return "list with mine"
	case "note list", "note add":
		return named("note", "key")
	case "dep list", "dep add", "dep remove":
		return named("dep", "task")
	case "task update", "epic update", "feature update":
		return named("update", "keys")
	}
	return ""
}
