package render

import (
	"strconv"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// priority writes that of a task for a pipe; epics and features have none.
func priority(t plan.Task) string {
	if t.Priority == 0 {
		return ""
	}
	return strconv.Itoa(t.Priority)
}

// found writes what a search found. On a terminal each task has its place
// below it, unless that is the title, which is there already.
func (p *printer) found(items []tracker.Found) {
	if !p.out.Terminal {
		for _, f := range items {
			p.row(f.Key.String(), string(f.Status), priority(f.Task), f.AgentType, f.AssignedAgent, f.Title, f.Match.In, f.Match.Text)
		}
		return
	}
	if len(items) == 0 {
		p.none("no tasks match")
		return
	}
	for _, f := range items {
		p.changed([]plan.Task{f.Task})
		if f.Match.In != "title" && f.Match.In != "key" { // these are shown anyway
			p.para(term.Dim, 2*indent, term.Clean(f.Match.In)+": "+term.Clean(f.Match.Text))
		}
	}
}
