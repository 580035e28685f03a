package ops

import (
	"slices"

	"pm/internal/plan"
)

// texts are the names of fields that contain free text, the one that a command
// is mainly about first: for a new task that is the description, not the
// title.
var texts = []string{"body", "answer", "description", "reason", "title"}

// IsText reports whether the parameter is free text. The command line can read
// any of them from stdin.
func (p Param) IsText() bool { return slices.Contains(texts, p.Name) }

// Lines returns the values of a list of free texts of one line each, such as the
// checks of a task; nil for every other parameter.
func (p Param) Lines() *[]string {
	if p.Name != "checks" || p.Kind() != "string" {
		return nil
	}
	lines, _ := p.v.Addr().Interface().(*[]string)
	return lines
}

// NamesOf returns the names of the values by name that are this text, sorted.
func (p Param) NamesOf(text string) (names []string) {
	fields, _ := p.v.Interface().(plan.Fields)
	for name, value := range fields {
		if value == plan.TextValue(text) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// MainText returns the text that an operation is mainly about. A title, which
// is one line, does not count.
func MainText(params []Param) (main Param, found bool) {
	for _, name := range texts[:len(texts)-1] {
		for _, p := range params {
			if p.Name == name {
				return p, true
			}
		}
	}
	return main, false
}
