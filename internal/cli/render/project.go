package render

import (
	"strings"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// project writes the settings of the project.
func (p *printer) project(a tracker.Project) {
	if !p.out.Terminal {
		for _, s := range a.Settings {
			from := "default"
			if s.Set {
				from = "project"
			}
			p.row(s.Name, s.Value, from)
		}
		if len(a.Stages) > 0 {
			p.row("stages", strings.Join(plan.Line(a.Stages).Names(), ","), "project")
		}
		return
	}
	table := &term.Table{Columns: []term.Column{{Header: "SETTING"}, {Header: "VALUE"}, {Header: "", Shrink: true, Drop: 1}}}
	for _, s := range a.Settings {
		value := term.Cell{Text: s.Value}
		if !s.Set {
			value.Style = term.Dim
			if s.Value == "" {
				value.Text = "this machine's"
			}
		}
		table.Cells(term.Cell{Text: s.Name}, value, term.Cell{Text: s.About, Style: term.Dim})
	}
	if len(a.Stages) > 0 {
		table.Cells(term.Cell{Text: "stages"}, term.Cell{Text: strings.Join(plan.Line(a.Stages).Names(), ", ")}, term.Cell{Text: "what tasks pass through; see pm stage list", Style: term.Dim})
	}
	p.table(table)
}
