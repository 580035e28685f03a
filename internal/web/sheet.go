package web

import (
	"bytes"
	"fmt"
	"html"
	"time"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// write writes the page. Every text goes through e.
func (s *sheet) write(b *bytes.Buffer) {
	fmt.Fprintf(b, `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>%s, %s</title>
<link rel="stylesheet" href="/print/print.css">
<header><b>%s</b> %s`, e(s.Title), e(s.Project), e(s.Project), s.heading())
	if s.Query != "" {
		fmt.Fprintf(b, " <code>%s</code>", e(s.Query))
	}
	if s.AsOf != "" {
		fmt.Fprintf(b, " <code>as of %s</code>", e(s.AsOf))
	}
	b.WriteString(" <small>" + s.count() + moment(s.Now) + "</small></header>\n<main>")
	for _, w := range s.Lacks {
		b.WriteString("<p>Warning: " + e(w.Message) + "</p>\n")
	}
	for _, g := range s.Groups {
		g.write(b)
	}
	if s.Task != nil {
		writeTask(b, s.Task)
	}
	if s.Table != nil {
		s.Table.write(b)
	}
	b.WriteString("</main></html>\n")
}

// heading is the title, which is that of the page unless a task has its own.
func (s *sheet) heading() string {
	if s.Task != nil {
		return e(s.Title)
	}
	return "<h1>" + e(s.Title) + "</h1>"
}

// write writes the rows of a table.
func (t *table) write(b *bytes.Buffer) {
	b.WriteString("<table><thead><tr>")
	for _, h := range t.Heads {
		b.WriteString("<th>" + e(h))
	}
	b.WriteString("</thead>\n")
	for _, row := range t.Rows {
		b.WriteString("<tr>")
		for i, cell := range row {
			class := ""
			if t.Heads[i] == t.Main {
				class = ` class="main"`
			}
			b.WriteString("<td" + class + ">" + e(cell))
		}
		b.WriteByte('\n')
	}
	b.WriteString("</table>\n")
}

// count says how many tasks are on the page.
func (s *sheet) count() string {
	switch {
	case s.Task != nil || s.Groups == nil:
		return ""
	case s.Found == 1:
		return "1 task, "
	case s.Found == mostPrinted:
		return fmt.Sprintf("the first %d tasks, ", mostPrinted)
	}
	return fmt.Sprintf("%d tasks, ", s.Found)
}

// e escapes a text.
func e(text any) string { return html.EscapeString(fmt.Sprint(text)) }

func moment(t time.Time) string { return t.Format("2 January 2006, 15:04") }

// write writes a table of tasks. The name of a group is the status of its tasks.
func (g group) write(b *bytes.Buffer) {
	b.WriteString("<section>")
	class, status := "tasks", "<th>Status"
	if g.Name != "" {
		class, status = "tasks grouped", ""
		fmt.Fprintf(b, "<h2>%s <small>%d</small></h2>", e(g.Name), len(g.Tasks))
	}
	fmt.Fprintf(b, "<table class=\"%s\"><thead><tr><th>Key<th>Title%s<th>Priority<th>Held by<th>Due<th>Done</thead>\n", class, status)
	for i := range g.Tasks {
		writeRow(b, &g.Tasks[i], g.Name == "")
	}
	b.WriteString("</table></section>\n")
}

func writeRow(b *bytes.Buffer, t *plan.Task, status bool) {
	fmt.Fprintf(b, `<tr><td class="key">%s<td class="main" dir="auto">%s`, t.Key, e(t.Title))
	if t.BlockedReason != "" {
		fmt.Fprintf(b, `<br><i dir="auto">%s</i>`, e(t.BlockedReason))
	}
	for _, l := range t.Labels {
		fmt.Fprintf(b, " <small>#%s</small>", e(l))
	}
	if t.OpenDependencies > 0 {
		fmt.Fprintf(b, " <small>waits for %d</small>", t.OpenDependencies)
	}
	if status {
		fmt.Fprintf(b, "<td>%s", t.Status.Words())
	}
	fmt.Fprintf(b, "<td class=\"pri\">%d<td>%s<td>%s<td>%s</tr>\n", t.Priority, e(t.AssignedAgent), e(t.Due), plan.CheckProgress(t.Checks))
}

// writeTask writes one task with all that is said of it.
func writeTask(b *bytes.Buffer, c *tracker.Context) {
	t := c.Task
	fmt.Fprintf(b, "<article><p class=\"key\">%s / %s / %s</p>\n<h1 dir=\"auto\">%s</h1>\n<p>%s, priority %d", e(c.Epic), e(c.Feature), t.Key, e(t.Title), t.Status.Words(), t.Priority)
	for _, fact := range [][2]string{{", held by ", t.AssignedAgent}, {", due ", string(t.Due)}, {": ", t.BlockedReason}} {
		if fact[1] != "" {
			b.WriteString(fact[0] + e(fact[1]))
		}
	}
	b.WriteString("</p>\n" + markdown(t.Description))
	if len(t.Checks) > 0 {
		b.WriteString("<h2>Done when</h2><ul class=\"checks\">")
		for _, check := range t.Checks {
			fmt.Fprintf(b, "<li>%s %s", map[bool]string{true: "&#9745;", false: "&#9744;"}[check.Done], e(check.Text))
		}
		b.WriteString("</ul>\n")
	}
	writeLinked(b, "Depends on", c.DependsOn)
	writeLinked(b, "Needed by", c.Dependants)
	if len(c.Questions) > 0 {
		b.WriteString("<h2>Questions</h2>")
	}
	for _, q := range c.Questions {
		fmt.Fprintf(b, "<p><b>%s:</b> %s", e(q.By), e(q.Text))
		if q.Answer != "" {
			fmt.Fprintf(b, "<br><b>Answer:</b> %s", e(q.Answer))
		}
		b.WriteString("</p>\n")
	}
	if len(c.Notes) > 0 {
		b.WriteString("<h2>Notes</h2>")
	}
	for _, n := range c.Notes {
		fmt.Fprintf(b, "<section><b>%s</b> <small>%s, %s</small>%s</section>\n", e(n.Agent), e(n.Kind), moment(n.CreatedAt), markdown(n.Body))
	}
	b.WriteString("</article>\n")
}

func writeLinked(b *bytes.Buffer, title string, all []tracker.Linked) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(b, "<h2>%s</h2><ul>", title)
	for _, l := range all {
		fmt.Fprintf(b, `<li><span class="key">%s</span> %s (%s)`, l.Key, e(l.Title), e(plan.TaskStatus(l.Status).Words()))
	}
	b.WriteString("</ul>\n")
}

