package store

// ListWithin is Tx.List with other bounds, so that a few tasks go every way.
func ListWithin(tx *Tx, few, many int, walk int64, f TaskFilter) (*Listing, error) {
	return tx.listWithin(bounds{few, many, walk, many}, f)
}

// SearchNotesWithin is Tx.Search for notes only, with other bounds.
func SearchNotesWithin(tx *Tx, few, walk, step int, f SearchFilter) ([]Hit, error) {
	q, err := tx.search(f.Words)
	if err == nil {
		err = f.countFew(tx)
	}
	if err != nil {
		return nil, err
	}
	return tx.searchNotesWithin(noteBounds{few, walk, step}, f, q, f.Limit)
}

// EachWord returns the words of a text as the index has them.
func EachWord(text string) []string { return wordsOf(text) }

// Held are the columns that the store takes each index to hold; "" is the table.
var Held = held
