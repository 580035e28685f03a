package render

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"pm/internal/cli/term"
	"pm/internal/plan"
)

// tasks writes a list.
func (p *printer) tasks(tasks []plan.Task) {
	if !p.out.Terminal {
		for _, t := range tasks {
			p.row(append(taskRow(t), waits(t)...)...)
		}
		return
	}
	if len(tasks) == 0 {
		p.none("no tasks match")
		return
	}
	p.taskTable(tasks, p.taskColumns(tasks))
}

// holding writes the tasks that somebody holds, each with its lease.
func (p *printer) holding(tasks []plan.Task) {
	if !p.out.Terminal {
		for _, t := range tasks {
			p.row(append(taskRow(t), leaseEnd(t))...)
		}
		return
	}
	if len(tasks) == 0 {
		p.WriteString("you hold no tasks\n")
		return
	}
	title := taskColumn{term.Column{Header: "TITLE", Shrink: true}, func(t plan.Task) term.Cell { return term.Cell{Text: t.Title} }}
	p.taskTable(tasks, []taskColumn{p.keyColumn(), {term.Column{Header: "LEASE"}, p.holdCell}, title})
}

// holdCell says how much longer a task is held: without a lease, for good.
func (p *printer) holdCell(t plan.Task) term.Cell {
	switch {
	case t.LeaseUntil == nil:
		return term.Cell{Text: "none", Style: term.Dim}
	case t.LeaseExpired(p.now):
		return term.Cell{Text: "expired", Style: term.Red}
	}
	return term.Cell{Text: strings.TrimPrefix(term.Ago(p.now, *t.LeaseUntil), "in ")}
}

// taskRow returns the columns of a task in a pipe.
func taskRow(t plan.Task) []string {
	return []string{t.Key.String(), string(t.Status), strconv.Itoa(t.Priority), t.AgentType, t.AssignedAgent, t.Title}
}

// waits is one column more for a pipe, of a task that cannot be taken yet: what it
// waits for.
func waits(t plan.Task) []string {
	if t.Status != plan.Todo || t.OpenDependencies == 0 {
		return nil
	}
	return []string{"waits " + strconv.Itoa(t.OpenDependencies)}
}

// leaseEnd writes for a pipe when the lease of a task ends, if it has one.
func leaseEnd(t plan.Task) string {
	if t.LeaseUntil == nil {
		return ""
	}
	return utc(*t.LeaseUntil)
}

// A taskColumn is one column of a list of tasks.
type taskColumn struct {
	term.Column
	cell func(plan.Task) term.Cell
}

func (p *printer) taskTable(tasks []plan.Task, columns []taskColumn) {
	table := &term.Table{}
	for _, c := range columns {
		table.Columns = append(table.Columns, c.Column)
	}
	for _, t := range tasks {
		row := make([]term.Cell, len(columns))
		for i, c := range columns {
			row[i] = c.cell(t)
		}
		table.Cells(row...)
	}
	p.table(table)
}

// taskColumns leaves out types, checklists and agents where no task has one. A narrow
// terminal has a mark for the status.
func (p *printer) taskColumns(tasks []plan.Task) []taskColumn {
	typed := slices.ContainsFunc(tasks, func(t plan.Task) bool { return t.AgentType != "" })
	assigned := slices.ContainsFunc(tasks, func(t plan.Task) bool { return t.AssignedAgent != "" })
	checked := slices.ContainsFunc(tasks, func(t plan.Task) bool { return len(t.Checks) > 0 })
	if p.behind {
		typed, assigned, checked = p.before.typed, p.before.assigned, p.before.checked
	} else if p.before != nil {
		p.before.typed, p.before.assigned, p.before.checked = typed, assigned, checked
	}
	columns := []taskColumn{p.keyColumn()}
	if !p.tight() {
		columns = append(columns, taskColumn{term.Column{Header: "STATUS"}, statusCell},
			taskColumn{term.Column{Header: "PRI", Align: term.Right, Drop: 1},
				func(t plan.Task) term.Cell { return term.Cell{Text: strconv.Itoa(t.Priority)} }})
		if typed {
			columns = append(columns, taskColumn{term.Column{Header: "TYPE", Drop: 3}, func(t plan.Task) term.Cell { return term.Cell{Text: t.AgentType} }})
		}
	}
	if checked {
		columns = append(columns, taskColumn{term.Column{Header: "CHECKS", Drop: 2}, func(t plan.Task) term.Cell { return term.Cell{Text: plan.CheckProgress(t.Checks)} }})
	}
	columns = append(columns, p.titleColumn())
	if assigned {
		columns = append(columns, taskColumn{term.Column{Header: "AGENT", Drop: 2}, func(t plan.Task) term.Cell { return term.Cell{Text: t.AssignedAgent} }})
	}
	return columns
}

func (p *printer) keyColumn() taskColumn {
	return taskColumn{term.Column{Header: "KEY"}, func(t plan.Task) term.Cell { return term.Cell{Text: t.Key.String()} }}
}

// titleColumn has the title, on a narrow terminal behind the mark of the status.
func (p *printer) titleColumn() taskColumn {
	return taskColumn{term.Column{Header: "TITLE", Shrink: true}, p.titleCell}
}

func (p *printer) titleCell(t plan.Task) term.Cell {
	if p.tight() {
		return term.Cell{Text: p.mark(t.Status) + " " + t.Title, Style: taskStyle(t.Status)}
	}
	return term.Cell{Text: t.Title}
}

func statusCell(t plan.Task) term.Cell {
	return term.Cell{Text: statusWords(t), Style: taskStyle(t.Status)}
}

// changed writes the answer of a command that changed tasks: a line for each.
func (p *printer) changed(tasks []plan.Task) {
	if !p.out.Terminal {
		for _, t := range tasks {
			p.changedRow(t)
		}
		return
	}
	if p.tight() {
		for _, t := range tasks {
			p.para(term.Bold, 0, t.Key.String()+"  "+term.Clean(statusWords(t)))
			p.para(0, indent, term.Clean(t.Title))
			if claim := p.claim(t); claim != "" {
				p.para(term.Dim, indent, claim)
			}
		}
		return
	}
	table := &term.Table{Columns: []term.Column{{}, {}, {Shrink: true}}}
	for _, t := range tasks {
		row := []term.Cell{{Text: t.Key.String(), Style: term.Bold}, statusCell(t), {Text: t.Title}}
		if claim := p.claim(t); claim != "" {
			row = append(row, term.Cell{Text: claim, Style: term.Dim})
		}
		table.Cells(row...)
	}
	p.table(table)
}

func (p *printer) changedRow(t plan.Task) {
	fence := ""
	if t.Fence > 0 {
		fence = strconv.FormatInt(t.Fence, 10)
	}
	p.row(t.Key.String(), string(t.Status), t.Title, leaseEnd(t), fence)
}

// claim says until when a task is held and under which fence; it is empty for
// a task without a lease.
func (p *printer) claim(t plan.Task) string {
	if t.LeaseUntil == nil {
		return ""
	}
	until := t.LeaseUntil.In(p.now.Location())
	at := until.Format(minute)
	if strings.HasPrefix(at, p.now.Format(time.DateOnly)) {
		at = until.Format("15:04")
	}
	words := "held until " + at
	if until.After(p.now) {
		words += " (" + strings.TrimPrefix(term.Ago(p.now, until), "in ") + ")"
	}
	return words + fenceWords(t)
}

func fenceWords(t plan.Task) string {
	if t.Fence == 0 {
		return ""
	}
	return ", fence " + strconv.FormatInt(t.Fence, 10)
}
