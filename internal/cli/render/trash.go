package render

import (
	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// trash writes what can be restored, the last deleted first.
func (p *printer) trash(items []plan.Trashed) {
	if !p.out.Terminal {
		for _, t := range items {
			p.row(t.Key.String(), utc(t.DeletedAt), utc(t.LeavesAt), t.Agent, goneWords(goneOf(t)), t.Title)
		}
		return
	}
	if len(items) == 0 {
		p.WriteString("the trash is empty\n")
		return
	}
	table := &term.Table{Columns: make([]term.Column, 6)}
	table.Columns[1].Shrink = true
	for _, t := range items {
		table.Cells(term.Cell{Text: t.Key.String()}, term.Cell{Text: t.Title}, term.Cell{Text: goneWords(goneOf(t)), Style: term.Dim},
			term.Cell{Text: t.Agent}, term.Cell{Text: term.Ago(p.now, t.DeletedAt), Style: term.Dim}, term.Cell{Text: p.leaves(t), Style: term.Dim})
	}
	p.table(table)
}

// leaves says when an entry leaves the trash for good.
func (p *printer) leaves(t plan.Trashed) string {
	if t.LeavesAt.IsZero() {
		return ""
	}
	return "leaves " + term.Ago(p.now, t.LeavesAt)
}

func goneOf(t plan.Trashed) tracker.Gone {
	return tracker.Gone{Epics: t.Epics, Features: t.Features, Tasks: t.Tasks, Notes: t.Notes}
}

// trashEntry writes what a deleted item would bring back.
func (p *printer) trashEntry(e tracker.TrashEntry) {
	if !p.out.Terminal {
		for _, i := range e.Items {
			p.row(i.Key.String(), i.Status, i.Title)
		}
		return
	}
	p.para(0, 0, e.Key.String()+" "+term.Clean(e.Title)+": "+goneWords(goneOf(e.Trashed)))
	words := "deleted by " + term.Clean(e.Agent) + ", " + term.Ago(p.now, e.DeletedAt)
	if leaves := p.leaves(e.Trashed); leaves != "" {
		words += ", " + leaves
	}
	p.para(term.Dim, 0, words)
	table := &term.Table{Columns: make([]term.Column, 3)}
	table.Columns[2].Shrink = true
	for _, i := range e.Items {
		table.Cells(term.Cell{Text: i.Key.String()}, term.Cell{Text: i.Status}, term.Cell{Text: i.Title})
	}
	p.table(table)
}
