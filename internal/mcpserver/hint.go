package mcpserver

import (
	"slices"
	"strings"

	"pm/internal/ops"
)

// hintText is a hint in the words of the tools: who calls them has no command line.
func hintText(hint string) string { return ops.Speak(hint, inTool) }

// places are the tools in which operations are done that are neither a verb of
// task_status nor an argument of update nor something that project_status shows,
// each with an argument that is always given.
var places = map[string]string{
	"task next":       "next",
	"item show":       "show",
	"task show":       "show",
	"epic show":       "show",
	"feature show":    "show",
	"task context":    "show with context",
	"plan tree":       "tree",
	"epic list":       "tree",
	"feature list":    "tree",
	"plan log":        "log",
	"plan status":     "project_status",
	"task list":       "list",
	"task mine":       "list with mine",
	"task search":     "list",
	"note list":       "note",
	"note add":        "note",
	"note edit":       "note",
	"note remove":     "note with remove",
	"note accept":     "note with accept",
	"question ask":    "note with kind question",
	"question list":   "note without a key",
	"question answer": "note",
	"task handoff":    "note with release",
	"dep list":        "dep",
	"dep add":         "dep",
	"dep remove":      "dep with remove",
	"task update":     "update",
	"epic update":     "update",
	"feature update":  "update",
}

// inTool says with which tool and arguments a command is done; empty where it is
// done with none of them.
func inTool(s ops.Spoken) string {
	if verb, isTask := strings.CutPrefix(s.Op.Name, "task "); isTask && slices.Contains(verbs(), s.Op.Name) {
		return "task_status with verb " + verb + given(s, " and ")
	}
	tool := places[s.Op.Name]
	for _, v := range views {
		if v.operation == s.Op.Name {
			tool = "project_status with about " + v.about
		}
	}
	switch {
	case tool == "":
		return inUpdate(s)
	case tool == "update":
		s = ofKeys(s)
	case strings.Contains(tool, " "):
		return tool + given(s, " and ")
	}
	return tool + given(s, " with ")
}

// ofKeys is a command as update takes it, which has no argument key.
func ofKeys(s ops.Spoken) ops.Spoken {
	s.Args = slices.Clone(s.Args)
	if a := s.Find("key"); a != nil {
		a.Name = "keys"
	}
	return s
}

// given says which arguments a command has, with their values.
func given(s ops.Spoken, joined string) (said string) {
	for _, a := range s.Args {
		said += joined + a.Name
		switch value := a.Text(); {
		case len(a.Values) == 1 && value == "":
			said += ` ""`
		case value != "" && value != "KEY":
			said += " " + value
		}
		joined = " and "
	}
	return said
}

// inUpdate says which argument of update does what an operation of its own does.
func inUpdate(s ops.Spoken) string {
	for _, part := range apart {
		if part.operation != s.Op.Name {
			continue
		}
		if on := ofKeys(s); on.Find(part.name) != nil {
			on.Find(part.name).Name = part.argument
			return "update" + given(on, " with ")
		}
	}
	for _, t := range tools() {
		if slices.Contains(t.project, s.Op.Name) {
			return t.name + " with project " + s.Op.Name + given(s, " and ")
		}
	}
	return ""
}
