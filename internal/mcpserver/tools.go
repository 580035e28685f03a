package mcpserver

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

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
		{name: "next", title: "Next task", ops: []string{"task next"},
			about: "The next ready task, most urgent first; claim leases it to you, your changes renew it.",
			shows: []string{"claim", "context", "agent_type", "epic", "feature", "lease", "wait"}, bare: []string{"claim", "context", "epic", "feature"},
			own: schemas{"agent_type": str("of this type or of none"), "lease": str("30m if not given"), "wait": str("for a task to become ready: 30s")}},
		{name: "task_status", title: "Task status", ops: verbs(), need: []string{"verb", "keys"},
			about: "Change the status of tasks. reject, block and reopen need a reason.",
			shows: []string{"verb", "keys", "reason", "lease", "fence", "force", "take_over", "to", "resolution", "duplicate_of", tokenArgument},
			bare:  []string{"keys", "lease"},
			own: schemas{"verb": oneOf("", words(verbs())), "reason": str("required with force"), "to": str("for reject: the stage"), "resolution": oneOf("for archive", words(plan.Resolutions())), "duplicate_of": str("for archive"),
				"fence": number("of your claim"), "force": truth(), "take_over": whether("move the claim here from your other session"), tokenArgument: str("if your claim returned one")},
			choose: byVerb},
		{name: "note", title: "Notes", ops: []string{"note add", "note list", "note edit", "note remove", "question ask", "question list", "question answer", "task handoff"},
			about: "Add a note to an item; with release, hand the task off. With n, edit, remove or answer one. kind question asks; hold blocks the task. Without a body: list notes; without a key: open questions.",
			shows: []string{"key", "body", "kind", "n", "answer", "hold", "remove", "release", tokenArgument},
			own: schemas{"kind": oneOf("", words(plan.NoteKinds())), "key": str(""), "body": str(""), "n": number(""), "answer": str(""), "hold": truth(),
				"remove": truth(), "release": truth(), tokenArgument: str("")},
			choose: byNote},
	}
}

func planTools() []tool {
	return []tool{
		{name: "create_task", title: "Create tasks", ops: []string{"task create", "task create-many", "plan apply"},
			about: "Create a task in a feature; with tasks, several; with plan, a whole plan. All or none.",
			shows: []string{"feature", "title", "description", "priority", "agent_type", "depends_on", "file_path", "labels", "kind", "stage", "due", "defer", "estimate", "assignee", "checks", "discovered_from", "repeat", "fields", "tasks", "plan"},
			bare:  []string{"feature", "description", "labels", "file_path"},
			own: schemas{"stage": str(""), "repeat": str("weekly, every 2 weeks on mon,thu"), "title": str(""), "agent_type": str("such as backend"),
				"priority": number("1 (most urgent) to 10; 5 if not given"), "depends_on": listOf(str(""), "keys of items to complete first"), "kind": str("such as bug"),
				"estimate": str("hours: 2.5"), "assignee": str("agent it is reserved for"), "checks": listOf(str(""), "what must be true before it is done"), "discovered_from": str("key"),
				"due": str("fri, +7d, 2026-12-01T15:00"), "defer": str("not before"), "fields": listOf(str(""), "custom: severity=high"),
				"tasks": listOf(object("", []string{"title", "description", "priority"}, schemas{"title": str(""), "description": str(""), "priority": number("")}), "several, with these fields"),
				"plan":  wholePlan()},
			choose: byPlan},
		{name: "create_parent", title: "Create epic or feature", ops: []string{"epic create", "feature create"}, need: []string{"title"},
			about:  "Create an epic; with epic, a feature in it.",
			shows:  []string{"title", "description", "epic", "status", "priority", "fields", "due", "defer"},
			bare:   []string{"title", "description", "status", "due", "defer"},
			own:    schemas{"epic": str("key"), "priority": str("for an epic: high, medium or low"), "fields": listOf(str(""), "")},
			choose: by("epic", "feature create", "epic create")},
		{name: "update", title: "Update items", ops: []string{"task update", "epic update", "feature update", "label add", "label remove", "check add", "check tick", "check untick", "check remove", "check move", "item link", "item unlink", "ref add", "ref remove", "item move", "task order", "plan undo", "plan redo"},
			bare:    []string{"title", "description", "agent_type", "file_path", "kind", "stage", "due", "defer", "assignee", "if_version"},
			about:   "Change fields of tasks, an epic or a feature, as in create_task; empty clears. Status of a task: task_status. Labels, checks, links, refs, moves: one per call. undo reverts your last change.",
			project: []string{"project set", "field create", "field update", "field delete", "stage create", "stage update", "stage delete", "view save", "view delete", "label rename", "check move"},
			shows:   []string{"keys", "title", "description", "priority", "agent_type", "file_path", "kind", "stage", "due", "repeat", "defer", "estimate", "assignee", "fields", "status", "labels", "remove_labels", "checks", "check", "uncheck", "remove_checks", "links", "as", "remove_links", "refs", "remove_refs", "to", "before", "after", "undo", "redo", "project", "if_version"},
			own: schemas{"keys": listOf(str(""), ""), "repeat": str(""), "priority": str("1 to 10; for an epic high, medium or low"), "estimate": str(""), "fields": listOf(str(""), ""),
				"status": oneOf("for epics and features", words(plan.PlanStatuses())),
				"labels": listOf(str(""), "to add"), "remove_labels": listOf(str(""), ""), "checks": listOf(str(""), "to add"),
				"check": listOf(number(""), "numbers to tick"), "uncheck": listOf(number(""), ""), "remove_checks": listOf(number(""), ""), "remove_links": listOf(str(""), ""),
				"links": listOf(str(""), "keys, files or URLs"), "as": oneOf("", words(plan.LinkKinds())),
				"refs": listOf(str(""), "such as github:42"), "remove_refs": listOf(str(""), ""),
				"to": str("move to this feature or epic"), "before": str("key of a task; with check, a number"), "after": str(""), "project": str("such as stage create"), "undo": truth(), "redo": truth()},
			choose: byUndo},
		{name: "dep", title: "Dependencies", ops: []string{"dep add", "dep remove", "dep list"}, need: []string{"task"}, idempotent: true,
			about:  "Add or remove dependencies on tasks, features or epics; without depends_on, list both directions.",
			shows:  []string{"task", "depends_on", "remove"},
			own:    schemas{"task": str(""), "depends_on": listOf(str(""), ""), "remove": truth()},
			choose: byDependency},
	}
}

