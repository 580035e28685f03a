package render

import (
	"strings"

	"pm/internal/cli/term"
	"pm/internal/plan"
)

const (
	labelWidth = 12 // cells of a card before its values
	indent     = 2  // cells before the lines of a text
)

// narrow reports whether a value goes under its label.
func (p *printer) narrow() bool { return p.out.Width < 30 }

// tight reports whether bars and columns of second rank are left out.
func (p *printer) tight() bool { return p.out.Width < 60 }

// title writes the first line of a card.
func (p *printer) title(k plan.Key, title string) {
	p.para(term.Bold, 0, k.String()+"  "+term.Clean(title))
}

// field writes a label and its value, or nothing where the value is empty.
func (p *printer) field(label, value string) { p.styled(label, 0, value) }

func (p *printer) styled(label string, style term.Style, value string) {
	value = term.Clean(value)
	if value == "" {
		return
	}
	if p.narrow() {
		p.WriteString(p.out.Paint(term.Dim, label) + "\n")
		p.para(style, indent, value)
		return
	}
	head := p.out.Paint(term.Dim, label) + strings.Repeat(" ", max(1, labelWidth-term.Width(label)))
	for _, line := range p.wrap(value, labelWidth) {
		p.WriteString(head + p.out.Paint(style, line) + "\n")
		head = strings.Repeat(" ", labelWidth)
	}
}

// para writes clean text, wrapped, with its further lines set in by two more
// cells than the first.
func (p *printer) para(style term.Style, in int, text string) {
	lead := strings.Repeat(" ", in)
	for _, line := range p.wrap(text, in+indent) {
		if line != "" {
			line = lead + p.out.Paint(style, line)
		}
		p.WriteString(line + "\n")
		lead = strings.Repeat(" ", in+indent)
	}
}

// body writes a text of several lines, set in, or as many lines of it as most
// allows, and reports whether that was all. With most 0 it writes all.
func (p *printer) body(text string, in, most int) (all bool) {
	text = strings.TrimLeft(strings.TrimRight(text, " \t\r\n"), "\r\n")
	if text == "" {
		return true
	}
	for i, line := range p.wrap(term.CleanText(text), in) {
		if most > 0 && i == most {
			return false
		}
		if line != "" {
			line = strings.Repeat(" ", in) + line
		}
		p.WriteString(line + "\n")
	}
	return true
}

// wrap returns the lines of clean text that stand behind in cells.
func (p *printer) wrap(text string, in int) []string {
	return strings.Split(term.Wrap(text, max(1, p.out.Width-in)), "\n")
}

// description writes the text that ends a card.
func (p *printer) description(text string) {
	if strings.TrimSpace(text) != "" {
		p.WriteByte('\n')
		p.body(text, indent, 0)
	}
}

// section begins a part behind a card, or on a page of parts.
func (p *printer) section(name string) {
	if p.Len() > 0 {
		p.WriteByte('\n')
	}
	p.para(term.Bold, 0, name)
}

func (p *printer) ellipsis() string {
	if p.out.Unicode {
		return "…"
	}
	return "..."
}
