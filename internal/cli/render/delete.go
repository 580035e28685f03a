package render

import (
	"strconv"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// deleted says what went and how to bring it back, or what would go: an answer
// that names no next command is that of a rehearsal.
func (p *printer) deleted(d tracker.Deleted) {
	rehearsed := len(d.NextCommands) == 0
	if !p.out.Terminal {
		p.row("key", d.Key.String())
		p.row("title", d.Title)
		p.goneRows(d.Deleted)
		if len(d.Dependants) > 0 {
			p.row("dependants", plan.JoinKeys(d.Dependants, ","))
		}
		if len(d.Held) > 0 {
			p.row("held", plan.JoinKeys(d.Held, ","))
		}
		return
	}
	verb, after := "deleted ", "no longer depends on it"
	if len(d.Dependants) > 1 {
		after = "no longer depend on it"
	}
	if rehearsed {
		verb, after = "would delete ", "would no longer depend on it (--force)"
	}
	p.para(0, 0, verb+d.Key.String()+" "+term.Clean(d.Title)+": "+goneWords(d.Deleted))
	if len(d.Dependants) > 0 {
		p.para(term.Yellow, 0, plan.JoinKeys(d.Dependants, ", ")+" "+after)
	}
	if len(d.Held) > 0 && rehearsed {
		p.para(term.Yellow, 0, plan.JoinKeys(d.Held, ", ")+" held by others (--force)")
	}
}

func goneWords(g tracker.Gone) string {
	return things(thing{g.Epics, "epic"}, thing{g.Features, "feature"}, thing{g.Tasks, "task"}, thing{g.Notes, "note"})
}

func (p *printer) goneRows(g tracker.Gone) {
	for _, t := range []thing{{g.Epics, "epics"}, {g.Features, "features"}, {g.Tasks, "tasks"}, {g.Notes, "notes"}} {
		p.row(t.noun, strconv.Itoa(t.n))
	}
}

// restored says what came back.
func (p *printer) restored(r tracker.Restored) {
	if !p.out.Terminal {
		p.row("key", r.Key.String())
		p.row("title", r.Title)
		p.goneRows(r.Restored)
		return
	}
	verb := "restored "
	if r.DryRun {
		verb = "would restore "
	}
	p.para(0, 0, verb+r.Key.String()+" "+term.Clean(r.Title)+": "+goneWords(r.Restored))
}

// redacted says what was removed.
func (p *printer) redacted(r tracker.Redacted) {
	what := r.Field
	if r.Note > 0 {
		what += " " + strconv.Itoa(r.Note)
	}
	if !p.out.Terminal {
		p.row("key", r.Key.String())
		p.row("redacted", what)
		p.row("records", strconv.Itoa(r.Records))
		return
	}
	p.para(0, 0, "redacted "+term.Clean(what)+" of "+r.Key.String()+", and in "+term.Plural(r.Records, "record")+" of its history")
}

// stillIn says where a redacted text may still be.
func (p *printer) stillIn(where []string) {
	for _, w := range where {
		p.para(term.Yellow, 0, "the text may still be in "+term.Clean(w))
	}
}