func lookTools() []tool {
	return []tool{
		{name: "show", title: "Show items", ops: []string{"item show", "task context", "item show-many"},
			about:  "Show an item, or several with keys. With context, a task comes with what you need to start: dependencies, notes, why it was sent back.",
			shows:  []string{"key", "context"},
			own:    schemas{"key": str("E04, E04-F01 or T-E04-F01-001"), "context": truth()},
			choose: byKeys},
		{name: "list", title: "List tasks", ops: []string{"task list", "task search", "task mine", "task count"},
			about: "List tasks, 20 unless limit is given; count and group return numbers. text: best match first; mine: tasks you hold.",
			shows: []string{"query", "text", "mine", "count", "group", "limit", "cursor"},
			own: schemas{"mine": truth(), "count": truth(), "group": str("status, epic, label"), "limit": number(""), "text": str("words or their beginnings"),
				"query":  str("status:todo (type:docs or label:q3) priority:1..3 epic:E04 -is:ready updated:-3d.. sort:due,-updated"),
				"cursor": str("")},
			choose: byFilter},
		{name: "project_status", title: "Project", ops: append([]string{"plan status"}, viewed()...),
			about:  "Progress by epic, who holds what, what is blocked or in review, latest changes; or with about: what happened or differs since, how work flows, when it will be done.",
			shows:  []string{"about", "since", "query"},
			own:    schemas{"about": oneOf("", words(abouts())), "since": str("7d, monday"), "query": str("as in list")},
			choose: byView},
		{name: "tree", title: "Tree", ops: []string{"plan tree"},
			about:  "The plan as a tree, down to features unless key or depth is given.",
			shows:  []string{"key", "depth", "open"},
			own:    schemas{"key": str("epic or feature"), "open": whether("not what is done"), "depth": oneOf("", []any{"epic", "feature", "task"})},
			choose: withDefault("plan tree", "depth", `"feature"`, "key")},
		{name: "log", title: "History", ops: []string{"plan log"},
			about:  "History of an item or the project, newest first, 20 records unless limit is given.",
			shows:  []string{"key", "since", "agent", "limit", "cursor"},
			bare:   []string{"cursor"},
			own:    schemas{"limit": number(""), "key": str("of an item: it and what is in it"), "since": str(""), "agent": str("")},
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
		all[t.name] = t.behind()
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
