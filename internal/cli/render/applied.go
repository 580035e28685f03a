package render

import (
	"maps"
	"slices"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// applied says what a plan created and updated, or would, item by item. In a
// pipe what is unchanged has its line, too.
func (p *printer) applied(a tracker.Applied) {
	create, update := "created", "updated"
	if a.DryRun {
		create, update = "would create", "would update"
	}
	if !p.out.Terminal {
		p.appliedRows(create, a.Created)
		p.appliedRows(update, a.Updated)
		p.appliedRows("unchanged", a.Unchanged)
		return
	}
	table := &term.Table{Columns: make([]term.Column, 3)}
	table.Columns[2].Shrink = true
	for _, i := range a.Created {
		table.Cells(term.Cell{Text: create, Style: term.Green}, term.Cell{Text: i.Key.String()}, term.Cell{Text: i.Title})
	}
	for _, i := range a.Updated {
		table.Cells(term.Cell{Text: update, Style: term.Yellow}, term.Cell{Text: i.Key.String()}, term.Cell{Text: i.Title + ": " + changesText(i.Changes, p.arrow())})
	}
	p.table(table)
	if len(a.Created)+len(a.Updated) == 0 {
		p.para(0, 0, "nothing to change")
	}
	if n := len(a.Unchanged); n > 0 {
		p.para(term.Dim, 0, "unchanged: "+term.Plural(n, "item"))
	}
}

// appliedRows writes what was done, the key, the id, the title and the changes.
func (p *printer) appliedRows(done string, items []tracker.AppliedItem) {
	for _, i := range items {
		p.row(done, i.Key.String(), i.ID, i.Title, changesText(i.Changes, " -> "))
	}
}

// changesText says of each field that changed from what to what.
func changesText(c plan.Change, arrow string) string {
	words := make([]string, 0, len(c))
	for _, name := range slices.Sorted(maps.Keys(c)) {
		before, after := valueText(name, c[name][0]), valueText(name, c[name][1])
		switch {
		case name == "title" && before == "": // it is there
		case name == "description":
			words = append(words, name)
		case before == "":
			words = append(words, name+" "+after)
		case after == "":
			words = append(words, name+" "+before+arrow+"none")
		default:
			words = append(words, name+" "+before+arrow+after)
		}
	}
	return strings.Join(words, ", ")
}
