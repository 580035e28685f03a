package mcpserver

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"pm/internal/jsonschema"
	"pm/internal/ops"
	"pm/internal/plan"
)

// tools lists the tools. Deleting is not among them: an agent archives, and a
// person deletes.
func tools() []tool {
	return slices.Concat(workTools(), planTools(), lookTools())
}

func workTools() []tool {
	return []tool{
		{name: "next", ops: []string{"task next"},
			about: "The next ready task, most urgent first; claim leases it to you, changes renew that.",
			shows: []string{"claim", "context", "agent_type", "epic", "feature", "lease", "wait"}, bare: []string{"context"}},
		{name: "task_status", ops: verbs(), need: []string{"verb", "keys"},
			about:  "Change the status of tasks. reject, block and reopen need a reason.",
			shows:  []string{"verb", "keys", "reason", "lease", "fence", "force", "take_over", "to", "resolution", "duplicate_of", tokenArgument},
			own:    map[string]*jsonschema.Schema{"verb": {Type: "string", Enum: words(verbs())}, "to": {Type: "string", Description: "stage, of reject"}, "resolution": {Type: "string", Enum: words(plan.Resolutions()), Description: "of archive"}, "duplicate_of": {Type: "string", Description: "of archive"}, tokenArgument: token("if your claim answered one")},
			choose: byVerb},
		{name: "note", ops: []string{"note add", "note list", "note edit", "note remove", "question ask", "question list", "question answer", "task handoff"},
			about: "Add a note to an item; with release it hands the task back. n edits, removes or answers one. kind question asks; hold blocks the task. Without a body: list notes; without a key: open questions.",
			shows: []string{"key", "body", "kind", "n", "answer", "hold", "remove", "release", tokenArgument},
			own: map[string]*jsonschema.Schema{"kind": {Type: "string", Enum: words(plan.NoteKinds())}, "key": {Type: "string"}, "body": {Type: "string"},
				"n": {Type: "integer"}, "answer": {Type: "string"}, "hold": {Type: "boolean"},
				"remove": {Type: "boolean"}, "release": {Type: "boolean"}, tokenArgument: token("")},
			choose: byNote},
	}
}

// token describes the claim token as an argument.
func token(help string) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Description: help}
}

func planTools() []tool {
	return []tool{
		{name: "create_task", ops: []string{"task create", "task create-many", "plan apply"},
			about: "Create a task in a feature, with tasks many, or with plan all of it; all or none.",
			shows: []string{"feature", "title", "description", "priority", "agent_type", "depends_on", "file_path", "labels", "kind", "stage", "due", "defer", "estimate", "assignee", "checks", "discovered_from", "repeat", "fields", "tasks", "plan"},
			own: map[string]*jsonschema.Schema{"stage": {Type: "string"}, "repeat": {Type: "string", Description: "weekly, every 2 weeks on mon,thu"},
				"due": {Type: "string", Description: "a day or a moment: fri, +7d, 2026-12-01T15:00"}, "defer": {Type: "string", Description: "not before"}, "tasks": {Type: "array", Items: &jsonschema.Schema{Type: "object"},
					Description: "instead of the others: objects with them"},
				"plan": {Type: "object", Description: "alone: {epics:[{title,features:[{title,tasks:[{id,title,depends_on}]}]}]} or {feature,tasks}; ids are yours, what exists is updated"}},
			choose: byPlan},
		{name: "create_parent", ops: []string{"epic create", "feature create"}, need: []string{"title"},
			about: "Create an epic; with epic, a feature in it.",
			shows: []string{"title", "description", "epic", "status", "priority", "fields", "defer"},
			own: map[string]*jsonschema.Schema{"epic": {Type: "string", Description: "key of the epic that the feature belongs to"},
				"priority": {Type: "string", Description: "of an epic: high, medium or low"}},
			choose: by("epic", "feature create", "epic create")},
		{name: "update", ops: []string{"task update", "epic update", "feature update", "label add", "label remove", "check add", "check tick", "check untick", "item link", "ref add", "ref remove", "item move", "task order", "plan undo", "plan redo"},
			bare:  []string{"title", "description", "agent_type", "file_path", "kind", "stage", "due", "defer", "estimate", "assignee", "fields", "if_version"},
			about: "Change fields of tasks, an epic or a feature, as create_task has them; empty clears. Status of a task: task_status. Labels, checks, links, refs, moves: each alone. undo takes back your last change.",
			shows: []string{"keys", "title", "description", "priority", "agent_type", "file_path", "kind", "stage", "due", "repeat", "defer", "estimate", "assignee", "fields", "status", "labels", "remove_labels", "checks", "check", "uncheck", "links", "as", "refs", "remove_refs", "to", "before", "after", "undo", "redo", "if_version"},
			own: map[string]*jsonschema.Schema{"keys": {Type: "array", Items: &jsonschema.Schema{Type: "string"}}, "repeat": {Type: "string"},
				"priority": {Types: []string{"integer", "string"}, Description: "1 to 10; of an epic high, medium or low"},
				"status":   {Type: "string", Enum: words(plan.PlanStatuses()), Description: "of an epic or a feature"},
				"labels":   {Type: "array", Items: &jsonschema.Schema{Type: "string"}, Description: "to add"}, "remove_labels": {Type: "array", Items: &jsonschema.Schema{Type: "string"}},
				"checks": {Type: "array", Items: &jsonschema.Schema{Type: "string"}, Description: "to add"},
				"check":  {Type: "array", Items: &jsonschema.Schema{Type: "integer"}, Description: "numbers to tick"}, "uncheck": {Type: "array", Items: &jsonschema.Schema{Type: "integer"}},
				"links": {Type: "array", Items: &jsonschema.Schema{Type: "string"}, Description: "keys, files or URLs to link to"}, "as": {Type: "string", Enum: words(plan.LinkKinds())},
				"refs": {Type: "array", Items: &jsonschema.Schema{Type: "string"}, Description: "names in other tools to add, as github:42"}, "remove_refs": {Type: "array", Items: &jsonschema.Schema{Type: "string"}},
				"to":     {Type: "string", Description: "the feature or epic to move to"},
				"before": {Type: "string", Description: "key of the task to put it before"}, "after": {Type: "string"},
				"undo": {Type: "boolean"}, "redo": {Type: "boolean"}},
			choose: byUndo},
		{name: "dep", ops: []string{"dep add", "dep remove", "dep list"}, need: []string{"task"}, idempotent: true,
			about: "Make a task wait for tasks, features or epics, or no more; without depends_on, list both directions.",
			shows: []string{"task", "depends_on", "remove"},
			own: map[string]*jsonschema.Schema{"task": {Type: "string"}, "depends_on": {Type: "array", Items: &jsonschema.Schema{Type: "string"}},
				"remove": {Type: "boolean"}},
			choose: byDependency},
	}
}

