package render

import (
	"strconv"

	"pm/internal/cli/term"
	"pm/internal/tracker"
)

// stages writes the line that tasks pass through, with what is in it.
func (p *printer) stages(all []tracker.StageInfo) {
	limit := func(s tracker.StageInfo) string {
		if s.Limit == 0 {
			return ""
		}
		return strconv.Itoa(s.Limit)
	}
	if !p.out.Terminal {
		for _, s := range all {
			p.row(s.Name, s.AgentType, limit(s), strconv.Itoa(s.Open), strconv.Itoa(s.Ready), strconv.Itoa(s.Held))
		}
		return
	}
	if len(all) == 0 {
		p.WriteString("no stages; add one with pm stage create NAME\n")
		return
	}
	table := &term.Table{Columns: []term.Column{{Header: "STAGE"}, {Header: "TYPE", Drop: 1}, {Header: "OPEN", Align: term.Right}, {Header: "READY", Align: term.Right}, {Header: "IN PROGRESS", Align: term.Right}}}
	for _, s := range all {
		held := term.Cell{Text: term.Count(s.Held)}
		if s.Limit > 0 {
			held.Text += " of " + term.Count(s.Limit)
		}
		if s.Limit > 0 && s.Held >= s.Limit {
			held.Style = term.Yellow
		}
		table.Cells(term.Cell{Text: s.Name}, term.Cell{Text: s.AgentType, Style: term.Dim}, term.Cell{Text: term.Count(s.Open)}, term.Cell{Text: term.Count(s.Ready)}, held)
	}
	p.table(table)
}

func (p *printer) deletedStage(d tracker.DeletedStage) {
	if !p.out.Terminal {
		p.row(d.Name, d.To, strconv.Itoa(d.Moved))
		return
	}
	words := "stage " + term.Clean(d.Name) + " is deleted"
	if d.Moved > 0 {
		words += ", " + term.Plural(d.Moved, "task") + " moved to " + term.Clean(d.To)
	}
	p.para(0, 0, words)
}
