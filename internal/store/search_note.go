package store

import (
	"math"
	"slices"

	"pm/internal/db"
	"pm/internal/plan"
)

// How the tasks are found of which a note matches. The index of notes gives
// them in the order in which they were written, and hits come by task. So few
// notes are collected and sorted; where there are many, the notes are gone
// through task by task instead until a page is full, which is not far then.
type noteBounds struct {
	few  int // notes to collect and sort
	walk int // notes to go through before collecting is tried, few or not
	step int // notes to read at once
}

func usualNoteBounds() noteBounds { return noteBounds{few: 5_000, walk: 20_000, step: 250} }

// searchNotes returns the hits of RankNote, at most limit, 0 for all: tasks
// that do not match by themselves, each with the first of its notes that does.
func (tx *Tx) searchNotes(f SearchFilter, q search, _ Rank, limit int) ([]Hit, error) {
	return tx.searchNotesWithin(usualNoteBounds(), f, q, limit)
}

func (tx *Tx) searchNotesWithin(b noteBounds, f SearchFilter, q search, limit int) ([]Hit, error) {
	if limit > 0 {
		n, err := tx.countMatchingNotes(q, b.few)
		if err != nil || n == 0 {
			return nil, err
		}
		if n > b.few {
			hits, all, err := tx.walkNotes(b, f, q, limit)
			if err != nil || all || len(hits) == limit {
				return hits, err
			}
		}
	}
	return tx.collectNotes(f, q, limit)
}

// collectNotes finds the notes through the index, and sorts them.
func (tx *Tx) collectNotes(f SearchFilter, q search, limit int) ([]Hit, error) {
	s, args := tx.notesFound(f, q, limit)
	return db.List(tx.Tx, s, func(h *Hit) []any { return []any{subject{&h.Key}, &h.note} }, args...)
}

// notesFound selects the tasks and notes that collectNotes returns, by their ids.
func (tx *Tx) notesFound(f SearchFilter, q search, limit int) (db.Stmt, []any) {
	s := tx.engine.search
	var first where
	first.add(s.matches("note_search", "s", first.arg(q.note.expr)))
	first.add("n.item_id > 0") // those of the plan itself are of no item
	f.within(&first, "n.item_id", RankNote)
	sql := "select n.item_id, min(n.id) as note from note_search s join notes n on n.id = s." + s.id + first.sql() + " group by n.item_id"
	w := where{args: first.args}
	w.add("g.item_id not in (" + wordsQuery(s, q.row)(&w) + ")")
	sql = "select g.item_id, g.note from (" + sql + ") g" + f.ofStatuses(&w, tx.engine, "g.item_id")
	sql += w.sql() + " order by g.item_id"
	if limit > 0 {
		sql += " limit " + w.arg(limit)
	}
	return db.Named("search.note", sql), w.args
}

// noteText is what of a note can be found.
const noteText = "body || coalesce(' ' || answer, '')"

// A placedNote is a note with its place among all notes, by task.
type placedNote struct {
	id, task int64
	body     string
}

// walkNotes goes through the notes task by task until it has limit hits, or b
// ends it. all says that there are no more hits.
func (tx *Tx) walkNotes(b noteBounds, f SearchFilter, q search, limit int) (hits []Hit, all bool, err error) {
	var last placedNote
	for walked := 0; walked < b.walk; walked += b.step {
		notes, more, err := tx.notesBehind(last, f, b.step)
		if err != nil || len(notes) == 0 {
			return hits, true, err
		}
		var found []Hit
		for _, n := range notes {
			k := plan.KeyOf(n.task)
			taken := func(h Hit) bool { return h.Key == k }
			if matchesAll(f.Words, n.body) && !slices.ContainsFunc(hits[max(0, len(hits)-1):], taken) && !slices.ContainsFunc(found[max(0, len(found)-1):], taken) {
				found = append(found, Hit{Key: k, note: n.id})
			}
		}
		if found, err = tx.butTexts(found, q.row); err != nil {
			return nil, false, err
		}
		hits = append(hits, found...)
		if len(hits) >= limit {
			return hits[:limit], false, nil
		}
		if last = notes[len(notes)-1]; !more && len(notes) < b.step {
			return hits, true, nil
		}
		if len(hits) > 0 && hits[len(hits)-1].Key == plan.KeyOf(last.task) {
			last.id = math.MaxInt64 // the rest of its notes add nothing
		}
	}
	return hits, false, nil
}

// notesBehind returns the next notes behind last, by task: at most limit, or as
// many as are a part, if more come behind these.
func (tx *Tx) notesBehind(last placedNote, f SearchFilter, limit int) (notes []placedNote, more bool, err error) {
	var w where
	sql := "select n.id, n.item_id, " + noteText + " from notes n" + f.ofStatuses(&w, tx.engine, "n.item_id")
	if last.id > 0 {
		w.add("(n.item_id, n.id) > (" + w.arg(last.task) + ", " + w.arg(last.id) + ")")
	}
	w.add("n.item_id > 0")
	f.within(&w, "n.item_id", RankNote)
	sql += w.sql() + " order by n.item_id, n.id limit " + w.arg(limit)
	fields := func(n *placedNote) []any { return []any{&n.id, &n.task, &n.body} }
	return firstPart(tx, db.Named("search.walk_notes", sql), fields, func(n *placedNote) int { return rowSize + len(n.body) }, w.args...)
}

// butTexts returns the hits, which are in the order of their keys, without
// those whose tasks match by themselves.
func (tx *Tx) butTexts(hits []Hit, q textQuery) ([]Hit, error) {
	if len(hits) == 0 {
		return hits, nil
	}
	s := tx.engine.search
	var w where
	sql := wordsQuery(s, q)(&w) + " and s." + s.id + " between " + w.arg(hits[0].Key.Ordinal()) + " and " + w.arg(hits[len(hits)-1].Key.Ordinal())
	keys, err := db.List(tx.Tx, db.Named("search.texts_between", sql), func(k *plan.Key) []any { return []any{subject{k}} }, w.args...)
	if err != nil || len(keys) == 0 {
		return hits, err
	}
	there := make(map[plan.Key]bool, len(keys))
	for _, k := range keys {
		there[k] = true
	}
	return slices.DeleteFunc(hits, func(h Hit) bool { return there[h.Key] }), nil
}
