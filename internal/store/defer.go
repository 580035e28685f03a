package store

import "time"

// DeferIndexes takes the indexes of tasks and of their history away, if there
// are no tasks yet, until restore is called, which must be before the
// transaction ends: to sort many rows once costs less than to keep an index in
// order at every row. Unique indexes stay, and restore merges the full-text
// index. On PostgreSQL it does nothing: there it would keep all others from
// reading.
func (tx *Tx) DeferIndexes() (restore func() error, err error) {
	nothing := func() error { return nil }
	if tx.db.d.deferrable == "" {
		return nothing, nil
	}
	if n, err := tx.count(stmt{"index.any_task", "select count(*) from (select 1 from tasks limit 1)"}); err != nil || n > 0 {
		return nothing, err
	}
	type index struct{ name, sql string }
	indexes, err := list(tx, stmt{"index.deferrable", tx.db.d.deferrable}, func(i *index) []any { return []any{&i.name, &i.sql} })
	if err != nil {
		return nothing, err
	}
	for _, i := range indexes {
		if err := tx.define("index.drop", "drop index "+i.name); err != nil {
			return nothing, err
		}
	}
	return func() error {
		for _, i := range indexes {
			if err := tx.define("index.create", i.sql); err != nil {
				return err
			}
		}
		return tx.MergeSearch()
	}, nil
}

// define changes the schema, as a step without a plan.
func (tx *Tx) define(name, sql string) error {
	began := time.Now()
	_, err := tx.session.exec(sql)
	tx.db.step(name, began, err)
	return tx.db.translate(err)
}
