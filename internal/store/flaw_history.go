package store

import (
	"fmt"
	"slices"

	"pm/internal/plan"
)

// doctorPage is how many items the doctor holds against their histories at a time.
const doctorPage = 1000

// HistoryFlaws folds the history of every item and holds the item against
// what comes out: a record that was altered, removed or moved no longer
// matches its hash, and a column, a note or a dependency that was changed past
// its history differs.
func (tx *Tx) HistoryFlaws() ([]Flaw, error) {
	var out flawList
	ofProject, err := tx.projectFlaws()
	if err != nil {
		return nil, err
	}
	out.add(plan.Key{}, ofProject...)
	epics, err := tx.Epics(PlanFilter{})
	if err != nil {
		return nil, err
	}
	for _, e := range epics {
		if err := tx.epicFlaws(e, &out); err != nil {
			return nil, err
		}
	}
	lost, err := tx.Count(notesOfNone)
	if lost > 0 {
		out.add(plan.Key{}, fmt.Sprintf("there are %d notes of items that no longer exist", lost))
	}
	if err == nil {
		err = tx.eachTaskWhole(out.task)
	}
	return out, err
}

type flawList []Flaw

func (l *flawList) add(k plan.Key, texts ...string) {
	for _, text := range texts {
		*l = append(*l, Flaw{k, text})
	}
}

// epicFlaws adds the flaws of an epic and of its features.
func (tx *Tx) epicFlaws(e plan.Epic, out *flawList) error {
	records, err := tx.EpicHistory(e.Key)
	if err != nil {
		return err
	}
	former, err := tx.formerTexts(formerOfEpic, e.ID)
	if err != nil {
		return err
	}
	notes, err := tx.notesBy(noteBranch, e.ID)
	if err != nil {
		return err
	}
	out.add(e.Key, keyFlaws(e.Key, e.ID, 0)...)
	out.add(e.Key, against(e.Key, e.UID, records, func(r *plan.Replay) []string { return r.Epic(e, notes[e.Key]) })...)
	out.add(e.Key, textFlaws(records, former[e.ID], append(append(noteBodies(notes[e.Key]), plan.LinkTargets(e.Links)...), e.Title, e.Description)...)...)
	of, err := tx.FeatureHistory(e.Key)
	if err != nil {
		return err
	}
	features, err := tx.Features(PlanFilter{Under: e.Key})
	for _, f := range features {
		out.add(f.Key, keyFlaws(f.Key, f.ID, f.EpicID)...)
		out.add(f.Key, against(f.Key, f.UID, of[f.ID], func(r *plan.Replay) []string { return r.Feature(f, notes[f.Key]) })...)
		out.add(f.Key, textFlaws(of[f.ID], former[f.ID], append(append(noteBodies(notes[f.Key]), plan.LinkTargets(f.Links)...), f.Title, f.Description)...)...)
	}
	return err
}

// task adds the flaws of a task.
func (l *flawList) task(t plan.Task, notes []plan.Note, records []plan.History, former []formerText) {
	l.add(t.Key, keyFlaws(t.Key, t.ID, t.FeatureID)...)
	l.add(t.Key, against(t.Key, t.UID, records, func(r *plan.Replay) []string {
		out := r.Task(t, notes)
		if t.Resolution != "" && !t.Done() { // which no record of an open task has
			out = append(out, "it is open, but has the resolution "+string(t.Resolution))
		}
		if t.LeaseDigest != t.DigestLease() {
			out = append(out, "its lease was altered: lease_until, lease_seconds, fence or holder was changed")
		}
		return out
	})...)
	l.add(t.Key, textFlaws(records, former, append(slices.Concat(noteBodies(notes), plan.CheckTexts(t.Checks), plan.LinkTargets(t.Links)), t.Title, t.Description, t.FilePath, t.BlockedReason)...)...)
}

// against returns how an item differs from its records, or where these break off.
func against(k plan.Key, uid string, records []plan.History, differs func(*plan.Replay) []string) (out []string) {
	if len(records) == 0 {
		return []string{"it has no history"}
	}
	for i, h := range records {
		if h.Key != k {
			out = append(out, fmt.Sprintf("record %d is under the key %s", i+1, h.Key))
		}
	}
	r, err := plan.Fold(uid, records)
	if err != nil {
		return append(out, "the history was altered: "+err.Error())
	}
	return append(out, differs(&r)...)
}

// keyFlaws says whether an item's id and that of its parent are those of its key.
func keyFlaws(k plan.Key, id, parent int64) (out []string) {
	if id != k.Ordinal() {
		out = append(out, fmt.Sprintf("its key is %s, but its id is that of %s", k, plan.KeyOf(id)))
	}
	if parent != k.Parent().Ordinal() {
		out = append(out, fmt.Sprintf("it is under %s, but its key says %s", plan.KeyOf(parent), k.Parent()))
	}
	return out
}

// eachTaskWhole calls f with every task, its dependencies, notes, records and
// former texts, in the order of the keys.
func (tx *Tx) eachTaskWhole(f func(plan.Task, []plan.Note, []plan.History, []formerText)) error {
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
		former, err := tx.formerTexts(formerRange, page[0].ID, last.ID)
		if err != nil {
			return err
		}
		for _, t := range page {
			f(t, notes[t.Key], records[t.Key], former[t.ID])
		}
		filter.After = &last
	}
}
