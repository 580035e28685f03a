package render

import (
	"strconv"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/tracker"
)

// diagnosis writes each check with what it found: for people marks, in a pipe
// a line for the check and one for each flaw.
func (p *printer) diagnosis(d tracker.Diagnosis) {
	width := 0
	for _, c := range d.Checks {
		width = max(width, term.Width(c.Name))
	}
	for _, c := range d.Checks {
		verdict, style := "ok", term.Green
		switch {
		case c.Fixed && len(c.Flaws) == 0:
			verdict = "ok, rebuilt"
		case c.Fixed:
			verdict = strconv.Itoa(len(c.Flaws)) + " repaired"
		case len(c.Flaws) > 0:
			verdict, style = strconv.Itoa(len(c.Flaws))+" wrong", term.Red
		}
		if p.out.Terminal {
			p.WriteString(term.Clean(c.Name) + strings.Repeat(" ", width-term.Width(c.Name)+2) + p.out.Paint(style, verdict) + "\n")
		} else {
			p.row(c.Name, verdict)
		}
		for _, f := range c.Flaws {
			switch {
			case !p.out.Terminal:
				p.row("flaw", f.Key.String(), f.Text, c.Severity, c.Meaning, c.Mend)
			case f.Key.IsZero():
				p.para(style, indent, term.Clean(f.Text))
			default:
				p.para(style, indent, f.Key.String()+": "+term.Clean(f.Text))
			}
		}
		if p.out.Terminal && c.Meaning != "" {
			p.para(term.Dim, indent, term.Clean(c.Severity+": "+c.Meaning))
			p.para(term.Dim, indent, term.Clean("mend: "+c.Mend))
		}
	}
	if p.out.Terminal {
		p.para(term.Dim, 0, term.Clean(d.Library))
	} else {
		d.Trash = nil // its line would look like that of the check
	}
	p.besideLines(d.Trash, d.Backup)
}
