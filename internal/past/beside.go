package past

import (
	"maps"
	"slices"

	"pm/internal/plan"
)

// A besideThen is what the items that have changed since have beside their rows
// now. It is read for many of them at a time.
type besideThen struct {
	former    map[plan.Key]map[string]string // texts by their digests
	notes     map[plan.Key][]plan.Note
	histories map[plan.Key][]plan.History
}

// loadBeside loads what the newer records cannot be taken back without.
func (r *rewinder) loadBeside() (err error) {
	var texts, notes, checks []plan.Key
	for _, k := range slices.SortedFunc(maps.Keys(r.newer), plan.Key.Compare) {
		records := r.newer[k]
		if hasTexts(records) {
			texts = append(texts, k)
		}
		if tellsOfNotes(records) && !r.heard(k) {
			notes = append(notes, k)
		}
		if slices.ContainsFunc(records, func(h plan.History) bool { return plan.RemovesChecks(h.Change) }) {
			checks = append(checks, k)
		}
	}
	if r.beside.former, err = r.tx.FormerOf(texts); err != nil {
		return err
	}
	if r.beside.notes, err = r.tx.NotesOf(notes); err != nil {
		return err
	}
	r.beside.histories = map[plan.Key][]plan.History{}
	return r.loadHistories(checks)
}

// heard reports whether the notes of an item are known: it is in the trash.
func (r *rewinder) heard(k plan.Key) bool {
	t, f, e := r.tasks[k], r.features[k], r.epics[k]
	return t != nil && t.heard || f != nil && f.heard || e != nil && e.heard
}

// loadTexts loads what tells which former texts items had, where that differs.
func (r *rewinder) loadTexts() error {
	var differ []plan.Key
	for k, t := range r.tasks {
		if t.texts || t.was != nil && t.was.Key != k || !t.trash.IsZero() && t.trash != k {
			differ = append(differ, k)
		}
	}
	for k, f := range r.features {
		if f.texts || f.was != nil && f.was.Key != k || !f.trash.IsZero() && f.trash != k {
			differ = append(differ, k)
		}
	}
	for k, e := range r.epics {
		if e.texts {
			differ = append(differ, k)
		}
	}
	slices.SortFunc(differ, plan.Key.Compare)
	missing := slices.DeleteFunc(slices.Clone(differ), func(k plan.Key) bool { return r.beside.former[k] != nil })
	found, err := r.tx.FormerOf(missing)
	maps.Copy(r.beside.former, found)
	if err != nil {
		return err
	}
	return r.loadHistories(slices.DeleteFunc(differ, func(k plan.Key) bool { return len(r.beside.former[k]) == 0 }))
}

// loadHistories loads all records of items, of those that are not loaded.
func (r *rewinder) loadHistories(keys []plan.Key) error {
	missing := slices.DeleteFunc(slices.Clone(keys), func(k plan.Key) bool { return r.beside.histories[k] != nil })
	found, err := r.tx.HistoriesOf(missing)
	maps.Copy(r.beside.histories, found)
	return err
}

// kept are the records of an item that are not newer, of those that are loaded.
func (r *rewinder) kept(k plan.Key) []plan.History {
	all := r.beside.histories[k]
	return all[:max(0, len(all)-r.since[k])]
}

func hasTexts(records []plan.History) bool {
	for _, h := range records {
		for field, v := range h.Change {
			if len(plan.TextsIn(field, v[0]))+len(plan.TextsIn(field, v[1])) > 0 {
				return true
			}
		}
	}
	return false
}

func tellsOfNotes(records []plan.History) bool {
	return slices.ContainsFunc(records, func(h plan.History) bool { return h.OldStatus == "" || h.Change.Any("note", "key") })
}
