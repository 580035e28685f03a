package dump

import (
	"pm/internal/plan"
	"pm/internal/store"
)

// beside is what belongs to items of one level, in streams that are gone
// through beside that of the items. A nil stream has nothing.
type beside struct {
	records *store.Stream[store.Record]
	texts   *store.Stream[store.Content]
	notes   *store.Stream[plan.Note]
}

// into puts what belongs to an item into its parcel.
func (b *beside) into(p *parcel, k plan.Key) error {
	err := b.records.EachAt(func(r *store.Record) int { return itemOf(k, r.Key).Compare(k) }, func(r *store.Record) error { return p.record(r.History) })
	if err == nil {
		err = b.texts.EachAt(func(c *store.Content) int { return plan.KeyOf(c.Item).Compare(k) }, func(c *store.Content) error { return p.text(c.Body) })
	}
	if err == nil {
		err = b.notes.EachAt(func(n *plan.Note) int { return n.Key.Compare(k) }, func(n *plan.Note) error { return p.note(*n) })
	}
	return err
}

// itemOf returns the item of k's level that a record is of.
func itemOf(k, of plan.Key) plan.Key {
	switch k.Level() {
	case plan.LevelEpic:
		return of.EpicKey()
	case plan.LevelFeature:
		return of.FeatureKey()
	}
	return of
}

// besideTasks is what belongs to the tasks whose ids are first to last.
func (w *Writer) besideTasks(first, last int64) *beside {
	b := &beside{notes: w.tx.NoteStream(first, last)}
	if !w.rowsOnly {
		b.records, b.texts = w.tx.TaskRecords(first, last), w.tx.ContentStream(first, last)
	}
	return b
}

// besideFeatures leaves out the texts and the notes, between which those of
// tasks lie.
func (w *Writer) besideFeatures(first, last int64) *beside {
	if w.rowsOnly {
		return &beside{}
	}
	return &beside{records: w.tx.FeatureRecords(first, last)}
}

// besideEpic is what belongs to an epic, but for its notes. The zero key is that
// of the project.
func (w *Writer) besideEpic(k plan.Key) *beside {
	if w.rowsOnly {
		return &beside{}
	}
	return &beside{records: w.tx.EpicRecords(k), texts: w.tx.ContentStream(k.Ordinal(), k.Ordinal())}
}

// notesOf returns the notes of an epic or a feature; nil if it never had one.
func (w *Writer) notesOf(k plan.Key, lastNote int) *store.Stream[plan.Note] {
	if lastNote == 0 {
		return nil
	}
	return w.tx.NoteStream(k.Ordinal(), k.Ordinal())
}
