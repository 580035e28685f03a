package render

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/plan"
)

// roomy is the width from which a table that begins with a time keeps keys
// whole: only its first column is safe below.
const roomy = 80

// history writes records, newest first.
func (p *printer) history(records []plan.History) {
	if !p.out.Terminal {
		for _, h := range records {
			p.row(historyRow(h)...)
		}
		return
	}
	if len(records) == 0 {
		p.WriteString("no changes recorded\n")
		return
	}
	table := &term.Table{Columns: make([]term.Column, len(p.historyCells(records[0])))}
	table.Columns[len(table.Columns)-1].Shrink = true // notes, or what changed
	for _, h := range records {
		table.Cells(p.historyCells(h)...)
	}
	p.table(table)
}

func (p *printer) historyCells(h plan.History) []term.Cell {
	key, when := term.Cell{Text: h.Key.String()}, term.Cell{Text: term.Ago(p.now, h.Timestamp), Style: term.Dim}
	agent, surface, notes := term.Cell{Text: h.Agent}, term.Cell{Text: h.Surface, Style: term.Dim}, term.Cell{Text: h.Notes}
	switch {
	case p.tight():
		return []term.Cell{key, when, whatCell(h)}
	case p.out.Width < roomy:
		return []term.Cell{key, when, whatCell(h), agent, surface, notes}
	}
	return []term.Cell{when, key, whatCell(h), agent, surface, notes}
}

// historyRow returns the columns of a record in a pipe.
func historyRow(h plan.History) []string {
	return []string{utc(h.Timestamp), h.Key.String(), h.OldStatus, h.NewStatus, h.Agent, h.Surface,
		strings.Join(changedFields(h), ","), h.Notes}
}

func whatCell(h plan.History) term.Cell {
	c := term.Cell{Text: what(h)}
	switch {
	case h.NewStatus == "":
		c.Style = term.Red
	case h.OldStatus != h.NewStatus:
		c.Style = taskStyle(plan.TaskStatus(h.NewStatus))
	}
	return c
}

// what says in words what a record is about: "todo -> in_progress", "title".
func what(h plan.History) string {
	fields := strings.Join(changedFields(h), ", ")
	switch {
	case h.NewStatus == "":
		return "deleted"
	case h.OldStatus == "":
		return "created"
	case h.OldStatus == h.NewStatus && fields == "":
		return h.NewStatus
	case h.OldStatus == h.NewStatus:
		return fields
	case fields == "":
		return h.OldStatus + " -> " + h.NewStatus
	}
	return h.OldStatus + " -> " + h.NewStatus + ", " + fields
}

// changedFields names the fields that changed, in alphabetical order; a note
// with its kind: it is no change of a value.
func changedFields(h plan.History) []string {
	names := slices.Sorted(maps.Keys(h.Change))
	for i, name := range names {
		if kind := h.Change[name][1]; name == "note" && kind != nil {
			names[i] = fmt.Sprintf("note: %v", kind)
		}
	}
	return names
}
