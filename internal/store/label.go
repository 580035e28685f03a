package store

import (
	"slices"

	"pm/internal/db"
	"pm/internal/plan"
)

var (
	labelInsertion = db.Insertion{Name: "label.insert", Table: "labels", Columns: "item_id, folded, label"}

	labelDelete = db.Named("label.delete", `delete from labels where item_id = $1 and folded = $2`)
	labelsUnder = db.Named("label.delete_under", `delete from labels where item_id between $1 and $2`)
	labelsOne   = db.Named("label.of_one", `select item_id, label from labels where item_id = $1 order by folded`)
	labelsPage  = db.Named("label.of_page", `select item_id, label from labels where item_id between $1 and $2 order by item_id, folded limit $3`)
	labelsAll   = db.Named("label.list", `select min(label), count(*) from labels group by folded order by folded`)
	labelBears  = db.Named("label.bearers", `select item_id from labels where folded = $1 order by item_id`)
)

// labelRow is a label of an item.
type labelRow struct {
	item  int64
	label string
}

func labelFields(l *labelRow) []any { return []any{&l.item, &l.label} }

// AddLabels adds labels to an item, which has none of them.
func (tx *Tx) AddLabels(k plan.Key, labels []string) error {
	for _, l := range labels {
		if err := tx.Insert(labelInsertion, k.Ordinal(), plan.FoldLabel(l), l); err != nil {
			return err
		}
	}
	return nil
}

// RemoveLabels removes labels from an item.
func (tx *Tx) RemoveLabels(k plan.Key, labels []string) error {
	for _, l := range labels {
		if _, err := tx.Exec(labelDelete, k.Ordinal(), plan.FoldLabel(l)); err != nil {
			return err
		}
	}
	return nil
}

// LoadLabels fills in the labels of tasks, for all of them at once.
func (tx *Tx) LoadLabels(ts []plan.Task) error {
	return loadLabels(tx, ts, func(t *plan.Task) (int64, *[]string) { return t.ID, &t.Labels })
}

// loadLabels fills in the labels of items, each with its id and the place for
// its labels.
func loadLabels[T any](tx *Tx, items []T, of func(*T) (int64, *[]string)) error {
	at := make(map[int64]*[]string, len(items))
	ids := make([]int64, len(items))
	for i := range items {
		id, labels := of(&items[i])
		*labels, at[id], ids[i] = nil, labels, id
	}
	slices.Sort(ids)
	for page := range slices.Chunk(ids, maxIn) {
		found, err := tx.labelsOf(page)
		if err != nil {
			return err
		}
		for _, l := range found {
			if labels := at[l.item]; labels != nil {
				*labels = append(*labels, l.label)
			}
		}
	}
	return nil
}

// labelsOf returns the labels of the items with these ids, which are in order,
// and perhaps those of items between them, as dependenciesOf does.
func (tx *Tx) labelsOf(ids []int64) ([]labelRow, error) {
	if len(ids) == 1 {
		return db.List(tx.Tx, labelsOne, labelFields, ids[0])
	}
	most := 4*len(ids) + 16
	found, err := db.List(tx.Tx, labelsPage, labelFields, ids[0], ids[len(ids)-1], most)
	if err != nil || len(found) < most {
		return found, err
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	return db.List(tx.Tx, db.Named("label.of_keys", `select item_id, label from labels where item_id in (`+tx.engine.Marks(len(ids))+`) order by item_id, folded`), labelFields, args...)
}

// Labels returns all labels, in the order of what they are compared by.
func (tx *Tx) Labels() ([]plan.LabelCount, error) {
	return db.List(tx.Tx, labelsAll, func(l *plan.LabelCount) []any { return []any{&l.Label, &l.Items} })
}

// Bearers returns the keys of the items that bear the label themselves, in order.
func (tx *Tx) Bearers(label string) ([]plan.Key, error) {
	return db.List(tx.Tx, labelBears, func(k *plan.Key) []any { return []any{subject{k}} }, plan.FoldLabel(label))
}
