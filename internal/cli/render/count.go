package render

import (
	"slices"
	"strconv"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/tracker"
)

// counted writes how many tasks there are, or how many of each group.
func (p *printer) counted(c tracker.Counted) {
	if c.Group == "" {
		p.row(strconv.Itoa(c.Count))
		return
	}
	if !p.out.Terminal {
		for _, g := range c.Items {
			p.row(g.Value, strconv.Itoa(g.Count), g.Title)
		}
		return
	}
	if len(c.Items) == 0 {
		p.none("no tasks match")
		return
	}
	table := &term.Table{Columns: []term.Column{{Header: "TASKS", Align: term.Right}, {Header: strings.ToUpper(c.Group)}, {Header: "TITLE", Shrink: true}}}
	titled := slices.ContainsFunc(c.Items, func(g tracker.Group) bool { return g.Title != "" })
	if !titled {
		table.Columns = table.Columns[:2]
		table.Columns[1].Shrink = true
	}
	for _, g := range c.Items {
		value := term.Cell{Text: g.Value}
		if g.Value == "" {
			value = term.Cell{Text: "none", Style: term.Dim}
		}
		row := []term.Cell{{Text: term.Count(g.Count)}, value}
		if titled {
			row = append(row, term.Cell{Text: g.Title})
		}
		table.Cells(row...)
	}
	p.table(table)
}
