package render

import (
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
	case h.OldStatus == "" && h.Change.Any("deleted"):
		return "restored"
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
	if h.OldStatus == "" || h.NewStatus == "" {
		return nil
	}
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(h.Change)), func(name string) bool { return implied(h, name) })
	for i, name := range names {
		if name == "note" {
			names[i] = "note: " + noteKind(h.Change[name][1])
		}
	}
	return names
}

// implied reports whether a field follows from the change of the status, or
// is pm's own bookkeeping.
func implied(h plan.History, field string) bool {
	switch field {
	case "fence":
		return true
	case "assigned_agent", "session", "blocked_reason", "blocked_from", "started_at", "completed_at", "blocked_at":
		return h.OldStatus != h.NewStatus
	}
	return false
}

// noteKind returns the kind of a note that a record is about.
func noteKind(v any) string {
	switch n := v.(type) {
	case plan.NoteChange:
		return string(n.Kind)
	case map[string]any:
		kind, _ := n["kind"].(string)
		return kind
	}
	return ""
}
