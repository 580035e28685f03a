package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

var (
	labelInsertion = db.Insertion{Name: "label.insert", Table: "labels", Columns: "item_id, folded, label"}

	labelDelete = db.Named("label.delete", `delete from labels where item_id = $1 and folded = $2`)
	labelsUnder = db.Named("label.delete_under", `delete from labels where item_id between $1 and $2`)
	labelsAll   = db.Named("label.list", `select min(label), count(*) from labels group by folded order by folded`)
	labelsOf    = beside{name: "label", table: "labels", column: "label", fold: plan.FoldLabel}
	labelBears  = db.Named("label.bearers", `select item_id from labels where folded = $1 order by item_id`)
)

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

// Labels returns all labels, in the order of what they are compared by.
func (tx *Tx) Labels() ([]plan.LabelCount, error) {
	return db.List(tx.Tx, labelsAll, func(l *plan.LabelCount) []any { return []any{&l.Label, &l.Items} })
}

// Bearers returns the keys of the items that bear the label themselves, in order.
func (tx *Tx) Bearers(label string) ([]plan.Key, error) {
	return db.List(tx.Tx, labelBears, func(k *plan.Key) []any { return []any{subject{k}} }, plan.FoldLabel(label))
}
