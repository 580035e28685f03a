package store

// IndexNames returns the names of all indexes, in no order.
func (tx *Tx) IndexNames() ([]string, error) {
	return list(tx, stmt{"schema.indexes", tx.db.d.indexes}, func(s *string) []any { return []any{s} })
}
