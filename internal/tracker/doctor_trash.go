package tracker

import (
	"fmt"
	"maps"
	"slices"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/trash"
)

// trashFlaws folds the history of every item in the trash, and holds the item
// against what comes out, as it does with those that are there. It finds
// histories of what is neither there nor in the trash.
func trashFlaws(tx *store.Tx) ([]Flaw, error) {
	entries, err := tx.Trash()
	if err != nil {
		return nil, err
	}
	d := trashDoctor{tx: tx, gone: map[plan.Key]bool{}}
	if err := tx.EachGoneRecord(func(r store.Record) error { d.gone[r.Key] = true; return nil }); err != nil {
		return nil, err
	}
	for _, entry := range entries {
		d.entry, d.rows, d.features = entry, 0, nil
		err := trash.Each(tx, entry, d.row)
		if err == nil {
			err = d.tasks()
		}
		if err != nil && (kindOf(err) == plan.Corrupt || kindOf(err) == plan.Invalid) {
			d.add(entry.Key, "its content in the trash cannot be read: "+plan.Describe(err).Message)
			d.waiting, err = nil, nil
		}
		if err != nil {
			return nil, err
		}
		if want := entry.Epics + entry.Features + entry.Tasks; d.rows != want {
			d.add(entry.Key, fmt.Sprintf("it has %d items in the trash, but its entry says %d", d.rows, want))
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(d.gone), plan.Key.Compare) {
		d.add(k, "it has a history, but it neither exists nor is in the trash")
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
	gone     map[plan.Key]bool // items that have a history and are not there
}

func (d *trashDoctor) add(k plan.Key, text string) {
	d.flaws = append(d.flaws, Flaw{Key: k, Text: text})
}

// row looks at a row of the entry. Those of tasks wait for others.
func (d *trashDoctor) row(line any) error {
	switch r := line.(type) {
	case interchange.EpicRecord:
		records, err := d.tx.EpicHistory(r.Key)
		return firstError(err, d.hold(line, records))
	case interchange.FeatureRecord:
		if d.features == nil {
			var err error
			if d.features, err = d.tx.FeatureHistory(r.Key.EpicKey()); err != nil {
				return err
			}
		}
		return d.hold(line, d.features[r.Key.Ordinal()])
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
		err = firstError(err, d.hold(r, records[r.Key]))
	}
	d.waiting = d.waiting[:0]
	return err
}

// hold holds an item against its history.
func (d *trashDoctor) hold(line any, records []plan.History) error {
	d.rows++
	k := trash.KeyOf(line)
	delete(d.gone, k)
	r, err := plan.Fold(trash.UIDOf(line), records)
	if err != nil {
		d.add(k, "in the trash: the history was altered: "+err.Error())
		return nil
	}
	texts, err := d.tx.TextFlaws(k, records, trash.TextsOf(line)...)
	for _, text := range append(trash.Differences(d.entry, line, r), texts...) {
		d.add(k, "in the trash: "+text)
	}
	return err
}
