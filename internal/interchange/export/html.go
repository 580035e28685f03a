package export

import (
	"fmt"
	"html"
	"io"
	"strings"

	"pm/internal/plan"
)

// A sheet is a plan as one page that asks for nothing: no script, no font, no
// picture from elsewhere. Its own policy forbids them, too.
type sheet struct {
	w     io.Writer
	page  Page
	begun bool
	table bool
	err   error
}

func (s *sheet) project(plan.Project) error { return nil }

const style = `
:root{color-scheme:light dark}
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:62rem;padding:0 1rem}
h1{font-size:1.6rem;margin:0 0 .2rem}h2{font-size:1.25rem;margin:2rem 0 .3rem;border-bottom:1px solid #8886}
h3{font-size:1.05rem;margin:1.2rem 0 .3rem}
small,.k{opacity:.75;font-weight:normal}.k{font:13px ui-monospace,monospace;white-space:nowrap}
table{border-collapse:collapse;width:100%;margin:.3rem 0 1rem}
th,td{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;border-bottom:1px solid #8884}
.done td{opacity:.65}.s{white-space:nowrap}
.t{white-space:pre-wrap;overflow-wrap:anywhere;margin:.3rem 0}
progress{vertical-align:middle;width:9rem}summary{cursor:pointer;opacity:.75}
figure{margin:1rem 0}figure svg{max-width:100%;height:auto}
@media print{body{margin:0;max-width:none;font-size:11px}h2,h3{break-after:avoid}tr,figure{break-inside:avoid}.k{font-size:10px}summary{display:none}details::details-content{content-visibility:visible;block-size:auto}}
`

func (s *sheet) put(format string, args ...any) {
	if s.err == nil {
		_, s.err = fmt.Fprintf(s.w, format, args...)
	}
}

// e escapes a text.
func e(text string) string { return html.EscapeString(text) }

func (s *sheet) begin() {
	if s.begun {
		return
	}
	s.begun = true
	s.put(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>%s</title>
<style>%s</style>
<header><h1 dir="auto">%s</h1><small>%s</small></header>
`, e(s.page.Title), style, e(s.page.Title), s.page.Now.Format("2 January 2006, 15:04"))
	for _, c := range s.page.Charts {
		s.put("<figure>%s</figure>\n", c)
	}
}

func (s *sheet) close() {
	if s.table {
		s.put("</table>\n")
		s.table = false
	}
}

func (s *sheet) epic(p plan.Epic) error {
	s.begin()
	s.close()
	s.put(`<h2 id="%s" dir="auto">%s <span class="k">%s</span> <small>%s, %s priority%s</small></h2>`+"\n", p.Key, e(p.Title), p.Key, e(string(p.Status)), e(string(p.Priority)), tags(p.Labels))
	s.progress(p.TasksCompleted, p.TasksTotal)
	s.needs(p.DependsOn)
	s.facts("p", append(dates(p.Due, p.Defer), facts(p.Fields, p.Links, p.Refs)...))
	s.text(p.Description)
	return s.err
}

func (s *sheet) feature(f plan.Feature) error {
	s.begin()
	s.close()
	s.put(`<h3 id="%s" dir="auto">%s <span class="k">%s</span> <small>%s%s</small></h3>`+"\n", f.Key, e(f.Title), f.Key, e(string(f.Status)), tags(f.Labels))
	s.progress(f.TasksCompleted, f.TasksTotal)
	s.needs(f.DependsOn)
	s.facts("p", append(dates(f.Due, f.Defer), facts(f.Fields, f.Links, f.Refs)...))
	s.text(f.Description)
	return s.err
}

func tags(labels []string) string {
	if len(labels) == 0 {
		return ""
	}
	return ", #" + e(strings.Join(labels, " #"))
}

func (s *sheet) progress(done, total int) {
	if total > 0 {
		s.put(`<p><progress max="%d" value="%d"></progress> %d of %d done</p>`+"\n", total, done, done, total)
	}
}

func (s *sheet) needs(on []plan.Key) {
	if len(on) > 0 {
		s.put("<p>Depends on %s</p>\n", links(on))
	}
}

func links(on []plan.Key) string {
	words := make([]string, len(on))
	for n, k := range on {
		words[n] = fmt.Sprintf(`<a class="k" href="#%s">%s</a>`, k, k)
	}
	return strings.Join(words, ", ")
}

// facts writes those that have a value, in an element.
func (s *sheet) facts(tag string, all [][2]string) {
	if text := joined(all); text != "" {
		s.put("<%s dir=\"auto\"><small>%s</small></%s>\n", tag, e(text), tag)
	}
}

// text writes a text as it is, folded away where it is long.
func (s *sheet) text(text string) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
	case len(text) < 400:
		s.put(`<div class="t" dir="auto">%s</div>`+"\n", e(text))
	default:
		s.put(`<details><summary>Description</summary><div class="t" dir="auto">%s</div></details>`+"\n", e(text))
	}
}

func (s *sheet) task(t plan.Task) error {
	s.begin()
	if !s.table {
		s.table = true
		s.put("<table><thead><tr><th>Key<th>Task<th>Status<th>Priority<th>Who<th>Due</thead>\n")
	}
	class := ""
	if t.Done() {
		class = ` class="done"`
	}
	s.put(`<tr%s id="%s"><td class="k">%s<td dir="auto">%s`, class, t.Key, t.Key, e(t.Title))
	if t.Kind != "" || len(t.Labels) > 0 {
		s.put(" <small>%s</small>", strings.TrimPrefix(strings.TrimPrefix(e(t.Kind)+tags(t.Labels), ","), " "))
	}
	if t.BlockedReason != "" {
		s.put(`<br><i dir="auto">%s</i>`, e(t.BlockedReason))
	}
	if len(t.DependsOn) > 0 {
		s.put("<br><small>depends on %s</small>", links(t.DependsOn))
	}
	for _, c := range t.Checks {
		s.put("<br>%s %s", map[bool]string{true: "&#9745;", false: "&#9744;"}[c.Done], e(c.Text))
	}
	s.facts("div", append(dates("", t.Defer), taskFacts(t)...))
	s.text(t.Description)
	who := t.AssignedAgent
	if who == "" {
		who = t.Assignee
	}
	s.put("<td class=\"s\">%s<td>%d<td>%s<td class=\"s\">%s</tr>\n", e(strings.ReplaceAll(string(t.Status), "_", " ")), t.Priority, e(who), e(string(t.Due)))
	return s.err
}

func (s *sheet) end() error {
	s.begin()
	s.close()
	s.put("</html>\n")
	return s.err
}
