package tracker

import (
	"slices"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// A picker finds the operations that an undo takes back.
type picker struct {
	tx       *store.Tx
	undoings plan.Undoings
}

func newPicker(tx *store.Tx) (*picker, error) {
	u, err := tx.Undoings()
	return &picker{tx, u}, err
}

// undo returns what an undo is asked to take back, the last first.
func (p *picker) undo(in Undo, now time.Time) ([]plan.Operation, error) {
	switch {
	case in.To != "":
		return p.span(in, now)
	case in.ID == "":
		return p.last()
	}
	o, err := p.tx.FindOperation(in.ID)
	if err != nil {
		return nil, err
	}
	if by := p.undoings.By(o.ID); by != "" {
		return nil, plan.Errorf(plan.Conflict, "operation %s is already undone", o.ID).WithCode("already_undone").WithHint("to bring it back, undo what undid it: pm undo %s", by)
	}
	return []plan.Operation{o}, nil
}

// operationPage is how many operations are read at once, from the last on.
const operationPage = 500

// each calls f with the operations before another one, the last first, until it
// returns true.
func (p *picker) each(before plan.Operation, f func(plan.Operation) bool) error {
	for {
		page, err := p.tx.OperationPage(before, operationPage)
		if err != nil {
			return err
		}
		for _, o := range page {
			if f(o) {
				return nil
			}
		}
		if len(page) < operationPage {
			return nil
		}
		before = page[len(page)-1]
	}
}

// eachOwn is each for all operations of the actor.
func (p *picker) eachOwn(f func(plan.Operation) bool) error {
	actor := p.tx.Actor()
	return p.each(store.AfterAll, func(o plan.Operation) bool { return o.By(actor) && f(o) })
}

// last returns the actor's last operation that stands and takes nothing back.
func (p *picker) last() (found []plan.Operation, err error) {
	err = p.eachOwn(func(o plan.Operation) bool {
		if o.Undoes == "" && p.undoings.By(o.ID) == "" {
			found = append(found, o)
		}
		return len(found) > 0
	})
	if err == nil && len(found) == 0 {
		err = plan.Errorf(plan.NotFound, "nothing to undo: %s has no operations left to undo", p.who()).WithCode("nothing_to_undo").
			WithHint("to undo what others did: pm undo ID; to see it: pm ops")
	}
	return found, err
}

// redo returns the actor's last undo that stands, unless something else came after it.
func (p *picker) redo() (found []plan.Operation, err error) {
	err = p.eachOwn(func(o plan.Operation) bool {
		switch {
		case p.undoings.By(o.ID) != "" || p.undoings.Redoes(o):
			return false
		case o.Undoes != "":
			found = append(found, o)
		}
		return true
	})
	if err == nil && len(found) == 0 {
		err = plan.Errorf(plan.NotFound, "nothing to redo: the last operation of %s is not an undo", p.who()).WithCode("nothing_to_redo").WithHint("to see what was done: pm ops")
	}
	return found, err
}

// redoes reports whether taking back the operations redoes something.
func (p *picker) redoes(all []plan.Operation) bool {
	var o plan.Operation
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].ID
	}
	o.SetUndone(ids)
	return p.undoings.Redoes(o)
}

func (p *picker) who() string {
	a := p.tx.Actor()
	switch {
	case a.Session != "":
		return a.Name + " (this session)"
	case a.Surface != "":
		return a.Name + " (on " + a.Surface + ")"
	}
	return a.Name
}

// mostUndone is how many operations one undo takes back at most.
const mostUndone = 1000

// span returns the operations that stand from the one that is named last, or
// the last of all, back to another or to a moment.
func (p *picker) span(in Undo, now time.Time) ([]plan.Operation, error) {
	since, from, err := p.back(in.To, now)
	if err != nil {
		return nil, err
	}
	until := store.AfterAll
	if in.ID != "" {
		last, err := p.tx.FindOperation(in.ID)
		if err != nil {
			return nil, err
		}
		until = plan.Operation{Seq: last.Seq, ID: last.ID + "~"} // it itself, too
	}
	var all []plan.Operation
	err = p.each(until, func(o plan.Operation) bool {
		early := o.Seq < from.Seq || o.Seq == from.Seq && o.ID < from.ID
		if _, expired := o.Expired(); !early && !expired && !o.At.Before(since) {
			all = append(all, o)
		}
		return early || len(all) > 2*mostUndone
	})
	if err != nil {
		return nil, err
	}
	if len(all) > 2*mostUndone {
		return nil, plan.Errorf(plan.Refused, "too many operations to undo at once (maximum %d)", mostUndone).WithCode("too_many").WithHint("undo them in parts; to see them: pm ops")
	}
	if all = p.standing(all); len(all) == 0 {
		return nil, plan.Errorf(plan.NotFound, "nothing to undo: no operations since %s are left to undo", in.To).WithCode("nothing_to_undo").WithHint("to see what was done: pm ops")
	}
	return all, nil
}

// back reads the end of a span: an operation, or a moment.
func (p *picker) back(to string, now time.Time) (since time.Time, from plan.Operation, err error) {
	at, is, err := pastTime("to", to, now)
	switch {
	case err != nil:
		return at, from, err
	case is:
		return at, plan.Operation{Seq: store.SeqAt(at)}, nil
	}
	o, err := p.tx.FindOperation(to)
	if kindOf(err) == plan.NotFound {
		err = plan.Errorf(plan.Invalid, "%.40q is not an operation or a moment", to).WithCode("bad_operation").
			WithHint("%s", momentsHint)
	}
	return since, o, err
}

// standing leaves out of a span what was undone by an operation after it. What
// was undone within it is taken back with what undid it: so each finds the plan
// as it left it.
func (p *picker) standing(all []plan.Operation) []plan.Operation {
	in := map[string]bool{}
	for _, o := range all {
		in[o.ID] = true
	}
	return slices.DeleteFunc(all, func(o plan.Operation) bool { by := p.undoings.By(o.ID); return by != "" && !in[by] })
}
