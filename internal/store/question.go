package store

import (
	"slices"

	"pm/internal/db"
	"pm/internal/plan"
)

// openTerms are the questions that nobody has answered, as idx_notes_open has them.
const openTerms = "kind = 'question' and answered_at is null"

// mostOpen is up to how many open questions are counted.
const mostOpen = 1000

// OpenQuestions returns the oldest questions that nobody has answered, at most
// limit, 0 for all, and how many more there are, up to mostOpen. With to it is
// those for that agent and those for anyone.
func (tx *Tx) OpenQuestions(to string, limit int) (notes []plan.Note, more int, err error) {
	var w where
	w.add(openTerms)
	if to != "" {
		w.add("(asked_to is null or asked_to = " + w.arg(to) + ")")
	}
	sql := "select id, item_id, " + noteColumns + " from notes" + tx.engine.Use("idx_notes_open") + w.sql() + " order by created_at, id"
	if limit > 0 {
		sql += " limit " + w.arg(limit+mostOpen)
	}
	notes, err = db.List(tx.Tx, db.Named("note.open", sql), storedNote, w.args...)
	if limit > 0 && len(notes) > limit {
		more = len(notes) - limit
		notes = notes[:limit]
	}
	return notes, more, err
}

// CountAskedOf counts the open questions for an agent by name, up to mostOpen.
func (tx *Tx) CountAskedOf(agent string) (int, error) {
	return tx.Count(db.Named("note.count_open", "select count(*) from (select 1 from notes"+tx.engine.Use("idx_notes_open")+" where "+openTerms+" and asked_to = $1 limit $2) counted"), agent, mostOpen)
}

// Questions returns the newest questions on an item, at most that many, oldest first.
func (tx *Tx) Questions(k plan.Key, most int) ([]plan.Note, error) {
	notes, err := db.List(tx.Tx, noteQuestions, storedNote, k.Ordinal(), most)
	slices.Reverse(notes)
	return notes, err
}

// CountHolds counts the open questions that hold a task.
func (tx *Tx) CountHolds(k plan.Key) (int, error) { return tx.Count(noteHolds, k.Ordinal()) }

// Untold returns the answers to questions of the actor on an item of which it
// was not told yet.
func (tx *Tx) Untold(k plan.Key, a plan.Actor) ([]plan.Note, error) {
	return db.List(tx.Tx, noteUntold, storedNote, k.Ordinal(), a.Name, a.Session)
}

// UntoldTo is Untold on whatever item, the newest first, at most that many.
func (tx *Tx) UntoldTo(a plan.Actor, most int) ([]plan.Note, error) {
	return db.List(tx.Tx, noteUntoldTo, storedNote, a.Name, a.Session, most)
}

// SetTold keeps that the askers of questions on a locked item know the answers:
// which is no change of the item, and not recorded.
func (tx *Tx) SetTold(k plan.Key, notes []plan.Note) error {
	told := 0
	for _, n := range notes {
		rows, err := tx.Exec(noteTold, k.Ordinal(), n.N)
		if err != nil {
			return err
		}
		told += int(rows)
	}
	if told == 0 || k.Level() != plan.LevelTask {
		return nil
	}
	return tx.AddAnswers(k, -told)
}

// AddAnswers adds to the number of answers on a task that its askers were not
// told of.
func (tx *Tx) AddAnswers(task plan.Key, n int) error {
	_, err := tx.Exec(taskAnswers, task.Ordinal(), n)
	return err
}

// wrongAnswers are the tasks whose number of answers is not that of their notes.
const wrongAnswers = `(answers <> 0 or id in (select item_id from notes where untold = 1))
	and answers <> (select count(*) from notes n where n.item_id = tasks.id and n.untold = 1)`

// countedAnswers sets the number to that of the notes.
const countedAnswers = `update tasks set answers = (select count(*) from notes n where n.item_id = tasks.id and n.untold = 1) where `

var (
	answersWrong  = db.Named("doctor.answers", `select key from tasks where `+wrongAnswers+` order by id`)
	answersRight  = db.Named("doctor.count_answers", countedAnswers+wrongAnswers)
	answersLoaded = db.Named("note.count_answers", countedAnswers+`id in (select item_id from notes where untold = 1)`)
)

// AnswerFlaws finds tasks of which the number of answers that their askers were
// not told of is kept wrongly.
func (tx *Tx) AnswerFlaws() ([]Flaw, error) {
	keys, err := db.List(tx.Tx, answersWrong, func(k *plan.Key) []any { return []any{keyText{k}} })
	return each(keys, func(k plan.Key) Flaw {
		return Flaw{k, "the stored number of unseen answers does not match its questions"}
	}), err
}

// MendAnswers counts them anew wherever they are wrong.
func (tx *Tx) MendAnswers() error {
	_, err := tx.Exec(answersRight)
	return err
}

// CountAnswers counts them where there are any: those of tasks that were just
// imported are 0 so far.
func (tx *Tx) CountAnswers() error {
	_, err := tx.Exec(answersLoaded)
	return err
}
