package render

import (
	"pm/internal/cli/term"
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
	p.table(table)
}
