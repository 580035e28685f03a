package render

import (
	"fmt"
	"html"
	"io"
	"strings"
	"time"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// diff writes what differs between two moments: in a pipe a line each, with what
// it is first.
func (p *printer) diff(d tracker.Diff) {
	if !p.out.Terminal {
		for _, i := range d.Made {
			p.row("made", i.Key.String(), i.Title, i.Status)
		}
		for _, i := range d.Deleted {
			p.row("deleted", i.Key.String(), i.Title, i.Status)
		}
		for _, i := range d.Moved {
			p.row("moved", i.Key.String(), i.Title, i.From.String())
		}
		for _, c := range d.Changes {
			p.row("changed", c.Key.Name(), c.Field, valueWords(c.From), valueWords(c.To))
		}
		for _, c := range d.Progress {
			p.row("progress", c.Key.Name(), c.Title, ratio(c.From), ratio(c.To))
		}
		return
	}
	if len(d.Made)+len(d.Deleted)+len(d.Moved)+len(d.Changes) == 0 {
		p.WriteString("no differences\n")
		return
	}
	part := func(name string, n int, line func(int) string) {
		if n > 0 {
			p.section(name)
		}
		for i := range n {
			p.para(0, 0, term.Clean(line(i)))
		}
	}
	part("Made", len(d.Made), func(i int) string { return d.Made[i].Key.String() + "  " + d.Made[i].Title })
	part("Deleted", len(d.Deleted), func(i int) string { return d.Deleted[i].Key.String() + "  " + d.Deleted[i].Title })
	part("Moved", len(d.Moved), func(i int) string {
		return d.Moved[i].From.String() + " -> " + d.Moved[i].Key.String() + "  " + d.Moved[i].Title
	})
	if len(d.Changes) > 0 {
		p.section("Changed")
		p.changes(d.Changes, d.More)
	}
	part("Progress", len(d.Progress), func(i int) string { return progressWords(d.Progress[i]) })
}

func ratio(p tracker.Progress) string { return fmt.Sprintf("%d/%d", p.Completed, p.Total) }

func progressWords(c tracker.ProgressChange) string {
	name := "plan"
	if !c.Key.IsZero() {
		name = c.Key.String()
	}
	return fmt.Sprintf("%s  %s -> %s (%s%% -> %s%%)  %s", name, ratio(c.From), ratio(c.To), number(c.From.Pct), number(c.To.Pct), c.Title)
}

// A reportPart is a list of a report under its heading.
type reportPart struct {
	name, heading string
	tasks         []tracker.ReportedTask
}

func reportParts(r tracker.Report) []reportPart {
	return []reportPart{{"done", "Done", r.Done}, {"started", "Started", r.Started}, {"new", "New", r.New}, {"slipped", "Slipped", r.Slipped}, {"blocked", "Blocked", r.Blocked}, {"due", "Due next", r.Due}}
}

// remark is what a report says of a task beside its title and its agent.
func remark(part string, t tracker.ReportedTask) string {
	switch {
	case part == "blocked":
		return t.Reason
	case t.Was != "":
		return "due " + string(t.Due) + ", was " + string(t.Was)
	case t.Due != "" && (part == "due" || part == "slipped"):
		return "due " + string(t.Due)
	}
	return ""
}

// report writes what happened since a moment.
func (p *printer) report(r tracker.Report) {
	if !p.out.Terminal {
		p.row("progress", "plan", "", ratio(r.Progress.From), ratio(r.Progress.To))
		for _, e := range r.Epics {
			p.row("progress", e.Key.String(), e.Title, ratio(e.From), ratio(e.To))
		}
		for _, part := range reportParts(r) {
			for _, t := range part.tasks {
				p.row(part.name, t.Key.String(), t.Title, t.Agent, remark(part.name, t))
			}
		}
		return
	}
	p.para(term.Dim, 0, "since "+utc(r.Since)+": "+reportCounts(r))
	for _, part := range reportParts(r) {
		if len(part.tasks) > 0 {
			p.section(part.heading)
		}
		for _, t := range part.tasks {
			p.para(0, 0, term.Clean(strings.Join(strings.Fields(t.Key.String()+"  "+t.Title+"  "+t.Agent+"  "+remark(part.name, t)), " ")))
		}
	}
	if len(r.Epics) > 0 {
		p.section("Epics")
	}
	for _, e := range r.Epics {
		p.para(0, 0, term.Clean(progressWords(e)))
	}
}

func reportCounts(r tracker.Report) string {
	return fmt.Sprintf("%d done, %d started, %d new, %d slipped, %d blocked", len(r.Done), len(r.Started), len(r.New), len(r.Slipped), len(r.Blocked))
}

// MarkdownDiff writes what differs as a page in Markdown.
func MarkdownDiff(w io.Writer, d tracker.Diff) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Changes from %s to %s\n", day(d.From.At), day(d.To.At))
	for _, part := range []struct {
		name  string
		items []tracker.NamedItem
	}{{"Made", d.Made}, {"Deleted", d.Deleted}} {
		if len(part.items) > 0 {
			fmt.Fprintf(&b, "\n## %s\n\n", part.name)
			MarkdownHead(&b, "Item", "Title", "Status")
		}
		for _, i := range part.items {
			markdownRow(&b, i.Key.String(), i.Title, i.Status)
		}
	}
	if len(d.Moved) > 0 {
		b.WriteString("\n## Moved\n\n")
		MarkdownHead(&b, "Item", "Title", "From")
	}
	for _, i := range d.Moved {
		markdownRow(&b, i.Key.String(), i.Title, i.From.String())
	}
	if len(d.Changes) > 0 {
		b.WriteString("\n## Changed\n\n")
		MarkdownHead(&b, "Item", "Field", "From", "To")
	}
	for _, c := range d.Changes {
		markdownRow(&b, c.Key.Name(), c.Field, shownValue(c.From), shownValue(c.To))
	}
	markdownProgress(&b, d.Progress)
	_, err := io.WriteString(w, b.String())
	return err
}

