package render

import (
	"pm/internal/cli/term"
	"pm/internal/plan"
)

// linked writes the links of an item, each with what it is to the other end.
func (p *printer) linked(links []plan.Link) {
	if len(links) == 0 {
		return
	}
	p.section("links")
	table := &term.Table{Columns: []term.Column{{}, {Shrink: true}}}
	for _, l := range links {
		table.Cells(term.Cell{Text: "  " + string(l.As), Style: term.Dim}, term.Cell{Text: l.To})
	}
	p.table(table)
}

// linkWords says which links a record adds and removes.
func linkWords(v [2]any) (words []string) {
	for i, verb := range []string{"unlinked: ", "linked: "} {
		for _, l := range plan.AsLinks(v[i]) {
			words = append(words, verb+string(l.As)+" "+valueText("to", l.To))
		}
	}
	return words
}
