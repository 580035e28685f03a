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
			p.row(t.Key.String(), string(t.Status), strconv.Itoa(t.Priority), t.AgentType, t.AssignedAgent, t.Title)
		}
		return
	}
	if len(tasks) == 0 {
		p.WriteString("no tasks match\n")
		return
	}
	p.taskTable(tasks)
}

// A taskColumn is one column of a list of tasks.
type taskColumn struct {
	term.Column
	cell func(plan.Task) term.Cell
}

func (p *printer) taskTable(tasks []plan.Task) {
	columns := p.taskColumns(tasks)
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

// taskColumns leaves out types and agents where no task has one.
func (p *printer) taskColumns(tasks []plan.Task) []taskColumn {
	typed := func(t plan.Task) bool { return t.AgentType != "" }
	assigned := func(t plan.Task) bool { return t.AssignedAgent != "" }
	columns := []taskColumn{
		{term.Column{Header: "KEY"}, func(t plan.Task) term.Cell { return term.Cell{Text: t.Key.String()} }},
		{term.Column{Header: "STATUS"}, statusCell},
	}
	if !p.tight() {
		columns = append(columns, taskColumn{term.Column{Header: "PRI", Align: term.Right},
			func(t plan.Task) term.Cell { return term.Cell{Text: strconv.Itoa(t.Priority)} }})
	}
	if !p.tight() && slices.ContainsFunc(tasks, typed) {
		columns = append(columns, taskColumn{term.Column{Header: "TYPE"}, func(t plan.Task) term.Cell { return term.Cell{Text: t.AgentType} }})
	}
	columns = append(columns, taskColumn{term.Column{Header: "TITLE", Shrink: true}, func(t plan.Task) term.Cell { return term.Cell{Text: t.Title} }})
	if slices.ContainsFunc(tasks, assigned) {
		columns = append(columns, taskColumn{term.Column{Header: "AGENT", Shrink: true}, func(t plan.Task) term.Cell { return term.Cell{Text: t.AssignedAgent} }})
	}
	return columns
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
	var until, fence string
	if t.LeaseUntil != nil {
		until = utc(*t.LeaseUntil)
	}
	if t.Fence > 0 {
		fence = strconv.FormatInt(t.Fence, 10)
	}
	p.row(t.Key.String(), string(t.Status), t.Title, until, fence)
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
