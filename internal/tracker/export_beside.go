package tracker

import (
	"pm/internal/plan"
	"pm/internal/store"
)

// beside is what belongs to items of one level, in streams that are gone
// through beside that of the items. A nil stream has nothing.
type beside struct {
	records *stream[store.Record]
	texts   *stream[store.Content]
	notes   *stream[plan.Note]
}

// into puts what belongs to an item into its parcel.
func (b *beside) into(p *parcel, k plan.Key) error {
	err := each(b.records, func(r *store.Record) order { return orderOf(itemOf(k, r.Key), k) }, func(r *store.Record) error { return p.record(r.History) })
	if err == nil {
		id := k.Ordinal()
		err = each(b.texts, func(c *store.Content) order { return orderOf(plan.KeyOf(c.Item), plan.KeyOf(id)) }, func(c *store.Content) error { return p.text(c.Body) })
	}
	if err == nil {
		err = each(b.notes, func(n *plan.Note) order { return orderOf(n.Key, k) }, func(n *plan.Note) error { return p.note(*n) })
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

// each calls f with the next items of a stream, as long as they are at the place.
func each[T any](s *stream[T], where func(*T) order, f func(*T) error) error {
	if s == nil {
		return nil
	}
	for {
		item, err := s.nextIf(where)
		if item == nil || err != nil {
			return err
		}
		if err := f(item); err != nil {
			return err
		}
	}
}

// following returns a stream of what read reads, each time behind the last item.
func following[T any](read func(after *T) (items []T, more bool, err error)) *stream[T] {
	var after *T
	return &stream[T]{read: func() ([]T, bool, error) {
		items, more, err := read(after)
		if n := len(items); n > 0 {
			last := items[n-1]
			after = &last
		}
		return items, more, err
	}}
}

func (e *exporter) besideTasks(first, last int64) *beside {
	b := &beside{notes: e.notesBetween(first, last)}
	if e.rowsOnly {
		return b
	}
	b.records = following(func(after *store.Record) ([]store.Record, bool, error) {
		return e.tx.TaskHistoryPart(first, after, last)
	})
	b.texts = e.textsOf(first, last)
	return b
}

// besideFeatures leaves out the texts and the notes, between which those of
// tasks lie.
func (e *exporter) besideFeatures(first, last int64) *beside {
	if e.rowsOnly {
		return &beside{}
	}
	return &beside{
		records: following(func(after *store.Record) ([]store.Record, bool, error) {
			return e.tx.FeatureHistoryPart(first, after, last)
		}),
	}
}

func (e *exporter) besideEpic(k plan.Key) *beside {
	if e.rowsOnly {
		return &beside{}
	}
	return &beside{
		records: following(func(after *store.Record) ([]store.Record, bool, error) { return e.tx.EpicHistoryPart(k, after) }),
		texts:   e.textsOf(k.Ordinal(), k.Ordinal()),
	}
}

func (e *exporter) notesBetween(first, last int64) *stream[plan.Note] {
	return following(func(after *plan.Note) ([]plan.Note, bool, error) { return e.tx.NotePart(first, after, last) })
}

// notesOf returns the notes of an epic or a feature; nil if it never had one.
func (e *exporter) notesOf(k plan.Key, lastNote int) *stream[plan.Note] {
	if lastNote == 0 {
		return nil
	}
	return e.notesBetween(k.Ordinal(), k.Ordinal())
}

func (e *exporter) textsOf(first, last int64) *stream[store.Content] {
	return following(func(after *store.Content) ([]store.Content, bool, error) { return e.tx.ContentPart(first, after, last) })
}
