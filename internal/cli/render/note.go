package render

import (
	"pm/internal/cli/term"
	"pm/internal/plan"
)

// notes writes the notes of one task.
func (p *printer) notes(notes []plan.Note) {
	switch {
	case !p.out.Terminal:
		for _, n := range notes {
			p.row(n.Key.String(), utc(n.CreatedAt), string(n.Kind), n.Agent, n.Body)
		}
	case len(notes) == 0:
		p.WriteString("no notes\n")
	default:
		p.section(notes[0].Key.String())
		p.noteList(notes)
	}
}

// noteSection writes notes under a heading, for a terminal.
func (p *printer) noteSection(heading string, notes []plan.Note) {
	if len(notes) > 0 {
		p.section(heading)
		p.noteList(notes)
	}
}

func (p *printer) noteList(notes []plan.Note) {
	for _, n := range notes {
		p.para(term.Cyan, indent, term.Clean(string(n.Kind))+" by "+term.Clean(n.Agent)+", "+term.Ago(p.now, n.CreatedAt))
		p.body(n.Body, 2*indent, 0)
	}
}

// noteRows writes notes among other records, for a pipe.
func (p *printer) noteRows(field string, notes []plan.Note) {
	for _, n := range notes {
		p.row(field, utc(n.CreatedAt), string(n.Kind), n.Agent, n.Body)
	}
}
