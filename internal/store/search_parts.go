package store

import (
	"slices"

	"pm/internal/db"
	"pm/internal/plan"
)

// EachHit calls do with all hits of a search, in parts. As for a long list the
// ids are collected first.
func (tx *Tx) EachHit(f SearchFilter, do func([]Hit) error) error {
	q, err := tx.search(f.Words)
	if err == nil {
		err = f.countFew(tx)
	}
	for rank := RankTitle; rank <= RankNote && err == nil; rank++ {
		if f.After == nil || rank >= f.After.Rank {
			err = tx.eachHitOf(f, q, rank, do)
		}
	}
	return err
}

// hitsAtOnce is how many hits are a part: with each come its task and its note.
const hitsAtOnce = 100

func (tx *Tx) eachHitOf(f SearchFilter, q search, rank Rank, do func([]Hit) error) error {
	found, err := tx.hitIDs(f, q, rank)
	for _, block := range found {
		for ids := range slices.Chunk(block, hitsAtOnce) {
			hits := make([]Hit, len(ids))
			for i, id := range ids {
				hits[i] = Hit{Key: plan.KeyOf(id.task), Rank: rank, note: id.note}
			}
			if err == nil {
				err = do(hits)
			}
		}
	}
	return err
}

// A foundID is a hit by numbers: its task, and the note that was found.
type foundID struct{ task, note int64 }

// hitIDs returns the hits of a rank, in the order of their keys.
func (tx *Tx) hitIDs(f SearchFilter, q search, rank Rank) (blocks [][]foundID, err error) {
	s, args := tx.textsFound(f, q, rank, 0)
	fields := func(id *foundID) []any { return []any{&id.task} }
	if rank == RankNote {
		s, args = tx.notesFound(f, q, 0)
		fields = func(id *foundID) []any { return []any{&id.task, &id.note} }
	}
	_, err = db.Walk(tx.Tx, s, fields, func(id foundID) { blocks = inBlocks(blocks, id) }, args...)
	return blocks, err
}

// LoadNotes puts the bodies of the notes that were found into hits. Search
// finds no more than which they are: most hits are only counted.
func (tx *Tx) LoadNotes(hits []Hit) error {
	at := map[int64]int{}
	var ids []any
	for i, h := range hits {
		if h.note != 0 {
			at[h.note], ids = i, append(ids, h.note)
		}
	}
	type body struct {
		note int64
		text string
	}
	for some := range slices.Chunk(ids, maxIn) {
		s := db.Named("search.note_bodies", "select id, "+noteText+" from notes where id in ("+tx.engine.Marks(len(some))+")")
		if _, err := db.Walk(tx.Tx, s, func(b *body) []any { return []any{&b.note, &b.text} }, func(b body) { hits[at[b.note]].Note = b.text }, some...); err != nil {
			return err
		}
	}
	return nil
}
