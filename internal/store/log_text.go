package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

var (
	contentOf    = db.Named("content.of_item", `select body from contents where item_id = $1 and digest = $2`)
	noteAnswerOf = db.Named("note.answer_text", `select coalesce(answer, '') from notes where item_id = $1 and n = $2`)
	noteBodyOf   = db.Named("note.body", `select body from notes where item_id = $1 and n = $2`)
)

// InlineTexts puts the texts of notes, titles, paths and reasons into a record
// that names them by their digests: those of at most that many bytes, as far
// as the plan still has them. The hash of the record stays right.
func (tx *Tx) InlineTexts(h *plan.History, most int) error {
	for field, v := range h.Change {
		for side := range v {
			inlined, err := tx.inlined(h.Key, field, v[side], most)
			if err != nil {
				return err
			}
			v[side] = inlined
		}
		h.Change[field] = v
	}
	return nil
}

func (tx *Tx) inlined(k plan.Key, field string, v any, most int) (any, error) {
	if note, is := plan.AsNote(v); is && field == "note" {
		body, err := tx.inlinedText(k, note.Body, most, func() (string, error) { return tx.noteText(noteBodyOf, k, note.N) })
		if note.Body = body; err == nil && note.Answer != nil {
			note.Answer, err = tx.inlinedText(k, note.Answer, most, func() (string, error) { return tx.noteText(noteAnswerOf, k, note.N) })
		}
		return note, err
	}
	if field == "description" { // which a log does not show
		return v, nil
	}
	return tx.inlinedText(k, v, most, func() (string, error) { return tx.presentText(k, field) })
}

// inlinedText returns the text that v stands for, or v: a former text of the
// item, or what present returns, if it is that text.
func (tx *Tx) inlinedText(k plan.Key, v any, most int, present func() (string, error)) (any, error) {
	t, is := plan.AsText(v)
	if !is || t.Redacted || t.Bytes > most {
		return v, nil
	}
	var body string
	found, err := tx.ScanOne(contentOf, []any{&body}, k.Ordinal(), t.Digest)
	if err == nil && !found {
		body, err = present()
	}
	if err != nil || plan.Digest(body) != t.Digest {
		return v, err
	}
	return body, nil
}

func (tx *Tx) noteText(s db.Stmt, k plan.Key, n int) (text string, err error) {
	_, err = tx.ScanOne(s, []any{&text}, k.Ordinal(), n)
	return text, err
}

// presentText returns a text of the item as it is now; empty if it is gone.
func (tx *Tx) presentText(k plan.Key, field string) (string, error) {
	var title, path, reason string
	var err error
	switch k.Level() {
	case plan.LevelEpic:
		var e plan.Epic
		e, err = tx.Epic(k)
		title = e.Title
	case plan.LevelFeature:
		var f plan.Feature
		f, err = tx.Feature(k)
		title = f.Title
	default:
		var t plan.Task
		t, err = tx.Task(k)
		title, path, reason = t.Title, t.FilePath, t.BlockedReason
	}
	if err != nil && plan.KindOf(err) == plan.NotFound {
		err = nil
	}
	return map[string]string{"title": title, "file_path": path, "blocked_reason": reason}[field], err
}
