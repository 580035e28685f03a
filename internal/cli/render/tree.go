package render

import (
	"fmt"
	"strconv"
	"strings"

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
		p.none("no epics match")
		return
	}
	twigs := p.twigs()
	table := &term.Table{Columns: p.branchColumns()}
	for _, e := range t.Epics {
		if !e.Continued {
			table.Cells(p.branchRow("", ofEpic(e.Epic), term.Bold)...)
		}
		for i, f := range e.Features {
			here, below := twigs.at(i == len(e.Features)-1 && e.More == 0 && !e.GoesOn)
			if !f.Continued {
				table.Cells(p.branchRow(here, ofFeature(f.Feature), 0)...)
			}
			for j, task := range f.Tasks {
				leaf, _ := twigs.at(j == len(f.Tasks)-1 && f.More == 0 && !f.GoesOn)
				table.Cells(p.leafRow(below+leaf, task)...)
			}
			p.leftOut(table, below+twigs.last, f.More, "task")
		}
		p.leftOut(table, twigs.last, e.More, "feature")
	}
	p.leftOut(table, "", t.More, "epic")
	p.table(table)
}

// leftOut adds a row that says how many items of a branch are not shown.
func (p *printer) leftOut(t *term.Table, lead string, n int, what string) {
	if n > 0 {
		t.Cells(term.Cell{Text: lead + term.Plural(n, "more "+what), Style: term.Dim})
	}
}

// treeMore counts what a tree leaves out, for the footer.
func treeMore(t tracker.Tree) (n int) {
	n = t.More
	for _, e := range t.Epics {
		n += e.More
		for _, f := range e.Features {
			n += f.More
		}
	}
	return n
}

// besides is the width from which the status of a task has a column of its own.
const besides = 66

// cramped reports whether a tree has the status in the column of the titles,
// which need the room.
func (p *printer) cramped() bool { return p.out.Width < besides }

// branchColumns are those of branchRow and leafRow: the key, where there is
// room the progress or status, the title.
func (p *printer) branchColumns() []term.Column {
	if p.cramped() {
		return []term.Column{{}, {Shrink: true}}
	}
	return []term.Column{{}, {}, {Shrink: true}}
}

func (p *printer) leafRow(lead string, t plan.Task) []term.Cell {
	key, style := term.Cell{Text: lead + t.Key.String()}, taskStyle(t.Status)
	if p.cramped() {
		return []term.Cell{key, {Text: p.mark(t.Status) + " " + t.Title, Style: style}}
	}
	return []term.Cell{key, {Text: strings.TrimSpace(p.mark(t.Status) + " " + statusWords(t) + " " + plan.CheckProgress(t.Checks)), Style: style}, {Text: t.Title}}
}

// branchRow names the status of an epic or a feature only if it is not active.
func (p *printer) branchRow(lead string, b branch, style term.Style) []term.Cell {
	if p.cramped() {
		words := fmt.Sprintf("%4s", percent(b.pct))
		if b.status != plan.PlanActive {
			words += " " + string(b.status)
		}
		return []term.Cell{{Text: lead + b.key.String(), Style: style}, {Text: words + "  " + b.title, Style: style | planStyle(b.status)}}
	}
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
		if !e.Continued {
			row(ofEpic(e.Epic))
		}
		for _, f := range e.Features {
			if !f.Continued {
				row(ofFeature(f.Feature))
			}
			for _, task := range f.Tasks {
				p.row(task.Key.String(), string(plan.LevelTask), string(task.Status), "", task.Title)
			}
			p.leftOutRow(f.Key.String(), f.More)
		}
		p.leftOutRow(e.Key.String(), e.More)
	}
	p.leftOutRow("", t.More)
}

// leftOutRow says for a pipe how many items under a key are left out.
func (p *printer) leftOutRow(key string, n int) {
	if n > 0 {
		p.row(key, "more", strconv.Itoa(n), "", "")
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
