package render

import (
	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// tree writes the plan as it is nested.
func (p *printer) tree(t tracker.Tree) {
	if !p.out.Terminal {
		p.treeRows(t)
		return
	}
	if len(t.Epics) == 0 {
		p.WriteString("no epics match\n")
		return
	}
	twigs := p.twigs()
	table := &term.Table{Columns: []term.Column{{}, {}, {Shrink: true}}}
	for _, e := range t.Epics {
		table.Cells(p.branchRow("", ofEpic(e.Epic), term.Bold)...)
		for i, f := range e.Features {
			here, below := twigs.at(i == len(e.Features)-1)
			table.Cells(p.branchRow(here, ofFeature(f.Feature), 0)...)
			for j, task := range f.Tasks {
				leaf, _ := twigs.at(j == len(f.Tasks)-1)
				style := taskStyle(task.Status)
				table.Cells(term.Cell{Text: below + leaf + task.Key.String()},
					term.Cell{Text: p.mark(task.Status) + " " + statusWords(task), Style: style}, term.Cell{Text: task.Title})
			}
		}
	}
	p.table(table)
}

// branchRow names the status of an epic or a feature only if it is not active.
func (p *printer) branchRow(lead string, b branch, style term.Style) []term.Cell {
	progress := p.progress(b.completed, b.total, b.pct)
	if b.status != plan.PlanActive {
		progress += " " + string(b.status)
	}
	return []term.Cell{{Text: lead + b.key.String(), Style: style}, {Text: progress, Style: planStyle(b.status)}, {Text: b.title, Style: style}}
}

func (p *printer) treeRows(t tracker.Tree) {
	row := func(b branch) {
		p.row(b.key.String(), string(b.key.Level()), string(b.status), number(b.pct), b.title)
	}
	for _, e := range t.Epics {
		row(ofEpic(e.Epic))
		for _, f := range e.Features {
			row(ofFeature(f.Feature))
			for _, task := range f.Tasks {
				p.row(task.Key.String(), string(plan.LevelTask), string(task.Status), "", task.Title)
			}
		}
	}
}

// twigs are the lines of a tree: to a child, to the last child, and past
// either to their children.
type twigs struct{ child, last, past, blank string }

func (p *printer) twigs() twigs {
	if p.out.Unicode {
		return twigs{"├─ ", "└─ ", "│  ", "   "}
	}
	return twigs{"|- ", "`- ", "|  ", "   "}
}

// at returns what leads to a child and what leads past it.
func (t twigs) at(last bool) (here, below string) {
	if last {
		return t.last, t.blank
	}
	return t.child, t.past
}
