package tracker

import (
	"fmt"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
)

// trashFlaws folds the history of every item in the trash, and holds the item
// against what comes out, as it does with those that are there.
func trashFlaws(tx *store.Tx) ([]Flaw, error) {
	entries, err := tx.Trash()
	if err != nil {
		return nil, err
	}
	d := trashDoctor{tx: tx}
	for _, entry := range entries {
		d.entry, d.rows, d.features = entry, 0, nil
		err := eachTrashed(tx, entry, d.row)
		if err == nil {
			err = d.tasks()
		}
		if err != nil && (kindOf(err) == plan.Corrupt || kindOf(err) == plan.Invalid) {
			d.add(entry.Key, "what is in the trash of it cannot be read: "+plan.Describe(err).Message)
			d.waiting, err = nil, nil
		}
		if err != nil {
			return nil, err
		}
		if want := entry.Epics + entry.Features + entry.Tasks; d.rows != want {
			d.add(entry.Key, fmt.Sprintf("%d items are in the trash of it, its entry says %d", d.rows, want))
		}
	}
	return d.flaws, nil
}

// doctorTasks is how many tasks in the trash are held against their histories
// at a time.
const doctorTasks = 1000

type trashDoctor struct {
	tx       *store.Tx
	flaws    []Flaw
	entry    plan.Trashed
	rows     int
	features map[int64][]plan.History // of the entry's epic
	waiting  []interchange.TaskRecord
}

func (d *trashDoctor) add(k plan.Key, text string) {
	d.flaws = append(d.flaws, Flaw{Key: k, Text: text})
}

// row looks at a row of the entry. Those of tasks wait for others.
func (d *trashDoctor) row(line any) error {
	switch r := line.(type) {
	case interchange.EpicRecord:
		records, err := d.tx.EpicHistory(r.Key)
		d.hold(r.Key, r.UID, r.HistoryHash, records, func(f *plan.Replay) []string { return f.Epic(r.Item()) })
		return err
	case interchange.FeatureRecord:
		if d.features == nil {
			var err error
			if d.features, err = d.tx.FeatureHistory(r.Key.EpicKey()); err != nil {
				return err
			}
		}
		d.hold(r.Key, r.UID, r.HistoryHash, d.features[r.Key.Ordinal()], func(f *plan.Replay) []string { return f.Feature(r.Item()) })
	case interchange.TaskRecord:
		if d.waiting = append(d.waiting, r); len(d.waiting) >= doctorTasks {
			return d.tasks()
		}
	}
	return nil
}

// tasks looks at the tasks that wait.
func (d *trashDoctor) tasks() error {
	if len(d.waiting) == 0 {
		return nil
	}
	records, err := d.tx.TaskHistory(d.waiting[0].Key.Ordinal(), d.waiting[len(d.waiting)-1].Key.Ordinal())
	for _, r := range d.waiting {
		d.hold(r.Key, r.UID, r.HistoryHash, records[r.Key], func(f *plan.Replay) []string { return f.Task(r.Item(), r.Notes) })
	}
	d.waiting = d.waiting[:0]
	return err
}

// hold holds an item against its history. The row is that of the record whose
// hash it has; behind that stand, for the item that was deleted itself, its
// deletion and what was redacted since, in the row too.
func (d *trashDoctor) hold(k plan.Key, uid, hash string, records []plan.History, differs func(*plan.Replay) []string) {
	d.rows++
	r, then := plan.Replay{UID: uid}, plan.Replay{}
	for _, h := range records {
		if err := r.Add(h); err != nil {
			d.add(k, "in the trash: the history is not what was written: "+err.Error())
			return
		}
		if r.Head == hash {
			then = r
		}
	}
	end, deleted := hash, k == d.entry.Key
	if deleted {
		end = d.entry.HistoryHash
	}
	if then.Head == "" || r.Head != end || r.Deleted != deleted {
		d.add(k, "in the trash: its history is not complete")
		return
	}
	r.Status, r.Version, r.Head, r.Updated, r.Deleted = then.Status, then.Version, then.Head, then.Updated, then.Deleted
	for _, text := range differs(&r) {
		d.add(k, "in the trash: "+text)
	}
}
