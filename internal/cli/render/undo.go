package render

import (
	"pm/internal/cli/term"
	"pm/internal/tracker"
)

// undid writes what was taken back, or would be.
func (p *printer) undid(u tracker.Undone) {
	if !p.out.Terminal {
		p.changes(u.Changes, u.More)
		return
	}
	did := "undid "
	switch {
	case u.DryRun && u.Redo:
		did = "would redo "
	case u.DryRun:
		did = "would undo "
	case u.Redo:
		did = "redid "
	}
	for _, o := range u.Undone {
		p.para(0, 0, did+term.Clean(o.Command)+" by "+term.Clean(o.Agent)+", "+term.Ago(p.now, o.At))
	}
	p.changes(u.Changes, u.More)
}

// stayed says which fields stay as they are, because somebody has changed them
// again.
func (p *printer) stayed(u tracker.Undone) {
	for _, c := range u.Conflicts {
		p.talk(term.Yellow, c.Key.Name()+" "+term.Clean(c.Field)+" stays: "+term.Clean(c.Agent)+" changed it again")
	}
	if len(u.Changes) == 0 && len(u.Conflicts) > 0 {
		p.talk(0, "there is nothing else to undo")
	}
}
