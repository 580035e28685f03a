package store

// ListWithin is Tx.List with other bounds, so that a few tasks go every way.
func ListWithin(tx *Tx, few, many int, walk int64, f TaskFilter) (*Listing, error) {
	return tx.listWithin(bounds{few, many, walk}, f)
}
