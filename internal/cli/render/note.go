package render

import (
	"strings"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// notes writes the notes of one item.
func (p *printer) notes(notes []plan.Note) {
	switch {
	case !p.out.Terminal:
		for _, n := range notes {
			p.row(append([]string{noteSubject(n.Key), utc(n.CreatedAt), noteKind(n), n.Agent, n.Body}, noteAnswer(n)...)...)
		}
	case len(notes) == 0:
		p.none("no notes")
	default:
		if !p.behind {
			p.section(noteSubject(notes[0].Key))
		}
		p.noteList(notes)
	}
}

// noteSubject names what a note is of.
func noteSubject(k plan.Key) string {
	if k.IsZero() {
		return "plan"
	}
	return k.String()
}

// noteKind names the kind of a note, and whether it is hidden from prime.
func noteKind(n plan.Note) string {
	if n.Hidden {
		return string(n.Kind) + ", not accepted"
	}
	return string(n.Kind)
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
		p.para(term.Cyan, indent, term.Clean(noteKind(n))+" by "+term.Clean(n.Agent)+", "+term.Ago(p.now, n.CreatedAt))
		p.body(n.Body, 2*indent, 0)
		if n.AnsweredAt != nil {
			p.para(term.Green, 2*indent, "answered by "+term.Clean(n.AnsweredBy)+", "+term.Ago(p.now, *n.AnsweredAt))
			p.body(n.Answer, 2*indent, 0)
		}
	}
}

// noteAnswer are the columns of the answer to a question; other notes have none.
func noteAnswer(n plan.Note) []string {
	if n.AnsweredAt == nil {
		return nil
	}
	return []string{n.AnsweredBy, n.Answer}
}

// noted writes the notes of an epic or a feature behind its card.
func (p *printer) noted(n tracker.Noted, k plan.Key) {
	if p.out.Terminal {
		p.noteSection("notes", n.Notes)
	} else {
		p.noteRows("notes", n.Notes)
	}
	p.notesMore(n.MoreNotes, k)
}

// noteRows writes notes among other records, for a pipe.
func (p *printer) noteRows(field string, notes []plan.Note) {
	for _, n := range notes {
		p.row(append([]string{field, utc(n.CreatedAt), string(n.Kind), n.Agent, n.Body}, noteAnswer(n)...)...)
	}
}

// notesMore says how many notes a context leaves out.
func (p *printer) notesMore(n int, k plan.Key) {
	switch {
	case n == 0:
	case p.out.Terminal:
		p.para(term.Dim, indent, "+"+term.Count(n)+" more: pm note list "+k.String())
	default:
		p.row("more_notes", term.Count(n), "pm note list "+k.String())
	}
}

// firstThings writes what the holder of a task must know before the task
// itself: why it was sent back, and what was handed over.
func (p *printer) firstThings(back tracker.Standing, handoff *plan.Note) {
	p.standing(back)
	if handoff == nil {
		return
	}
	if p.out.Terminal {
		p.para(term.Cyan, 0, "handed off by "+term.Clean(handoff.Agent)+", "+term.Ago(p.now, handoff.CreatedAt))
		p.body(handoff.Body, indent, 0)
		return
	}
	p.row("handoff", utc(handoff.CreatedAt), handoff.Agent, handoff.Body)
}

// standing says why a task that was in review or done is to be worked on again,
// and why it is not offered as work.
func (p *printer) standing(s tracker.Standing) {
	for _, one := range []struct{ name, reason string }{{"rejected", s.Rejected}, {"reopened", s.Reopened}, {"not offered", s.NotOffered}} {
		switch {
		case one.reason == "":
		case p.out.Terminal:
			p.para(term.Red, 0, one.name+": "+term.CleanText(one.reason))
		default:
			p.row(strings.ReplaceAll(one.name, " ", "_"), one.reason)
		}
	}
}
