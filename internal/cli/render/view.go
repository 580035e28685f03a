package render

import (
	"strings"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// views writes saved queries.
func (p *printer) views(all []plan.View) {
	if !p.out.Terminal {
		for _, v := range all {
			p.row("@"+v.Name, v.Query, strings.Join(v.Columns, ","))
		}
		return
	}
	table := &term.Table{Columns: []term.Column{{Header: "VIEW"}, {Header: "QUERY", Shrink: true}, {Header: "COLUMNS", Drop: 1}}}
	for _, v := range all {
		table.Cells(term.Cell{Text: "@" + v.Name}, term.Cell{Text: v.Query}, term.Cell{Text: strings.Join(v.Columns, ", "), Style: term.Dim})
	}
	p.table(table)
}

func (p *printer) deletedView(d tracker.DeletedView) {
	if !p.out.Terminal {
		p.row("@" + d.Name)
		return
	}
	back := ""
	if d.BuiltIn {
		back = "; the built-in view of that name applies again"
	}
	p.para(0, 0, "view @"+term.Clean(d.Name)+" is deleted"+back)
}
