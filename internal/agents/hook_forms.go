package agents

import "strings"

// What hooks run. The page that begins a session goes to the model; the end of a
// session goes to nobody; what is printed before a compaction becomes part of
// the instructions for the summary.
const (
	startCommand   = "pm prime --hook-json"
	endCommand     = "pm agents hook session-end"
	compactCommand = "pm agents hook pre-compact"
)

// A hookForm is how the project settings of a tool name hooks.
type hookForm struct {
	tool   string
	path   string
	flat   bool   // an element of an event is the command itself, not a list of commands
	shells bool   // the command is named for each shell
	head   string // members that the settings must have beside the hooks
	events []hookEvent
}

// A hookEvent is an event of a tool, and what runs then.
type hookEvent struct{ name, command string }

// hookForms are the tools with hooks, and those of their events that pm has a
// use for, as their own documentation has them:
//
//   - Claude Code runs all three, and SessionStart again after a compaction.
//   - Codex has no event for the end of a session; it runs SessionStart again
//     after a compaction, and shows what PreCompact prints to the user only.
//   - Gemini CLI shows what PreCompress prints to the user only.
//   - Cursor and Copilot have preCompact to observe: nobody reads its output.
func hookForms() []hookForm {
	start, end := hookEvent{"SessionStart", startCommand}, hookEvent{"SessionEnd", endCommand}
	return []hookForm{
		{tool: "claude", path: ".claude/settings.json", events: []hookEvent{start, end, {"PreCompact", compactCommand}}},
		{tool: "codex", path: ".codex/hooks.json", events: []hookEvent{start}},
		{tool: "gemini", path: ".gemini/settings.json", events: []hookEvent{start, end}},
		{tool: "cursor", path: ".cursor/hooks.json", flat: true, head: `"version": 1`,
			events: []hookEvent{{"sessionStart", startCommand + "=cursor"}, {"sessionEnd", endCommand}}},
		{tool: "copilot", path: ".github/hooks/pm.json", flat: true, shells: true, head: `"version": 1`,
			events: []hookEvent{{"sessionStart", startCommand + "=copilot"}, {"sessionEnd", endCommand}}},
	}
}

// Tools lists the tools that have hooks.
func Tools() (names []string) {
	for _, f := range hookForms() {
		names = append(names, f.tool)
	}
	return names
}

// element is what stands in the list of an event. Its kind comes first where pm
// makes the list, and last in a list that was there: that is how take tells.
func (f hookForm) element(e hookEvent, kindLast bool) string {
	kind, run := `"type": "command"`, `"command": "`+e.command+`"`
	if f.shells {
		run = `"bash": "` + e.command + `", "powershell": "` + e.command + `"`
	}
	if kindLast {
		kind, run = run, kind
	}
	one := "{" + kind + ", " + run + "}"
	if f.flat {
		return one
	}
	return `{"hooks": [` + one + `]}`
}

// member is the event with its list.
func (f hookForm) member(e hookEvent) string {
	return `"` + e.name + `": [` + f.element(e, false) + `]`
}

// members are all that an object without hooks gets.
func (f hookForm) members(e hookEvent) string { return `"hooks": {` + f.member(e) + `}` }

// document is the file where there is none.
func (f hookForm) document(e hookEvent) string {
	text := f.members(e)
	if f.head != "" {
		text = f.head + `, ` + text
	}
	return indented("{"+text+"}", "", "  ", "\n") + "\n"
}

// isOurs reports whether an element of an event's list runs the command.
func (f hookForm) isOurs(e hookEvent, v *value) bool {
	if !f.flat {
		list := v.member("hooks")
		if !list.is('[') || len(list.items) != 1 {
			return false
		}
		v = list.items[0]
	}
	name := "command"
	if f.shells {
		name = "bash"
	}
	return v.member(name).text() == e.command
}

// isLeft reports whether nothing but what the settings must have is left.
func (f hookForm) isLeft(text string) bool {
	return f.head != "" && squeezed(text) == "{"+squeezed(f.head)+"}"
}

// squeezed returns a text without blanks.
func squeezed(s string) string {
	return strings.Join(strings.Fields(strings.TrimPrefix(s, bom)), "")
}
