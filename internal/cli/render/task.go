package render

import (
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

// taskTable leaves out the columns of types and agents where there are none.
func (p *printer) taskTable(tasks []plan.Task) {
	var types, agents bool
	for _, t := range tasks {
		types = types || t.AgentType != ""
		agents = agents || t.AssignedAgent != ""
	}
	table := &term.Table{Columns: []term.Column{{Header: "KEY"}, {Header: "STATUS"}, {Header: "PRI", Align: term.Right}}}
	if types {
		table.Columns = append(table.Columns, term.Column{Header: "TYPE"})
	}
	table.Columns = append(table.Columns, term.Column{Header: "TITLE", Shrink: true})
	if agents {
		table.Columns = append(table.Columns, term.Column{Header: "AGENT", Shrink: true})
	}
	for _, t := range tasks {
		row := []term.Cell{{Text: t.Key.String()}, {Text: statusWords(t), Style: taskStyle(t.Status)}, {Text: strconv.Itoa(t.Priority)}}
		if types {
			row = append(row, term.Cell{Text: t.AgentType})
		}
		row = append(row, term.Cell{Text: t.Title})
		if agents {
			row = append(row, term.Cell{Text: t.AssignedAgent})
		}
		table.Cells(row...)
	}
	p.table(table)
}

// changed writes the answer of a command that changed tasks: a line for each.
func (p *printer) changed(tasks []plan.Task) {
	if !p.out.Terminal {
		for _, t := range tasks {
			p.changedRow(t)
		}
		return
	}
	table := &term.Table{Columns: []term.Column{{}, {}, {Shrink: true}, {}}}
	for _, t := range tasks {
		table.Cells(term.Cell{Text: t.Key.String(), Style: term.Bold}, term.Cell{Text: statusWords(t), Style: taskStyle(t.Status)},
			term.Cell{Text: t.Title}, term.Cell{Text: p.claim(t), Style: term.Dim})
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

// task writes one task: a card, or a line for each field.
func (p *printer) task(t plan.Task) {
	if !p.out.Terminal {
		p.fields(t)
		return
	}
	p.title(t.Key, t.Title)
	p.taskFields(t)
	p.description(t.Description)
}

func (p *printer) taskFields(t plan.Task) {
	if t.BlockedReason != "" {
		p.para(term.Red, 0, "blocked: "+term.CleanText(t.BlockedReason))
	}
	p.styled("status", taskStyle(t.Status), string(t.Status))
	p.field("priority", strconv.Itoa(t.Priority))
	p.field("type", t.AgentType)
	p.field("agent", p.holder(t))
	p.field("depends on", joinKeys(t.DependsOn, ", "))
	if t.OpenDependencies > 0 {
		p.field("waits for", term.Count(t.OpenDependencies)+" of these")
	}
	p.field("file", t.FilePath)
	p.field("created", p.when(t.CreatedAt))
	p.field("updated", p.when(t.UpdatedAt))
	p.field("version", strconv.FormatInt(t.Version, 10))
}

// holder says who holds a task and for how long, or whose it was last.
func (p *printer) holder(t plan.Task) string {
	if t.AssignedAgent == "" || t.Status != plan.InProgress {
		return t.AssignedAgent
	}
	words := "held by " + t.Holder()
	switch {
	case t.LeaseExpired(p.now):
		words += ", lease ran out " + term.Ago(p.now, *t.LeaseUntil)
	case t.LeaseUntil != nil:
		words += ", lease ends " + term.Ago(p.now, *t.LeaseUntil)
	}
	if t.Fence > 0 {
		words += " (fence " + strconv.FormatInt(t.Fence, 10) + ")"
	}
	return words
}
