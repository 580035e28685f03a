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
			shows: []string{"claim", "context", "agent_type", "epic", "feature", "lease", "wait"}, bare: []string{"claim", "context", "agent_type", "epic", "feature", "lease"},
			own: schemas{"wait": str("30s")}},
		{name: "task_status", title: "Task status", ops: verbs(), need: []string{"verb", "keys"},
			about: "Change the status of tasks. reject, block, reopen and force need a reason.",
			shows: []string{"verb", "keys", "reason", "fence", "force", "take_over", "to", "resolution", "duplicate_of", tokenArgument},
			bare:  []string{"keys", "reason", "fence", "duplicate_of"},
			own: schemas{"verb": oneOf("", words(verbs())), "to": str("for reject: the stage"), "resolution": oneOf("", words(plan.Resolutions())),
				"force": truth(), "take_over": whether("from your other session"), tokenArgument: str("")},
			choose: byVerb},
		{name: "note", title: "Notes", ops: []string{"note add", "note list", "note edit", "note remove", "question ask", "question list", "question answer", "task handoff", "note accept"},
			about: "Add a note to an item; release hands the task off; n edits, removes or answers one; kind question asks, with hold it blocks. Without body: list notes; without key: open questions.",
			shows: []string{"key", "body", "kind", "n", "answer", "hold", "remove", "release"},
			more:  []string{planArgument, "accept"},
			own: schemas{"kind": oneOf("", words(plan.NoteKinds())), "key": str(""), "body": str(""), "n": number(""), "answer": str(""), "hold": truth(),
				"remove": truth(), "release": truth()},
			choose: byNote},
	}
}

func planTools() []tool {
	return []tool{
		{name: "create_task", title: "Create tasks", ops: []string{"task create", "task create-many", "plan apply"},
			about: "Create a task in a feature; with tasks, several; with plan, a whole plan. All or none.",
			shows: []string{"feature", "title", "description", "priority", "agent_type", "depends_on", "labels", "kind", "due", "defer", "estimate", "assignee", "checks", "repeat", "fields", "tasks", "plan"},
			bare:  []string{"feature", "title", "description", "depends_on", "labels", "kind", "defer", "assignee"},
			own: schemas{"priority": number("1 (most urgent) to 10"), "agent_type": str("backend"), "due": str("fri, +7d"), "estimate": str("hours"),
				"repeat": str("every 2 weeks on mon"), "checks": listOf(str(""), "done when"), "fields": listOf(str(""), "severity=high"),
				"tasks": listOf(object("", []string{"title", "description"}, schemas{"title": str(""), "description": str("")}), "the same fields"),
				"plan":  str("YAML: epics > features > tasks with title, id, depends_on; or # epic ## feature - task; updates what exists")},
			choose: byPlan},
		{name: "create_parent", title: "Create epic or feature", ops: []string{"epic create", "feature create"}, need: []string{"title"},
			about:  "Create an epic; with epic, a feature in it.",
			shows:  []string{"title", "description", "epic", "priority"},
			bare:   []string{"title", "description", "epic"},
			own:    schemas{"priority": str("of an epic: high, medium, low")},
			choose: by("epic", "feature create", "epic create")},
		{name: "update", title: "Update items", ops: []string{"task update", "epic update", "feature update", "label add", "label remove", "check add", "check tick", "check untick", "check remove", "check move", "item link", "item unlink", "ref add", "ref remove", "item move", "task order", "plan undo", "plan redo"},
			about:   "Change fields of items, all of create_task's; empty clears. Labels, checks, links, refs, moves: one per call; also uncheck, remove_labels (_checks, _links, _refs). undo reverts your last change.",
			project: []string{"project set", "field create", "field update", "field delete", "stage create", "stage update", "stage delete", "view save", "view delete", "label rename", "check move"},
			shows:   []string{"keys", "title", "description", "priority", "agent_type", "due", "assignee", "status", "labels", "checks", "check", "links", "refs", "to", "before", "undo", "project"},
			more:    []string{"uncheck", "remove_labels", "remove_checks", "remove_links", "remove_refs", "redo"},
			bare:    []string{"keys", "title", "description", "priority", "agent_type", "due", "assignee"},
			own: schemas{"priority": str(""), "status": oneOf("not of a task", words(plan.PlanStatuses())),
				"labels": listOf(str(""), "to add"), "checks": listOf(str(""), "to add"), "check": listOf(number(""), "numbers to tick"),
				"links": listOf(str(""), "keys or URLs; as: duplicates"), "refs": listOf(str(""), "github:42"),
				"to": str("move to this parent"), "before": str(""), "project": str("such as stage create"), "undo": truth()},
			choose: byUndo},
		{name: "dep", title: "Dependencies", ops: []string{"dep add", "dep remove", "dep list"}, need: []string{"task"}, idempotent: true,
			about:  "Add or remove dependencies, of any level; without depends_on, list both directions.",
			shows:  []string{"task", "depends_on", "remove"},
			own:    schemas{"task": str(""), "depends_on": listOf(str(""), ""), "remove": truth()},
			choose: byDependency},
	}
}

func lookTools() []tool {
	return []tool{
		{name: "show", title: "Show items", ops: []string{"item show", "task context", "item show-many"},
			about:  "Show an item, or several with keys; context adds what you need to start a task.",
			shows:  []string{"key", "context"},
			own:    schemas{"key": str(""), "context": truth()},
			choose: byKeys},
		{name: "list", title: "List tasks", ops: []string{"task list", "task search", "task mine", "task count"},
			about: "List tasks, 20 unless limit is given; text searches, mine lists tasks you hold, count and group return numbers.",
			shows: []string{"query", "text", "mine", "count", "group", "limit"},
			own: schemas{"mine": truth(), "count": truth(), "group": str("status, epic, label"), "limit": number(""), "text": str(""),
				"query": str("status:todo (type:docs or label:q3) priority:1..3 epic:E04 -is:ready updated:-3d.. sort:-due")},
			choose: byFilter},
		{name: "project_status", title: "Project", ops: append([]string{"plan status"}, viewed()...),
			about:  "Progress, who holds what, what is blocked or in review, latest changes; or what about names.",
			shows:  []string{"about", "since"},
			own:    schemas{"about": oneOf("", words(abouts())), "since": str("7d, monday")},
			choose: byView},
		{name: "tree", title: "Tree", ops: []string{"plan tree"},
			about:  "The plan as a tree, down to features unless key or depth is given.",
			shows:  []string{"key", "depth", "open"},
			own:    schemas{"key": str(""), "open": truth(), "depth": oneOf("", []any{"epic", "feature", "task"})},
			choose: withDefault("plan tree", "depth", `"feature"`, "key")},
		{name: "log", title: "History", ops: []string{"plan log"},
			about:  "History of an item or the project, newest first, 20 unless limit is given.",
			shows:  []string{"key", "since", "limit"},
			own:    schemas{"limit": number(""), "key": str(""), "since": str("")},
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
