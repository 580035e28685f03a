package render

import (
	"slices"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// project writes the settings of the project, and those of this machine and
// person, with where each comes from.
func (p *printer) project(a tracker.Project) {
	all := a.Settings
	if len(a.Stages) > 0 {
		all = append(slices.Clip(all), tracker.SettingValue{Name: "stages", Value: strings.Join(plan.Line(a.Stages).Names(), ","), Set: true,
			From: tracker.FromProject, About: "what tasks pass through; see pm stage list"})
	}
	all = slices.Concat(all, a.Machine)
	if !p.out.Terminal {
		for _, s := range all {
			p.row(s.Name, s.Value, s.From)
		}
		return
	}
	table := &term.Table{Columns: []term.Column{{Header: "SETTING"}, {Header: "VALUE", Shrink: true}, {Header: "FROM", Drop: 1}, {Header: "", Shrink: true, Drop: 2}}}
	for _, s := range all {
		value := term.Cell{Text: s.Value}
		if !s.Set {
			value.Style = term.Dim
		}
		if s.Name == plan.TimeZone && s.Value == "" {
			value.Text = "this machine's"
		}
		table.Cells(term.Cell{Text: s.Name}, value, term.Cell{Text: s.From, Style: term.Dim}, term.Cell{Text: s.About, Style: term.Dim})
	}
	p.table(table)
}
