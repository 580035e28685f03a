package render

import (
	"strconv"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/plan"
)

// checklist writes the lines of a checklist, each with its number.
func (p *printer) checklist(checks []plan.Check) {
	if len(checks) == 0 {
		return
	}
	p.section("checks " + plan.CheckProgress(checks))
	for _, c := range checks {
		box := "[ ] "
		words := strconv.Itoa(c.N) + " " + term.Clean(c.Text)
		if c.Done {
			box = "[x] "
			words += p.out.Paint(term.Dim, " ("+term.Clean(c.By)+tickedAt(p, c)+")")
		}
		p.para(0, indent, box+words)
	}
}

func tickedAt(p *printer, c plan.Check) string {
	if c.At == nil {
		return ""
	}
	return ", " + term.Ago(p.now, *c.At)
}

// checkRows writes a checklist for a pipe: how far it is, then a line for each
// of its lines.
func (p *printer) checkRows(checks []plan.Check) {
	if len(checks) == 0 {
		return
	}
	p.row("checks", plan.CheckProgress(checks))
	for _, c := range checks {
		box := "open"
		if c.Done {
			box = "done"
		}
		p.row("check", strconv.Itoa(c.N), box, c.Text, c.By)
	}
}

// checkWords says what a record changes of a checklist.
func checkWords(v [2]any) string {
	old, now := map[int]plan.CheckChange{}, map[int]bool{}
	for _, c := range plan.AsChecks(v[0]) {
		old[c.N] = c
	}
	var words []string
	for _, c := range plan.AsChecks(v[1]) {
		now[c.N] = true
		n := "check " + strconv.Itoa(c.N)
		before, was := old[c.N]
		switch {
		case !was:
			words = append(words, "added "+n+" "+valueText("title", c.Text))
		case c.Text != nil:
			words = append(words, "changed "+n)
		case c.Done && !before.Done:
			words = append(words, "ticked "+n)
		case before.Done:
			words = append(words, "unticked "+n)
		}
	}
	for _, c := range plan.AsChecks(v[0]) {
		if !now[c.N] {
			words = append(words, "removed check "+strconv.Itoa(c.N))
		}
	}
	return strings.Join(words, ", ")
}
