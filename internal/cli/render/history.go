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

// longText is how many lines of a note a history shows.
const longText = 3

// history writes records, newest first, each with what was written with it:
// the text of a note, the reason of a change.
func (p *printer) history(records []plan.History) {
	if !p.out.Terminal {
		for _, h := range records {
			p.row(historyRow(h)...)
		}
		return
	}
	if len(records) == 0 {
		p.none("no changes recorded")
		return
	}
	table := &term.Table{Columns: p.historyColumns()}
	for _, h := range records {
		table.Cells(p.historyCells(h)...)
	}
	rows := newPrinter(Options{Out: p.out, Now: p.now})
	rows.table(table)
	for i, line := range strings.SplitAfter(strings.TrimSuffix(rows.String(), "\n"), "\n") {
		p.WriteString(strings.TrimSuffix(line, "\n") + "\n")
		p.writtenBelow(records[i])
	}
}

// writtenBelow writes the beginning of a text below its record, and the
// command that shows the rest of a note.
func (p *printer) writtenBelow(h plan.History) {
	text := written(h)
	if text == "" || p.body(text, 2*indent, longText) && h.Notes == "" && !isLeftOut(h) {
		return
	}
	if h.Notes == "" && !isRedaction(h) {
		p.para(term.Dim, 2*indent, p.ellipsis()+" pm note list "+h.Key.String())
	}
}

// isLeftOut reports whether a record has a note without its text.
func isLeftOut(h plan.History) bool {
	n, _ := plan.AsNote(h.Change["note"][1])
	_, is := plan.AsText(n.Body)
	return is
}

func (p *printer) historyColumns() []term.Column {
	what := term.Column{Shrink: true}
	switch {
	case p.tight():
		return []term.Column{{}, what, {Drop: 2}, {Drop: 1}}
	case p.out.Width < roomy:
		return []term.Column{{}, {Drop: 2}, what, {Drop: 1}, {Drop: 3}}
	}
	return []term.Column{{}, {}, what, {Drop: 1}, {Drop: 2}}
}

func (p *printer) historyCells(h plan.History) []term.Cell {
	key, when := term.Cell{Text: subjectOf(h)}, term.Cell{Text: term.Ago(p.now, h.Timestamp), Style: term.Dim}
	agent, surface := term.Cell{Text: h.Agent}, term.Cell{Text: h.Surface, Style: term.Dim}
	switch {
	case p.tight():
		return []term.Cell{key, p.whatCell(h), when, agent}
	case p.out.Width < roomy:
		return []term.Cell{key, when, p.whatCell(h), agent, surface}
	}
	return []term.Cell{when, key, p.whatCell(h), agent, surface}
}

// subjectOf names what a record is of.
func subjectOf(h plan.History) string {
	if h.Key.IsZero() {
		return "project"
	}
	return h.Key.String()
}

// historyRow returns the columns of a record in a pipe.
func historyRow(h plan.History) []string {
	details := differences(h, " -> ")
	if h.Change.Any("note") {
		details = nil // its text is there
	}
	return []string{utc(h.Timestamp), subjectOf(h), h.OldStatus, h.NewStatus, h.Agent, h.Surface,
		strings.Join(changedFields(h), ","), written(h), strings.Join(details, ", ")}
}

// written is the text that somebody wrote with a change: a reason, a note.
func written(h plan.History) string {
	if why, is := h.Change["reason"][1].(string); is { // of a redaction
		return why
	}
	if h.Notes != "" || h.NewStatus == "" {
		return h.Notes
	}
	n, is := plan.AsNote(h.Change["note"][1])
	if !is { // it was removed
		n, _ = plan.AsNote(h.Change["note"][0])
	}
	if n.AnsweredAt != "" {
		return valueText("body", n.Answer)
	}
	return valueText("body", n.Body)
}

func (p *printer) whatCell(h plan.History) term.Cell {
	c := term.Cell{Text: what(h, p.arrow())}
	switch {
	case isRedaction(h):
	case h.NewStatus == "":
		c.Style = term.Red
	case h.OldStatus != h.NewStatus:
		c.Style = taskStyle(plan.TaskStatus(h.NewStatus))
	}
	return c
}

func (p *printer) arrow() string {
	if p.out.Unicode {
		return " → "
	}
	return " -> "
}

