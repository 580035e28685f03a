package tracker

import (
	"context"
	"strings"

	"pm/internal/plan"
	"pm/internal/store"
)

// AddNote is the input of Tracker.AddNote.
type AddNote struct {
	Key  string `json:"key" jsonschema:"key of an epic, a feature or a task; plan means the plan itself" arg:"key"`
	Body string `json:"body" jsonschema:"the text, Markdown" arg:"text"`
	Kind string `json:"kind,omitempty" jsonschema:"comment (the default), decision, handoff, solution, evidence or memory" short:"k"`
}

// AddNote adds a note to an item, or to the plan itself. Anyone may; the
// holder's note renews the lease.
func (t *Tracker) AddNote(ctx context.Context, in AddNote) (plan.Note, error) {
	key, err := noteKey(in.Key)
	kind, kindErr := plan.ParseNoteKind(in.Kind)
	if kind == plan.Question {
		kindErr = plan.Errorf(plan.Refused, "cannot add a question with pm note").WithCode("bad_note_kind").WithHint(`pm ask %s "…"`, in.Key)
	}
	if kindErr != nil && kind != plan.Question {
		kindErr = unknownKind(in.Kind)
	}
	if err := firstError(err, kindErr, checkNote(key, in.Body)); err != nil {
		return plan.Note{}, err
	}
	return write(ctx, t, call{"note add", in}, func(tx *store.Tx) (plan.Note, error) {
		item, err := lockRow(tx, key)
		if err != nil {
			return plan.Note{}, err
		}
		return writeNote(tx, &item, plan.Note{Kind: kind, Body: in.Body})
	})
}

// noteKey reads of what a note is: of an item of any level, or of the plan
// itself, whose key is the zero key.
func noteKey(s string) (plan.Key, error) {
	if plan.IsPlanWord(s) {
		return plan.Key{}, nil
	}
	return plan.ParseKey(s)
}

// unknownKind refuses a word that is no kind of a note that can be written.
func unknownKind(s string) error {
	kinds := make([]string, 0, 8)
	for _, k := range plan.WrittenNoteKinds() {
		kinds = append(kinds, string(k))
	}
	return plan.Errorf(plan.Invalid, "unknown note kind %q", s).WithCode("bad_note_kind").WithHint("use one of %s", strings.Join(kinds, ", "))
}

// checkNote refuses what cannot be a note on an item.
func checkNote(k plan.Key, body string) error {
	if err := plan.CheckText("note", body); err != nil {
		return err
	}
	if strings.TrimSpace(body) == "" {
		return plan.Errorf(plan.Invalid, "note is empty").WithCode("bad_note").
			WithHint(`pm note %s "what you found"`, plan.NoteTarget(k))
	}
	return nil
}

// writeNote adds a note to an item that is locked, under the next number.
func writeNote(tx *store.Tx, item *Item, n plan.Note) (plan.Note, error) {
	_, _, _, updated := item.record()
	n.Key, n.N = item.Key(), *item.lastNote()+1
	if err := tx.WriteNote(&n, updated); err != nil {
		return n, err
	}
	saved, err := saveItem(tx, *item, plan.History{Change: plan.Change{"note": {nil, n.Written()}}}, func(i Item) { *i.lastNote() = n.N })
	*item = saved
	return n, err
}

// ListNotes is the input of Tracker.ListNotes.
type ListNotes struct {
	Key  string `json:"key" jsonschema:"key of an epic, a feature or a task; plan means the plan itself" arg:"key"`
	AsOf string `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// Notes is the answer of Tracker.ListNotes, oldest first. Complete is its end:
// nothing of it is missing.
type Notes struct {
	Items    []plan.Note `json:"items"`
	Complete bool        `json:"complete"`
}

// ListNotes returns the notes of an item.
func (t *Tracker) ListNotes(ctx context.Context, in ListNotes) (all Notes, err error) {
	all.Items = []plan.Note{}
	err = t.ListNotesInParts(ctx, in, func(part Notes) error {
		all.Items, all.Complete = append(all.Items, part.Items...), part.Complete
		return nil
	})
	return all, err
}

// ListNotesInParts is ListNotes in parts.
func (t *Tracker) ListNotesInParts(ctx context.Context, in ListNotes, emit func(Notes) error) error {
	key, err := noteKey(in.Key)
	if err != nil {
		return err
	}
	return lookAt(ctx, t, in.AsOf, func(tx *store.Tx) error {
		if err := itemExists(tx, key); err != nil {
			return err
		}
		p := pager[plan.Note, struct{}]{emit: func(part Page[plan.Note]) error {
			return emit(Notes{part.Items, part.Complete})
		}}
		return p.all(func(add func([]plan.Note) error) error { return tx.EachNote(key, add) })
	})
}

// Join writes a part of the notes behind those before it, as JSON.
func (n Notes) Join(j *plan.Joiner) { Page[plan.Note]{Items: n.Items, Complete: n.Complete}.Join(j) }
