package store

import (
	"errors"
	"slices"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

const noteColumns = "n, agent, kind, body, created_at, hidden, session, asked_to, choices, hold, answer, answered_by, answered_at, untold"

func noteFields(n *plan.Note) []any {
	return []any{&n.N, &n.Agent, &n.Kind, &n.Body, db.Stamp(&n.CreatedAt), db.Flag(&n.Hidden), db.Text(&n.Session), db.Text(&n.To), wordList{&n.Choices}, db.Flag(&n.Hold),
		db.Text(&n.Answer), db.Text(&n.AnsweredBy), db.NullStamp(&n.AnsweredAt), db.Flag(&n.Untold)}
}

var (
	noteOf        = db.Named("note.of_item", `select id, item_id, `+noteColumns+` from notes where item_id = $1 order by n`)
	noteNewest    = db.Named("note.newest", `select id, item_id, `+noteColumns+` from notes where item_id = $1 order by n desc limit $2`)
	noteByNumber  = db.Named("note.by_number", `select id, item_id, `+noteColumns+` from notes where item_id = $1 and n = $2`)
	noteRewrite   = db.Named("note.rewrite", `update notes set body = $2, hidden = $3, answer = $4, answered_by = $5, answered_at = $6, untold = $7 where id = $1`)
	noteRemove    = db.Named("note.remove", `delete from notes where id = $1`)
	noteCount     = db.Named("note.count", `select count(*) from notes where item_id = $1`)
	noteMemories  = db.Named("note.memories", `select id, item_id, `+noteColumns+` from notes where item_id = 0 and kind = 'memory' and hidden = 0 order by n desc limit $1`)
	noteHidden    = db.Named("note.hidden", `select n from notes where item_id = 0 and kind = 'memory' and hidden = 1 order by n`)
	noteUntold    = db.Named("note.untold", `select id, item_id, `+noteColumns+` from notes where item_id = $1 and untold = 1 and agent = $2 and coalesce(session, '') = $3 order by n`)
	noteUntoldTo  = db.Named("note.untold_to", `select id, item_id, `+noteColumns+` from notes where untold = 1 and agent = $1 and coalesce(session, '') = $2 order by created_at desc, id desc limit $3`)
	noteTold      = db.Named("note.told", `update notes set untold = 0 where item_id = $1 and n = $2 and untold = 1`)
	noteHolds     = db.Named("note.holds", `select count(*) from notes where item_id = $1 and kind = 'question' and answered_at is null and hold = 1`)
	noteQuestions = db.Named("note.questions", `select id, item_id, `+noteColumns+` from notes where item_id = $1 and kind = 'question' order by n desc limit $2`)
	taskAnswers   = db.Named("task.add_answers", `update tasks set answers = answers + $2 where id = $1`)
	noteBranch    = db.Named("doctor.notes_of_branch", `select id, item_id, `+noteColumns+` from notes
		where item_id in (select id from features where epic_id = $1 union all select id from epics where id = $1) order by item_id, n`)
	notesOfNone = db.Named("doctor.notes_of_none", `select count(*) from notes n where item_id <> 0 and not exists (select 1 from tasks where id = n.item_id)
		and not exists (select 1 from features where id = n.item_id) and not exists (select 1 from epics where id = n.item_id)`)
	noteRange = db.Named("doctor.notes", `select id, item_id, `+noteColumns+` from notes where item_id between $1 and $2 order by item_id, n`)
)

// WriteNote adds a note that the actor writes now, under the number that it
// has, to an item that was last changed at updated.
func (tx *Tx) WriteNote(n *plan.Note, updated time.Time) error {
	at, err := tx.At()
	if err != nil {
		return err
	}
	n.Agent, n.CreatedAt = tx.Actor().Name, latest(at, updated)
	return tx.PutNote(*n)
}

// RewriteNote writes anew what of a note can change: its text, its answer, and
// whether it is hidden.
func (tx *Tx) RewriteNote(n plan.Note) error {
	if _, err := tx.Exec(noteRewrite, n.ID, n.Body, db.Flag(&n.Hidden), db.Text(&n.Answer), db.Text(&n.AnsweredBy), db.NullStamp(&n.AnsweredAt), db.Flag(&n.Untold)); err != nil {
		return err
	}
	s := tx.engine.search
	return tx.Insert(s.notes, n.ID, s.noteDocument(n.Texts()...))
}

// RemoveNote removes a note. Its number is not given again.
func (tx *Tx) RemoveNote(n plan.Note) error {
	_, err := tx.Exec(noteRemove, n.ID)
	return err
}

// Note returns a note of an item by its number; plan.NotFound if there is none.
func (tx *Tx) Note(k plan.Key, n int) (plan.Note, error) {
	note, err := db.One(tx.Tx, noteByNumber, storedNote, k.Ordinal(), n)
	if errors.Is(err, db.ErrNoRow) {
		err = plan.Errorf(plan.NotFound, "%s has no note %d", k.Name(), n).WithCode("no_note").WithHint("to see its notes and their numbers: pm note list %s", plan.NoteTarget(k))
	}
	return note, err
}

// PutNote adds a note as it is, from an export.
func (tx *Tx) PutNote(n plan.Note) error {
	b := tx.NewBulk()
	if err := b.PutNote(n); err != nil {
		return err
	}
	return b.Flush()
}

// EachNote calls f with the notes of an item, oldest first, in parts.
func (tx *Tx) EachNote(k plan.Key, f func([]plan.Note) error) error {
	return eachPart(tx, noteOf, storedNote, noteSize, f, k.Ordinal())
}

// NewestNotes returns the last notes of an item, at most that many, oldest first.
func (tx *Tx) NewestNotes(k plan.Key, most int) ([]plan.Note, error) {
	notes, err := db.List(tx.Tx, noteNewest, storedNote, k.Ordinal(), most)
	slices.Reverse(notes)
	return notes, err
}

// CountNotes counts the notes of an item.
func (tx *Tx) CountNotes(k plan.Key) (int, error) { return tx.Count(noteCount, k.Ordinal()) }

// LastNotes returns, by item, the last note of these kinds. At most maxIn
// items can be named.
func (tx *Tx) LastNotes(keys []plan.Key, kinds ...plan.NoteKind) (map[plan.Key]plan.Note, error) {
	out := map[plan.Key]plan.Note{}
	if len(keys) == 0 {
		return out, nil
	}
	var w where
	ids := make([]int64, len(keys))
	for i, k := range keys {
		ids[i] = k.Ordinal()
	}
	in(&w, "item_id", ids)
	in(&w, "kind", kinds)
	sql := "select id, item_id, " + noteColumns + " from notes where id in (select max(id) from notes" + w.sql() + " group by item_id)"
	notes, err := db.List(tx.Tx, db.Named("note.last", sql), storedNote, w.args...)
	for _, n := range notes {
		out[n.Key] = n
	}
	return out, err
}

// Notes returns, oldest first, the notes of the items whose ids lie between
// first and last, by item.
func (tx *Tx) Notes(first, last int64) (map[plan.Key][]plan.Note, error) {
	return tx.notesBy(noteRange, first, last)
}

// notesBy returns the notes that a statement selects, by item.
func (tx *Tx) notesBy(s db.Stmt, args ...any) (map[plan.Key][]plan.Note, error) {
	notes, err := db.List(tx.Tx, s, storedNote, args...)
	out := map[plan.Key][]plan.Note{}
	for _, n := range notes {
		out[n.Key] = append(out[n.Key], n)
	}
	return out, err
}

func storedNote(n *plan.Note) []any {
	return append([]any{&n.ID, subject{&n.Key}}, noteFields(n)...)
}

// Memories returns the newest memories of the plan itself that are not hidden,
// newest first, at most that many.
func (tx *Tx) Memories(most int) ([]plan.Note, error) {
	return db.List(tx.Tx, noteMemories, storedNote, most)
}

// HiddenMemories returns the numbers of the memories of the plan that are hidden.
func (tx *Tx) HiddenMemories() ([]int, error) {
	return db.List(tx.Tx, noteHidden, func(n *int) []any { return []any{n} })
}