func markdownProgress(b *strings.Builder, all []tracker.ProgressChange) {
	if len(all) == 0 {
		return
	}
	b.WriteString("\n## Progress\n\n")
	MarkdownHead(b, "Item", "Title", "From", "To")
	for _, c := range all {
		markdownRow(b, c.Key.Name(), c.Title, ratio(c.From), ratio(c.To))
	}
}

func day(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// MarkdownReport writes a report as a page in Markdown.
func MarkdownReport(w io.Writer, r tracker.Report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Report, %s to %s\n\n%s. %s of the plan is completed (at the start: %s).\n", day(r.Since), day(r.Until), reportCounts(r), ratio(r.Progress.To), ratio(r.Progress.From))
	for _, part := range reportParts(r) {
		if len(part.tasks) > 0 {
			fmt.Fprintf(&b, "\n## %s\n\n", part.heading)
			MarkdownHead(&b, "Task", "Title", "Agent", "Remark")
		}
		for _, t := range part.tasks {
			markdownRow(&b, t.Key.String(), t.Title, t.Agent, remark(part.name, t))
		}
	}
	markdownProgress(&b, r.Epics)
	_, err := io.WriteString(w, b.String())
	return err
}

// HTMLReport writes a report as a page that can be sent on: it refers to nothing.
func HTMLReport(w io.Writer, r tracker.Report) error {
	var b strings.Builder
	esc := func(s string) string { return html.EscapeString(term.Clean(s)) }
	b.WriteString("<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Report</title>\n<style>body{font:15px/1.5 sans-serif;max-width:56em;margin:2em auto;padding:0 1em}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.2em .6em;border-bottom:1px solid #ddd}</style>\n")
	fmt.Fprintf(&b, "<h1>Report</h1>\n<p>%s to %s: %s. %s of the plan is completed (at the start: %s).</p>\n", day(r.Since), day(r.Until), reportCounts(r), ratio(r.Progress.To), ratio(r.Progress.From))
	for _, part := range reportParts(r) {
		if len(part.tasks) == 0 {
			continue
		}
		fmt.Fprintf(&b, "<h2>%s</h2>\n<table>\n<tr><th>Task<th>Title<th>Agent<th>Remark\n", part.heading)
		for _, t := range part.tasks {
			fmt.Fprintf(&b, "<tr><td>%s<td>%s<td>%s<td>%s\n", t.Key, esc(t.Title), esc(t.Agent), esc(remark(part.name, t)))
		}
		b.WriteString("</table>\n")
	}
	if len(r.Epics) > 0 {
		b.WriteString("<h2>Epics</h2>\n<table>\n<tr><th>Epic<th>Title<th>From<th>To\n")
		for _, e := range r.Epics {
			fmt.Fprintf(&b, "<tr><td>%s<td>%s<td>%s<td>%s\n", e.Key, esc(e.Title), ratio(e.From), ratio(e.To))
		}
		b.WriteString("</table>\n")
	}
	b.WriteString("</html>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// differing are the keys of what differs.
func differing(d tracker.Diff) (keys []plan.Key) {
	for _, i := range d.Made {
		keys = append(keys, i.Key)
	}
	for _, i := range d.Deleted {
		keys = append(keys, i.Key)
	}
	for _, i := range d.Moved {
		keys = append(keys, i.Key)
	}
	for _, c := range d.Changes {
		keys = append(keys, c.Key)
	}
	return unique(keys)
}

// reportedKeys are the keys of the tasks of a report.
func reportedKeys(r tracker.Report) (keys []plan.Key) {
	for _, part := range reportParts(r) {
		keys = append(keys, pick(part.tasks, func(t tracker.ReportedTask) plan.Key { return t.Key })...)
	}
	return unique(keys)
}
