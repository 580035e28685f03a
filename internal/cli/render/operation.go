package render

import (
	"fmt"
	"strconv"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// operations writes what changed the plan, the last first.
func (p *printer) operations(o tracker.Operations) {
	if !p.out.Terminal {
		for _, o := range o.Items {
			p.row(o.ID, utc(o.At), o.Agent, o.Surface, o.Command, strconv.Itoa(o.Items), undone(o))
		}
		return
	}
	if len(o.Items) == 0 {
		p.WriteString("no operations yet\n")
		return
	}
	table := &term.Table{Columns: []term.Column{{Header: "WHEN"}, {Header: "OPERATION"}, {Header: "WHO"}, {Header: "COMMAND", Shrink: true}, {Header: "ITEMS"}, {Header: ""}}}
	for _, o := range o.Items {
		table.Cells(term.Cell{Text: term.Ago(p.now, o.At), Style: term.Dim}, term.Cell{Text: o.ID}, term.Cell{Text: o.Agent},
			term.Cell{Text: o.Command}, term.Cell{Text: strconv.Itoa(o.Items)}, term.Cell{Text: undone(o), Style: term.Dim})
	}
	p.table(table)
	if o.More {
		p.para(term.Dim, 0, "older: pm ops --before "+term.Clean(o.Items[len(o.Items)-1].ID))
	}
}

func undone(o plan.Operation) string {
	if o.UndoneBy != "" {
		return "undone"
	}
	return ""
}

// operation writes what an operation changed.
func (p *printer) operation(o tracker.ShownOperation) {
	if p.out.Terminal {
		p.para(0, 0, "operation "+term.Clean(o.ID)+": "+term.Clean(o.Command))
		p.para(term.Dim, 0, "by "+term.Clean(o.Agent)+" on "+term.Clean(o.Surface)+", "+term.Ago(p.now, o.At))
		if o.UndoneBy != "" {
			p.para(term.Dim, 0, "undone by "+term.Clean(o.UndoneBy))
		}
	}
	p.changes(o.Changes, o.More)
}

// changes writes fields with their values before and after.
func (p *printer) changes(all []tracker.FieldChange, more int) {
	if !p.out.Terminal {
		for _, c := range all {
			p.row(c.Key.Name(), c.Field, valueWords(c.From), valueWords(c.To))
		}
		return
	}
	table := &term.Table{Columns: make([]term.Column, 3)}
	table.Columns[2].Shrink = true
	for _, c := range all {
		table.Cells(term.Cell{Text: c.Key.Name()}, term.Cell{Text: c.Field}, term.Cell{Text: shownValue(c.From) + " -> " + shownValue(c.To)})
	}
	p.table(table)
	if more > 0 {
		p.para(term.Dim, 0, fmt.Sprintf("%d more", more))
	}
}

func shownValue(v any) string {
	if s := valueWords(v); s != "" {
		return s
	}
	return "none"
}

// valueWords writes a value of a change: a text as it is, what stands for a
// long one by its length, and anything else as JSON.
func valueWords(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	if t, is := plan.AsText(v); is {
		if t.Redacted {
			return plan.Redacted
		}
		return fmt.Sprintf("text of %d bytes", t.Bytes)
	}
	b, err := plan.JSON(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}
