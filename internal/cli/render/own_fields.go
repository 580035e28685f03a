package render

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// ownFields writes the values of the project's own fields, a line for each.
func (p *printer) ownFields(fields plan.Fields) {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		p.field(term.Clean(strings.ReplaceAll(name, "_", " ")), fields[name].String())
	}
}

// declared writes the fields that the project has declared.
func (p *printer) declared(all []plan.CustomField) {
	if !p.out.Terminal {
		for _, f := range all {
			p.row(f.Name, string(f.Type), strings.Join(f.Choices, ","), joined(f.On, ","))
		}
		return
	}
	if len(all) == 0 {
		p.WriteString("no custom fields; to create one: pm field create NAME --type text\n")
		return
	}
	table := &term.Table{Columns: []term.Column{{Header: "FIELD"}, {Header: "TYPE"}, {Header: "CHOICES", Shrink: true}, {Header: "ON", Drop: 1}}}
	for _, f := range all {
		table.Cells(term.Cell{Text: f.Name}, term.Cell{Text: string(f.Type)}, term.Cell{Text: strings.Join(f.Choices, ", ")}, term.Cell{Text: joined(f.On, ", "), Style: term.Dim})
	}
	p.table(table)
}

func joined[T ~string](all []T, between string) string {
	words := make([]string, len(all))
	for i, w := range all {
		words[i] = string(w)
	}
	return strings.Join(words, between)
}

func (p *printer) deletedField(d tracker.DeletedField) {
	if !p.out.Terminal {
		p.row(d.Name, strconv.Itoa(d.Cleared))
		return
	}
	text := "field " + term.Clean(d.Name) + " is deleted"
	if d.Cleared > 0 {
		text += ", with its values on " + term.Plural(d.Cleared, "item")
	}
	p.para(0, 0, text)
}