func lookTools() []tool {
	return []tool{
		{name: "show", ops: []string{"item show", "task context", "item show-many"},
			about: "Show an item, or with keys several. With context a task comes with what you need to begin: dependencies, notes, why it was sent back.",
			shows: []string{"key", "context"},
			own: map[string]*jsonschema.Schema{"key": {Type: "string", Description: "E04, E04-F01 or T-E04-F01-001"},
				"context": {Type: "boolean"}},
			choose: byKeys},
		{name: "list", ops: []string{"task list", "task search", "task mine", "task count"},
			about: "List tasks, 20 without limit; count and group give numbers instead. text finds the best match first; mine: what you hold.",
			shows: []string{"query", "text", "mine", "count", "group", "limit", "cursor"},
			own: map[string]*jsonschema.Schema{"mine": {Type: "boolean"}, "count": {Type: "boolean"}, "group": {Type: "string", Description: "by status, epic, label, …"}, "limit": {Type: "integer"},
				"query":  {Type: "string", Description: "such as status:todo (type:docs or label:q3) priority:1..3 epic:E04 -is:ready updated:-3d.. sort:due,-updated"},
				"cursor": {Type: "string", Description: "from the page before"}},
			choose: byFilter},
		{name: "project_status", ops: []string{"plan status"},
			about: "Progress by epic, who holds what, what is blocked or in review, the last changes."},
		{name: "tree", ops: []string{"plan tree"},
			about:  "The plan as it is nested. Without a key down to features unless depth says otherwise.",
			shows:  []string{"key", "depth", "open"},
			choose: withDefault("plan tree", "depth", `"feature"`, "key")},
		{name: "log", ops: []string{"plan log"},
			about:  "The history of an item or of the project, newest first, 20 records unless limit says otherwise.",
			shows:  []string{"key", "since", "agent", "limit", "cursor"},
			own:    map[string]*jsonschema.Schema{"limit": {Type: "integer"}, "since": {Type: "string"}, "agent": {Type: "string"}},
			choose: withDefault("plan log", "limit", "20")},
	}
}

// verbs returns the operations that change the status of a task.
func verbs() (names []string) {
	for _, op := range ops.Table() {
		if op.Also != "" && strings.HasPrefix(op.Route, "POST /v1/tasks/{key}/") {
			names = append(names, op.Name)
		}
	}
	return names
}

// Behind returns the operations behind each tool.
func Behind() map[string][]string {
	all := map[string][]string{}
	for _, t := range tools() {
		all[t.name] = t.ops
	}
	return all
}

func words[T ~string](of []T) []any {
	out := make([]any, len(of))
	for i, w := range of {
		out[i] = strings.TrimPrefix(string(w), "task ")
	}
	return out
}

// by chooses an operation by whether an argument is given.
func by(arg, with, without string) func(ops.Arguments) (string, ops.Arguments, error) {
	return func(args ops.Arguments) (string, ops.Arguments, error) {
		if _, given := args[arg]; given {
			return with, args, nil
		}
		return without, args, nil
	}
}

// without returns the arguments without some of them.
func without(args ops.Arguments, names ...string) ops.Arguments {
	rest := maps.Clone(args)
	for _, n := range names {
		delete(rest, n)
	}
	return rest
}

// withDefault sets an argument unless it or one of the others is given.
func withDefault(op, arg, value string, unless ...string) func(ops.Arguments) (string, ops.Arguments, error) {
	return func(args ops.Arguments) (string, ops.Arguments, error) {
		for _, name := range append(unless, arg) {
			if _, given := args[name]; given {
				return op, args, nil
			}
		}
		rest := maps.Clone(args)
		if rest == nil {
			rest = ops.Arguments{}
		}
		rest[arg] = json.RawMessage(value)
		return op, rest, nil
	}
}