// what says in words what a record is about: "todo → in_progress", "priority
// 5 → 2".
func what(h plan.History, arrow string) string {
	words := differences(h, arrow)
	switch {
	case isRedaction(h):
	case h.NewStatus == "":
		return "deleted"
	case h.OldStatus == "" && h.Change.Any("deleted"):
		return "restored"
	case h.OldStatus == "":
		return "created"
	case h.OldStatus != h.NewStatus:
		words = slices.Insert(words, 0, h.OldStatus+arrow+h.NewStatus)
	case len(words) == 0:
		return h.NewStatus
	}
	return strings.Join(words, ", ")
}

// changedFields names the fields that changed, in alphabetical order; a note
// with its kind: it is no change of a value.
func changedFields(h plan.History) []string {
	if isRedaction(h) {
		return []string{"redacted"}
	}
	if h.OldStatus == "" || h.NewStatus == "" {
		return nil
	}
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(h.Change)), func(name string) bool { return implied(h, name) })
	for i, name := range names {
		if name == "note" {
			names[i] = noteWords(h.Change[name])
		}
	}
	return names
}

// noteWords says what happened to a note.
func noteWords(v [2]any) string {
	before, was := plan.AsNote(v[0])
	after, is := plan.AsNote(v[1])
	switch {
	case was && is && after.AnsweredAt != before.AnsweredAt:
		return fmt.Sprintf("question %d answered", after.N)
	case was && is && before.Hidden && !after.Hidden:
		return fmt.Sprintf("note %d accepted: %s", after.N, after.Kind)
	case was && is && after.Hidden && !before.Hidden:
		return fmt.Sprintf("note %d hidden: %s", after.N, after.Kind)
	case was && is:
		return fmt.Sprintf("note %d edited: %s", after.N, after.Kind)
	case was:
		return fmt.Sprintf("note %d removed: %s", before.N, before.Kind)
	}
	return "note: " + string(after.Kind)
}

// differences says of each field that changed from what to what.
func differences(h plan.History, arrow string) []string {
	names := changedFields(h)
	for i, name := range names {
		v, is := h.Change[name]
		before, after := valueText(name, v[0]), valueText(name, v[1])
		switch {
		case !is, name == "description", name == "session": // the name says it
		case name == "links":
			names[i] = strings.Join(linkWords(v), ", ")
		case name == "checks":
			names[i] = checkWords(v)
		case name == "depends_on" && before != "" && after != "":
			names[i] = "no longer depends on " + before + ", depends on " + after
		case name == "depends_on" && before != "":
			names[i] = "no longer depends on " + before
		case name == "depends_on":
			names[i] = "depends on " + after
		case before == "" && after == "":
		case before == "":
			names[i] = name + " " + after
		case after == "":
			names[i] = name + " " + before + arrow + "none"
		default:
			names[i] = name + " " + before + arrow + after
		}
	}
	return names
}

// valueText writes a value of a change: a title in quotes, since it has spaces
// and perhaps arrows of its own; of a text that a record only has the digest
// of, its length.
func valueText(field string, v any) string {
	if t, is := plan.AsText(v); is {
		if t.Redacted {
			return plan.Redacted
		}
		return "(" + term.Plural(t.Bytes, "byte") + ")"
	}
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		if field == "title" {
			return `"` + v + `"`
		}
		return v
	case []any:
		words := make([]string, len(v))
		for i, w := range v {
			words[i] = fmt.Sprint(w)
		}
		return strings.Join(words, ", ")
	case []string:
		return strings.Join(v, ", ")
	case []plan.CheckChange:
		lines := make([]string, len(v))
		for i, l := range v {
			lines[i] = valueText("text", l.Text)
		}
		return strings.Join(lines, ", ")
	case map[string]any, plan.NoteChange:
		return ""
	}
	return fmt.Sprint(v)
}

// isRedaction reports whether a record is that of a redaction: what it took
// out of the row is not worth a word.
func isRedaction(h plan.History) bool { return h.Change.Any("redacted") }

// implied reports whether a field follows from the change of the status, or
// is pm's own bookkeeping.
func implied(h plan.History, field string) bool {
	switch field {
	case "fence", "notes": // the notes are there, or what stands for them
		return true
	case "assigned_agent", "session", "blocked_reason", "blocked_from", "started_at", "completed_at", "blocked_at":
		return h.OldStatus != h.NewStatus
	}
	return false
}
