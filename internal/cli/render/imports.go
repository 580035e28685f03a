package render

import (
	"slices"
	"strconv"

	"pm/internal/cli/term"
	"pm/internal/interchange"
	"pm/internal/tracker"
)

// mostFindings is how many findings of one severity a terminal shows.
const mostFindings = 20

// imported says what an import did, or would do, and what it found.
func (p *printer) imported(i tracker.Imported) {
	if !p.out.Terminal {
		p.importedRows(i)
		return
	}
	if found := sum(i.Found); found != "" && i.Form != "" {
		p.para(0, indent, term.Clean(i.Form)+": "+found)
	}
	create, update := "created ", "updated "
	if i.DryRun {
		create, update = "would create ", "would update "
	}
	created, updated, unchanged := sum(i.Created), sum(i.Changed), sum(i.Unchanged)
	if created != "" {
		p.para(0, 0, create+created)
	}
	if updated != "" {
		p.para(0, 0, update+updated)
	}
	if created+updated == "" {
		p.para(0, 0, "nothing to change")
	}
	if unchanged != "" {
		p.para(term.Dim, 0, "unchanged: "+unchanged)
	}
	if i.Files > 0 {
		p.para(term.Dim, 0, term.Plural(i.Files, "file")+" read")
	}
	for _, s := range severities(i.Findings) {
		p.findings(s, i.Findings)
	}
}

func sum(s tracker.Sum) string {
	return things(thing{s.Epics, "epic"}, thing{s.Features, "feature"}, thing{s.Tasks, "task"})
}

// severities returns those that occur, the gravest first.
func severities(findings []interchange.Finding) (out []interchange.Severity) {
	known := []interchange.Severity{interchange.Failed, interchange.Warning, interchange.Skipped, interchange.Info}
	for _, f := range findings {
		if !slices.Contains(known, f.Severity) {
			known = append(known, f.Severity)
		}
	}
	for _, s := range known {
		if slices.ContainsFunc(findings, func(f interchange.Finding) bool { return f.Severity == s }) {
			out = append(out, s)
		}
	}
	return out
}

func severityStyle(s interchange.Severity) term.Style {
	switch s {
	case interchange.Failed:
		return term.Red
	case interchange.Warning:
		return term.Yellow
	}
	return 0
}

// findings writes those of one severity under a heading.
func (p *printer) findings(s interchange.Severity, all []interchange.Finding) {
	var n int
	for _, f := range all {
		if f.Severity == s {
			n++
		}
	}
	p.WriteByte('\n')
	p.para(term.Bold|severityStyle(s), 0, term.Clean(string(s))+" ("+term.Count(n)+")")
	shown := 0
	for _, f := range all {
		if f.Severity == s && shown < mostFindings {
			shown++
			text := term.Clean(f.Message)
			if at := term.Clean(place(f)); at != "" && at != "." {
				text = at + ": " + text
			}
			p.para(0, indent, text)
		}
	}
	if n > shown {
		p.para(term.Dim, indent, p.ellipsis()+" and "+term.Count(n-shown)+" more (--json shows all)")
	}
}

// place returns path:line, or the path for a file as a whole.
func place(f interchange.Finding) string {
	if f.Line > 0 {
		return f.Path + ":" + strconv.Itoa(f.Line)
	}
	return f.Path
}

func (p *printer) importedRows(i tracker.Imported) {
	if i.DryRun {
		p.row("dry_run", "true")
	}
	if i.Form != "" {
		p.row("form", i.Form)
	}
	if (i.Created == tracker.Sum{}) && (i.Changed == tracker.Sum{}) {
		p.row("nothing to change")
	}
	for _, one := range []struct {
		name string
		sum  tracker.Sum
	}{{"created", i.Created}, {"updated", i.Changed}, {"unchanged", i.Unchanged}} {
		p.row(one.name, strconv.Itoa(one.sum.Epics), strconv.Itoa(one.sum.Features), strconv.Itoa(one.sum.Tasks))
	}
	if i.Files > 0 {
		p.row("files", strconv.Itoa(i.Files))
	}
	for _, s := range severities(i.Findings) {
		for _, f := range i.Findings {
			if f.Severity == s {
				p.row(string(s), place(f), f.Message)
			}
		}
	}
}

// formsList writes the forms that can be imported.
func (p *printer) formsList(forms []interchange.Listing) {
	for _, f := range forms {
		if !p.out.Terminal {
			p.row(f.Name, f.Mark, f.Docs)
			continue
		}
		p.para(term.Bold, 0, term.Clean(f.Name))
		p.para(0, indent, term.Clean(f.Docs))
		p.para(term.Dim, indent, "recognized by "+term.Clean(f.Mark))
	}
}
