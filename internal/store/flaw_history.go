package store

import (
	"pm/internal/plan"
)

// doctorPage is how many items the doctor holds against their histories at a time.
const doctorPage = 1000

// HistoryFlaws folds the history of every item and holds the item against
// what comes out: a record that was altered, removed or moved no longer
// matches its hash, and a column, a note or a dependency that was changed past
// its history differs.
func (tx *Tx) HistoryFlaws() (flaws []Flaw, err error) {
	find := func(k plan.Key, uid string, records []plan.History, differs func(*plan.Replay) []string) {
		for _, text := range against(uid, records, differs) {
			flaws = append(flaws, Flaw{k, text})
		}
	}
	epics, err := tx.Epics(PlanFilter{})
	if err != nil {
		return nil, err
	}
	for _, e := range epics {
		records, err := tx.EpicHistory(e.Key)
		if err != nil {
			return nil, err
		}
		find(e.Key, e.UID, records, func(r *plan.Replay) []string { return r.Epic(e) })
		of, err := tx.FeatureHistory(e.Key)
		if err != nil {
			return nil, err
		}
		features, err := tx.Features(PlanFilter{Under: e.Key})
		if err != nil {
			return nil, err
		}
		for _, f := range features {
			find(f.Key, f.UID, of[f.Key.Ordinal()], func(r *plan.Replay) []string { return r.Feature(f) })
		}
	}
	return flaws, tx.eachTaskWhole(func(t plan.Task, notes []plan.Note, records []plan.History) {
		find(t.Key, t.UID, records, func(r *plan.Replay) []string {
			out := r.Task(t, notes)
			if t.LeaseDigest != t.DigestLease() {
				out = append(out, "its lease is not the one that was written: lease_until, lease_seconds, fence or holder was changed")
			}
			return out
		})
	})
}

// against returns how an item differs from its records, or where these break off.
func against(uid string, records []plan.History, differs func(*plan.Replay) []string) []string {
	if len(records) == 0 {
		return []string{"it has no history"}
	}
	r := plan.Replay{UID: uid}
	for _, h := range records {
		if err := r.Add(h); err != nil {
			return []string{"the history is not what was written: " + err.Error()}
		}
	}
	return differs(&r)
}

// eachTaskWhole calls f with every task, its dependencies, notes and records,
// in the order of the keys.
func (tx *Tx) eachTaskWhole(f func(plan.Task, []plan.Note, []plan.History)) error {
	for filter := (TaskFilter{Limit: doctorPage}); ; {
		page, err := tx.Tasks(filter)
		if err != nil || len(page) == 0 {
			return err
		}
		last := page[len(page)-1]
		notes, err := tx.Notes(page[0].ID, last.ID)
		if err != nil {
			return err
		}
		records, err := tx.TaskHistory(page[0].ID, last.ID)
		if err != nil {
			return err
		}
		for _, t := range page {
			f(t, notes[t.Key], records[t.Key])
		}
		filter.After = &last
	}
}
