package mcpserver

import (
	"encoding/json"
	"slices"
	"strings"

	"pm/internal/ops"
	"pm/internal/plan"
)

// projectArgument chooses one of a tool's operations on the project.
const projectArgument = "project"

// behind returns all operations behind a tool.
func (t tool) behind() []string {
	all := slices.Clone(t.ops)
	for _, name := range t.project {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// ofProject returns the tool that a call means which names an operation on the
// project, and its arguments; of other calls the tool itself.
func (t tool) ofProject(args ops.Arguments) (tool, ops.Arguments, error) {
	raw, given := args[projectArgument]
	if !given || t.project == nil {
		return t, args, nil
	}
	var word string
	if json.Unmarshal(raw, &word) != nil {
		word = string(raw)
	}
	name := strings.Join(strings.FieldsFunc(strings.ToLower(word), func(r rune) bool { return r == ' ' || r == '_' || r == '-' || r == '.' }), " ")
	if !slices.Contains(t.project, name) {
		return t, nil, plan.Errorf(plan.Usage, "unknown operation %.40q", word).WithCode("bad_arguments").
			WithHint("project takes %s", strings.Join(t.project, ", "))
	}
	return tool{name: t.name, ops: []string{name}}, without(args, projectArgument), nil
}
