package tracker

import (
	"context"

	"pm/internal/plan"
	"pm/internal/store"
)

// Undo is the input of Tracker.Undo.
type Undo struct {
	ID            string `json:"id,omitempty" jsonschema:"id of the operation; your last one that has not been undone yet if not given" arg:"id?"`
	To            string `json:"to,omitempty" jsonschema:"undo all operations back to this one, or since this time, whoever ran them: an id, 10:00, -2h, monday, 2026-11-01T10:00Z" ref:"-"`
	DryRun        bool   `json:"dry_run,omitempty" jsonschema:"if set, show what would change and change nothing"`
	SkipConflicts bool   `json:"skip_conflicts,omitempty" jsonschema:"if set, skip fields that were changed again since, and undo the rest"`
}

// Redo is the input of Tracker.Redo.
type Redo struct {
	DryRun        bool `json:"dry_run,omitempty" jsonschema:"if set, show what would change and change nothing"`
	SkipConflicts bool `json:"skip_conflicts,omitempty" jsonschema:"if set, skip fields that were changed again since, and redo the rest"`
}

// Undone is the answer of Tracker.Undo and Tracker.Redo.
type Undone struct {
	Undone    []plan.Operation    `json:"undone"`              // the operations that were taken back, the last first
	Redo      bool                `json:"redo,omitempty"`      // they had taken others back, which hold again
	DryRun    bool                `json:"dry_run,omitempty"`   // nothing was changed
	Changes   []FieldChange       `json:"changes"`             // what that changed
	More      int                 `json:"more,omitempty"`      // changes that are left out
	Conflicts []plan.UndoConflict `json:"conflicts,omitempty"` // what stayed as it is
	Warnings  []Warning           `json:"warnings,omitempty"`
}

// shownChanges is how many changes an Undone has at most.
const shownChanges = 200

// Undo takes operations back: it gives each field that they changed the value
// of before, if it still has the one of after. What was changed again since is
// a conflict, and then nothing is changed, unless SkipConflicts is set. Nothing
// of history is removed: an undo is an operation of its own, which Redo, or
// undoing it, takes back. It never hands back a claim.
func (t *Tracker) Undo(ctx context.Context, in Undo) (Undone, error) {
	if err := firstError(plan.CheckText("operation", in.ID), plan.CheckText("operation", in.To)); err != nil {
		return Undone{}, err
	}
	now, err := t.nowFor(ctx, in.To != "")
	if err != nil {
		return Undone{}, err
	}
	return t.undo(ctx, call{"plan undo", in}, in.DryRun, in.SkipConflicts, func(p *picker) ([]plan.Operation, error) { return p.undo(in, now) })
}

// Redo takes back the actor's last undo, unless the actor has changed something
// else since.
func (t *Tracker) Redo(ctx context.Context, in Redo) (Undone, error) {
	return t.undo(ctx, call{"plan redo", in}, in.DryRun, in.SkipConflicts, (*picker).redo)
}

func (t *Tracker) undo(ctx context.Context, c call, dryRun, skip bool, pick func(*picker) ([]plan.Operation, error)) (Undone, error) {
	run := func(tx *store.Tx) (out Undone, err error) {
		out.DryRun = dryRun
		// The time zone before the project and its items, as everybody locks them: what
		// is taken back may be of either, and the zone may be what was changed.
		if err := firstError(tx.LockZone(), tx.LockGraph()); err != nil {
			return out, err
		}
		p, err := newPicker(tx)
		if err != nil {
			return out, err
		}
		if out.Undone, err = pick(p); err != nil {
			return out, err
		}
		out.Redo = p.redoes(out.Undone)
		u := undoing{tx: tx, undoings: p.undoings}
		if err := u.run(out.Undone); err != nil {
			return out, err
		}
		out.Conflicts, out.Warnings = u.conflicts, u.warnings
		if len(u.conflicts) > 0 && !skip {
			return out, u.refuse(out)
		}
		out.Changes, out.More, err = u.changes()
		return out, err
	}
	if dryRun {
		return try(ctx, t, run)
	}
	return write(ctx, t, c, run)
}

// refuse says which fields cannot be taken back.
func (u *undoing) refuse(out Undone) error {
	first := u.conflicts[0]
	what := "undo"
	if out.Redo {
		what = "redo"
	}
	by := ""
	if first.Agent != "" {
		by = " by " + first.Agent
	}
	e := plan.Errorf(plan.Conflict, "cannot %s %s: %s of %s was changed again%s", what, out.Undone[0].Command, first.Field, first.Key.Name(), by)
	if n := len(u.conflicts); n > 1 {
		e = plan.Errorf(plan.Conflict, "cannot %s %s: %d fields were changed again, first %s of %s%s", what, out.Undone[0].Command, n, first.Field, first.Key.Name(), by)
	}
	e.Conflicts = u.conflicts
	hint := "to " + what + " the rest: "
	if len(out.Undone) == 1 {
		hint += "pm undo " + out.Undone[0].ID + " --skip-conflicts"
	} else {
		hint += "add --skip-conflicts"
	}
	if first.Operation != "" {
		hint = "to see the later change: pm ops show " + first.Operation + "; " + hint
	}
	return e.WithCode("undo_conflict").WithHint("%s", hint)
}
