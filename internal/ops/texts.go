package ops

import "slices"

// texts are the names of the fields that hold a text in somebody's own words,
// the one that a command is about first: of a task that is created that is
// the description, not the title.
var texts = []string{"body", "answer", "description", "reason", "title"}

// IsText reports whether the parameter is a text in somebody's own words. The
// command line reads any of them from stdin.
func (p Param) IsText() bool { return slices.Contains(texts, p.Name) }

// MainText returns the text that an operation is about. A title, which is one
// line, is none.
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
