package render

import (
	"fmt"
	"strconv"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/tracker"
)

// explanation writes the statements of a command: on a terminal each with its
// plan below it, in a pipe one a line: name, calls, verdict, plan, text.
func (p *printer) explanation(e tracker.Explanation) {
	for _, s := range e.Statements {
		if !p.out.Terminal {
			p.row(s.Name, strconv.Itoa(s.Calls), s.Verdict, strings.Join(s.Lines, "; "), s.SQL)
			continue
		}
		calls := ""
		if s.Calls > 1 {
			calls = fmt.Sprintf(" (%d times)", s.Calls)
		}
		p.para(term.Bold, 0, term.Clean(s.Name)+calls)
		p.para(term.Dim, indent, term.Clean(s.SQL))
		for _, line := range s.Lines {
			p.para(0, 2*indent, term.Clean(line))
		}
		style := term.Green
		if s.Scans {
			style = term.Red
		}
		p.para(style, indent, term.Clean(s.Verdict))
	}
	if p.out.Terminal {
		p.explainedAll(e)
	}
}

func (p *printer) explainedAll(e tracker.Explanation) {
	switch {
	case len(e.Statements) == 0:
		p.WriteString("it runs no statements\n")
	case e.Scans == 0:
		p.para(term.Green, 0, "no table that grows is scanned")
	default:
		p.para(term.Red, 0, fmt.Sprintf("%d of %d statements scan a table that grows", e.Scans, len(e.Statements)))
	}
}
