package tracker

import (
	"context"
	"strings"

	"pm/internal/plan"
	"pm/internal/store"
)

// AddNote is the input of Tracker.AddNote.
type AddNote struct {
	Key  string `json:"key" jsonschema:"key of the task" arg:"key"`
	Body string `json:"body" jsonschema:"the text, markdown" arg:"text"`
	Kind string `json:"kind,omitempty" jsonschema:"comment (the default), decision, handoff, solution or question" short:"k"`
}

// AddNote writes a note down with a task. Anyone may; the holder's note
// renews the lease.
func (t *Tracker) AddNote(ctx context.Context, in AddNote) (plan.Note, error) {
	key, err := keyAt(plan.LevelTask, in.Key)
	kind, kindErr := plan.ParseNoteKind(in.Kind)
	if err := firstError(err, kindErr, checkNote(key, in.Body)); err != nil {
		return plan.Note{}, err
	}
	return write(ctx, t, call{"note add", in}, func(tx *store.Tx) (plan.Note, error) {
		task, err := tx.LockTask(key)
		if err != nil {
			return plan.Note{}, err
		}
		return writeNote(tx, &task, kind, in.Body)
	})
}

// checkNote refuses what cannot be a note on a task.
func checkNote(k plan.Key, body string) error {
	if err := plan.CheckText("note", body); err != nil {
		return err
	}
	if strings.TrimSpace(body) == "" {
		return plan.Errorf(plan.Invalid, "note is empty").WithCode("bad_note").
			WithHint(`pm note %s "what you found", or - to read it from stdin`, k)
	}
	return nil
}

// writeNote writes a note down with a task that is locked.
func writeNote(tx *store.Tx, task *plan.Task, kind plan.NoteKind, body string) (plan.Note, error) {
	before, n := *task, plan.Note{Kind: kind, Body: body}
	if err := renewHeld(tx, task); err != nil {
		return n, err
	}
	return n, tx.AddNote(before, task, &n)
}

// ListNotes is the input of Tracker.ListNotes.
type ListNotes struct {
	Key string `json:"key" jsonschema:"key of the task" arg:"key"`
}

// Notes is the answer of Tracker.ListNotes, oldest first. Complete is its end:
// nothing of it is missing.
type Notes struct {
	Items    []plan.Note `json:"items"`
	Complete bool        `json:"complete"`
}

// ListNotes returns the notes of a task.
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
	key, err := keyAt(plan.LevelTask, in.Key)
	if err != nil {
		return err
	}
	return look(ctx, t, func(tx *store.Tx) error {
		if _, err := tx.Task(key); err != nil {
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
