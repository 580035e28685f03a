package store

import "pm/internal/db"

// DeferIndexes takes most indexes of tasks and of what belongs to them away, if
// there are no tasks yet, until restore is called, which must be before the
// transaction ends: to sort many rows once costs less than to keep an index in
// order at every row. Unique indexes stay. The words for the full-text index are
// gathered in more memory, and restore merges the parts that they became. On
// PostgreSQL it does nothing: there it would keep all others from reading.
func (tx *Tx) DeferIndexes() (restore func() error, err error) {
	nothing := func() error { return nil }
	if tx.engine.deferrable == "" {
		return nothing, nil
	}
	if n, err := tx.Count(db.Named("index.any_task", "select count(*) from (select 1 from tasks limit 1)")); err != nil || n > 0 {
		return nothing, err
	}
	type index struct{ name, sql string }
	indexes, err := db.List(tx.Tx, db.Named("index.deferrable", tx.engine.deferrable), func(i *index) []any { return []any{&i.name, &i.sql} })
	if err != nil {
		return nothing, err
	}
	for _, i := range indexes {
		if err := tx.Define("index.drop", "drop index "+i.name); err != nil {
			return nothing, err
		}
	}
	if err := tx.InOrder(); err != nil {
		return nothing, err
	}
	return func() error {
		for _, i := range indexes {
			if err := tx.Define("index.create", i.sql); err != nil {
				return err
			}
		}
		if err := tx.MergeSearch(); err != nil {
			return err
		}
		return tx.gatherSearch(usuallyGathered)
	}, tx.gatherSearch(manyGathered)
}