// sheetCSS are the styles of pages to print.
const sheetCSS = `body { font: 10pt/1.4 system-ui, "Segoe UI", "Noto Sans", sans-serif; color: #000; background: #fff; max-width: 190mm; margin: 10mm auto; padding: 0 4mm }
header { border-bottom: 1px solid #000; padding-bottom: 4px; margin-bottom: 12px } header h1 { display: inline; font: inherit } small { color: #555; font-weight: 400 } code, .key { font: 9pt ui-monospace, "Noto Sans Mono", monospace; white-space: nowrap }
h1 { font-size: 16pt; margin: 8px 0 } h2 { font-size: 11pt; margin: 16px 0 4px } h2::first-letter { text-transform: uppercase }
table { border-collapse: collapse; width: 100% } th { text-align: left; font-weight: 600; font-size: 9pt } th, td { padding: 3px 8px 3px 0; vertical-align: top; border-bottom: 1px solid #ddd } td { overflow-wrap: anywhere }
.tasks { table-layout: fixed } .tasks th { width: 20mm } .tasks th:nth-child(1) { width: 27mm } .tasks th:nth-child(2) { width: auto } .tasks th:nth-last-child(4) { width: 14mm } .tasks th:last-child { width: 12mm } .tasks .key { line-height: 14pt }
@media screen and (max-width: 600px) { body { margin: 12px auto } table, tbody, tr { display: block } thead { display: none !important } tr { padding: 6px 0; border-bottom: 1px solid #ddd } td { display: inline; padding: 0 8px 0 0; border: 0 } .main { display: block } .pri::before { content: "priority " } td:empty { display: none } } .checks { list-style: none; padding: 0 }
thead { display: table-header-group } tr { break-inside: avoid } ul { padding-left: 18px } pre { white-space: pre-wrap; background: #f5f5f5; padding: 6px }
@page { margin: 12mm }
`
