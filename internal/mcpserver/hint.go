package mcpserver

import (
	"slices"
	"strings"

	"pm/internal/ops"
)

// hintText is a hint in the words of the tools: who calls them has no command line.
func hintText(hint string) string { return ops.Speak(hint, inTool) }

// A place is where a tool does what an operation does.
type place struct {
	tool string // with an argument that is always given: "show with context"
	key  string // the argument that the operation's first key goes into; empty: none
	rest bool   // takes the other arguments, too
}

// places are where the operations are done that are neither a verb of task_status
// nor an argument of update.
var places = map[string]place{
	"task next":       {tool: "next"},
	"item show":       {tool: "show", key: "key"},
	"task show":       {tool: "show", key: "key"},
	"epic show":       {tool: "show", key: "key"},
	"feature show":    {tool: "show", key: "key"},
	"plan tree":       {tool: "tree", key: "key"},
	"epic list":       {tool: "tree"},
	"feature list":    {tool: "tree"},
	"plan log":        {tool: "log", key: "key"},
	"plan report":     {tool: "project_status with about report"},
	"plan diff":       {tool: "project_status with about diff"},
	"plan insights":   {tool: "project_status with about insights"},
	"plan forecast":   {tool: "project_status with about forecast"},
	"plan status":     {tool: "project_status"},
	"task list":       {tool: "list"},
	"task mine":       {tool: "list with mine"},
	"note list":       {tool: "note", key: "key"},
	"note add":        {tool: "note", key: "key"},
	"question ask":    {tool: "note with kind question", key: "key"},
	"question list":   {tool: "note without a key"},
	"question answer": {tool: "note with n and answer", key: "key"},
	"task handoff":    {tool: "note with release", key: "key"},
	"task search":     {tool: "list with text"},
	"dep list":        {tool: "dep", key: "task"},
	"dep add":         {tool: "dep", key: "task"},
	"dep remove":      {tool: "dep", key: "task"},
	"task update":     {tool: "update", key: "keys", rest: true},
	"epic update":     {tool: "update", key: "keys", rest: true},
	"feature update":  {tool: "update", key: "keys", rest: true},
}

// inTool says with which tool and arguments a command is done; empty where it is
// done with none of them.
func inTool(s ops.Spoken) string {
	if verb, isTask := strings.CutPrefix(s.Op.Name, "task "); isTask && slices.Contains(verbs(), s.Op.Name) {
		said := "task_status with verb " + verb
		if len(s.Keys) > 0 {
			said += " and keys " + strings.Join(s.Keys, ", ")
		}
		return said + given(s)
	}
	if s.Op.Name == "task list" && len(s.Terms) > 0 {
		return "list with query " + strings.Join(s.Terms, " ")
	}
	key := ""
	if len(s.Keys) > 0 {
		key = s.Keys[0]
	}
	at, known := places[s.Op.Name]
	switch {
	case !known:
		return inUpdate(s, key)
	case s.Op.Name == "task next" && s.Has("claim"):
		return "next with claim"
	case s.Op.Name == "item show" && s.Has("context"):
		at.tool = "show with context"
	}
	said := at.tool
	if at.key != "" && key != "" {
		joined := " with "
		if strings.Contains(said, joined) {
			joined = " and "
		}
		said += joined + at.key + " " + key
	}
	if at.rest {
		said += given(s)
	}
	return said
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
func inUpdate(s ops.Spoken, key string) string {
	for _, part := range apart {
		if part.operation != s.Op.Name {
			continue
		}
		said := strings.TrimRight("update with keys "+key, " ") + " and " + part.argument
		if len(s.Terms) > 0 {
			said += " " + strings.Join(s.Terms, " ")
		}
		return said
	}
	return ""
}
