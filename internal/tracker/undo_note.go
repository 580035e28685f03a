package tracker

import (
	"maps"
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// notes takes back what the operation did to the notes of a locked item, and
// returns what the records of that hold, one note each.
func (u *undoing) notes(i *undoneItem) (changes [][2]any, err error) {
	for _, n := range slices.Sorted(maps.Keys(i.net.Notes)) {
		v := i.net.Notes[n]
		if i.hidByImport(v) {
			continue // only pm note accept brings it forth
		}
		now := v[1]
		if since, is := i.since.Notes[n]; is {
			now = since[1]
		}
		switch {
		case plan.SameValue("note", now, v[0]):
			continue
		case !plan.SameValue("note", now, v[1]):
			u.conflict(i, "note")
			continue
		}
		change, err := u.noteBack(i.key, n, v)
		if err != nil {
			return nil, err
		}
		if change != ([2]any{}) {
			changes = append(changes, change)
		} else {
			u.conflict(i, "note")
		}
	}
	return changes, nil
}

// hidByImport reports whether a note of the plan was only hidden by an import:
// imports change no other note that is there.
func (i *undoneItem) hidByImport(v [2]any) bool {
	return i.key.IsZero() && v[0] != nil && v[1] != nil &&
		slices.ContainsFunc(i.records, func(r store.Record) bool { return r.Notes == importedNotes })
}

// noteBack makes a note what it was before, and returns what the record of that
// holds; nothing if its text was redacted.
func (u *undoing) noteBack(k plan.Key, n int, v [2]any) (out [2]any, err error) {
	var was *plan.Note
	if v[0] != nil {
		var failed error
		before, _ := plan.NotesBefore(nil, 0, plan.History{Key: k, Change: plan.Change{"note": {v[0], nil}}}, u.former(k, &failed))
		if failed != nil || len(before) != 1 || before[0].Body == plan.Redacted {
			return out, failed
		}
		was = &before[0]
		was.Key = k
	}
	if v[1] == nil {
		return [2]any{nil, was.Change()}, u.tx.PutNote(*was)
	}
	there, err := u.tx.Note(k, n)
	if err != nil {
		return out, err
	}
	if there.Untold && k.Level() == plan.LevelTask {
		if err := u.tx.AddAnswers(k, -1); err != nil {
			return out, err
		}
	}
	if was == nil {
		return [2]any{there.Change(), nil}, u.tx.RemoveNote(there)
	}
	if was.Untold = there.Open() && !was.Open(); was.Untold && k.Level() == plan.LevelTask { // the answer is back
		if err := u.tx.AddAnswers(k, 1); err != nil {
			return out, err
		}
	}
	out = [2]any{there.Change(), was.Change()}
	was.ID = there.ID
	return out, u.tx.RewriteNote(*was)
}
