package render

import (
	"strconv"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// changedItems writes the answer of a command that changed items: a line for each.
func (p *printer) changedItems(items []tracker.Item) {
	for _, i := range items {
		switch {
		case i.Task != nil:
			p.changed([]plan.Task{*i.Task})
		case i.Epic != nil:
			p.changedBranch(ofEpic(*i.Epic))
		default:
			p.changedBranch(ofFeature(*i.Feature))
		}
	}
}

func (p *printer) changedBranch(b branch) {
	if !p.out.Terminal {
		p.row(b.key.String(), string(b.status), b.title, "", "")
		return
	}
	p.para(0, 0, p.out.Paint(term.Bold, b.key.String())+"  "+p.out.Paint(planStyle(b.status), string(b.status))+"  "+term.Clean(b.title))
}

// labels writes the labels that there are.
func (p *printer) labels(all []plan.LabelCount) {
	if !p.out.Terminal {
		for _, l := range all {
			p.row(l.Label, strconv.Itoa(l.Items))
		}
		return
	}
	if len(all) == 0 {
		p.WriteString("no labels; add one with pm label add KEY --label WORD\n")
		return
	}
	table := &term.Table{Columns: []term.Column{{Header: "ITEMS", Align: term.Right}, {Header: "LABEL", Shrink: true}}}
	for _, l := range all {
		table.Cells(term.Cell{Text: term.Count(l.Items)}, term.Cell{Text: l.Label})
	}
	p.table(table)
}

// repetition writes when a task comes again.
func (p *printer) repetition(r tracker.Repetition) {
	if !p.out.Terminal {
		p.row("repeat", r.Repeat)
		for _, d := range r.Next {
			p.row("next", string(d))
		}
		return
	}
	p.field("repeat", r.Repeat)
	for _, d := range r.Next {
		words := string(d)
		if t, is := d.Time(); is {
			words = p.when(t)
		}
		p.field("next", words)
	}
}

func (p *printer) renamedLabel(r tracker.RenamedLabel) {
	if !p.out.Terminal {
		p.row(r.Label, strconv.Itoa(r.Renamed))
		return
	}
	p.para(0, 0, "label "+term.Clean(r.Label)+" on "+term.Plural(r.Renamed, "item"))
}
