package render

import (
	"strconv"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// excerpt is how many lines of its description the next task is shown with.
const excerpt = 6

// next writes the next task, shortly. When there is none, Footer says why.
func (p *printer) next(n tracker.NextTask) {
	if n.Task == nil {
		return
	}
	t := *n.Task
	if n.Context != nil {
		p.takenOver(takeovers(n.TakenOver))
		p.context(tracker.Context{Task: t, Around: *n.Context})
		return
	}
	if !p.out.Terminal {
		p.changedRow(t)
		p.takenOver(takeovers(n.TakenOver))
		p.firstThings(n.Standing, n.Handoff)
		return
	}
	p.title(t.Key, t.Title)
	p.takenOver(takeovers(n.TakenOver))
	p.firstThings(n.Standing, n.Handoff)
	p.field("priority", strconv.Itoa(t.Priority))
	p.field("type", t.AgentType)
	p.field("stage", t.Stage)
	p.field("file", t.FilePath)
	p.field("agent", p.holder(t))
	p.excerpt(t)
}

func (p *printer) excerpt(t plan.Task) {
	if strings.TrimSpace(t.Description) == "" {
		return
	}
	p.WriteByte('\n')
	if !p.body(t.Description, indent, excerpt) {
		p.para(term.Dim, indent, p.ellipsis()+" pm show "+t.Key.String())
	}
}

// noTask says why there is no next task.
func (p *printer) noTask(n tracker.NextTask) {
	if n.Task != nil {
		return
	}
	words := "no task available"
	if why := n.Why; why != nil {
		words += ": " + strings.Join([]string{
			term.Count(why.Held) + " held", term.Count(why.Waiting) + " waiting",
			term.Count(why.Blocked) + " blocked", term.Count(why.InReview) + " in review"}, ", ")
		if why.Inactive > 0 {
			words += ", " + term.Count(why.Inactive) + " in inactive or waiting epics and features"
		}
		if why.Assigned > 0 {
			words += ", " + term.Count(why.Assigned) + " assigned to others"
		}
		if why.Full > 0 {
			words += ", " + term.Count(why.Full) + " in stages that are full"
		}
		if why.Deferred > 0 {
			words += ", " + term.Count(why.Deferred) + " deferred"
			if at, ok := why.Until.Time(); ok {
				words += ", the first can start " + p.when(at)
			}
		}
	}
	p.talk(0, words)
}

func takeovers(t *tracker.Takeover) []tracker.Takeover {
	if t == nil {
		return nil
	}
	return []tracker.Takeover{*t}
}

// takenOver says from whom tasks were taken that somebody held.
func (p *printer) takenOver(all []tracker.Takeover) {
	for _, t := range all {
		until := ""
		if t.LeaseUntil != nil {
			until = utc(*t.LeaseUntil)
		}
		if !p.out.Terminal {
			p.row("taken over", t.Key.String(), t.From, until)
			continue
		}
		words := "taken over from " + term.Clean(t.From)
		if t.LeaseUntil != nil && !t.LeaseUntil.After(p.now) {
			words += ", lease expired " + term.Ago(p.now, *t.LeaseUntil)
		}
		if len(all) > 1 {
			words = t.Key.String() + " " + words
		}
		p.para(term.Yellow, indent, words)
	}
}

// elsewhere says how many tasks other sessions of the same name hold.
func (p *printer) elsewhere(n int) {
	if n == 0 {
		return
	}
	verb := "are"
	if n == 1 {
		verb = "is"
	}
	p.talk(0, term.Count(n)+" more "+verb+" held by other sessions of yours; to list them: pm list is:held")
}
