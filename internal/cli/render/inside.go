package render

import (
	"strconv"

	"pm/internal/cli/term"
	"pm/internal/tracker"
)

// inside writes what goes on in an epic or a feature: on a terminal a list of
// each kind, for a pipe a line for each.
func (p *printer) inside(in tracker.Inside) {
	if !p.out.Terminal {
		for _, f := range in.Features {
			p.row("feature", f.Key.String(), string(f.Status), strconv.Itoa(f.Completed), strconv.Itoa(f.Total), f.Title)
		}
		for _, t := range in.Blocked {
			p.row("blocked", t.Key.String(), t.Title, t.Reason)
		}
		for _, t := range in.Held {
			p.row("held", t.Key.String(), t.Title, t.Agent)
		}
		return
	}
	p.insideList("features", len(in.Features), in.MoreFeatures, func(i int) string {
		f := in.Features[i]
		return f.Key.String() + "  " + percent(f.ProgressPct) + " of " + term.Plural(f.Total, "task") + "  " + term.Clean(f.Title)
	})
	p.insideList("blocked", len(in.Blocked), in.MoreBlocked, func(i int) string {
		t := in.Blocked[i]
		return t.Key.String() + "  " + term.Clean(t.Title) + ": " + term.Clean(t.Reason)
	})
	p.insideList("held", len(in.Held), in.MoreHeld, func(i int) string {
		t := in.Held[i]
		return t.Key.String() + "  " + term.Clean(t.Agent) + "  " + term.Clean(t.Title)
	})
}

// insideList writes a list under its name, and how much it leaves out.
func (p *printer) insideList(name string, n, more int, line func(int) string) {
	if n == 0 {
		return
	}
	p.section(name)
	for i := range n {
		p.para(0, indent, line(i))
	}
	if more > 0 {
		p.para(term.Dim, indent, "+"+term.Count(more)+" more")
	}
}
