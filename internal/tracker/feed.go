package tracker

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// An Event is a change that has happened, with the place behind it.
type Event struct {
	ID     string // for OpenFeed, to go on from here
	Record plan.History
}

// A Feed reads the history as it happens, every record once, in the order of
// commits as far as the engine tells: rows are numbered before they are
// committed, so that on PostgreSQL a row can appear behind one with a higher
// number. The numbers that are missing are therefore looked for again, for a
// while. It is for one goroutine.
type Feed struct {
	t     *Tracker
	lines [2]feedLine // of tasks, of the plan
}

const (
	feedBatch = 500              // records that are read at once, at most
	feedBytes = 64 << 10         // of text in them, from which on no more are read
	feedFirst = 1                // record that is read before it is known how large they are
	feedGaps  = 64               // numbers that are looked for again, at most
	gapLife   = 30 * time.Second // how long they are: longer than a transaction takes
	feedTrail = 256              // rows that are remembered, to find the place again
	lookBack  = 32               // rows before the start whose gaps may still be filled
)

// FeedStepsBack is how many events a feed tells again, at most, when rows at
// the end of what it has read were deleted and others have their numbers.
const FeedStepsBack = 2 * feedTrail

// A feedLine is the place in one of the two histories.
type feedLine struct {
	ofPlan bool
	trail  []store.Mark        // the last rows read, oldest first; never empty once begun
	gaps   map[int64]time.Time // rows that were not there, with the time they were missed
}

func (l *feedLine) last() store.Mark {
	if len(l.trail) == 0 {
		return store.Mark{}
	}
	return l.trail[len(l.trail)-1]
}

// OpenFeed returns a feed of what happens from now on or, with the ID of an
// event, of what has happened since. An ID that is none, or whose place is
// gone, is plan.Invalid.
func (t *Tracker) OpenFeed(ctx context.Context, after string) (*Feed, error) {
	f := &Feed{t: t, lines: [2]feedLine{{}, {ofPlan: true}}}
	if after != "" {
		if err := f.parse(after); err != nil {
			return nil, err
		}
		return f, f.found(ctx)
	}
	_, err := read(ctx, t, func(tx *store.Tx) (any, error) {
		for i := range f.lines {
			if err := f.lines[i].begin(tx); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
	return f, err
}

// begin starts at the newest row.
func (l *feedLine) begin(tx *store.Tx) error {
	newest, err := tx.NewestMark(l.ofPlan)
	if err != nil || newest.ID == 0 {
		l.trail, l.gaps = nil, nil
		return err
	}
	l.trail, err = tx.Marks(l.ofPlan, newest.ID-lookBack, newest.ID)
	l.gaps = map[int64]time.Time{}
	there := map[int64]bool{}
	for _, m := range l.trail {
		there[m.ID] = true
	}
	for id := max(1, newest.ID-lookBack); id < newest.ID; id++ {
		if !there[id] {
			l.gaps[id] = time.Now()
		}
	}
	return err
}

// found refuses a place that is gone.
func (f *Feed) found(ctx context.Context) error {
	_, err := read(ctx, f.t, func(tx *store.Tx) (any, error) {
		for _, l := range f.lines {
			m := l.last()
			if m.Hash == "" {
				continue
			}
			there, err := tx.Marks(l.ofPlan, m.ID, m.ID)
			if err != nil {
				return nil, err
			}
			if len(there) == 0 || shortHash(there[0].Hash) != m.Hash {
				return nil, badEventID()
			}
		}
		return nil, nil
	})
	return err
}

// A Place is how far a feed has come. It does not change.
type Place struct{ lines [2]placeLine }

type placeLine struct {
	last int64
	gaps map[int64]bool // rows before the last that were not there
}

// Place returns how far the feed has come.
func (f *Feed) Place() (p Place) {
	for i := range f.lines {
		l := &f.lines[i]
		p.lines[i] = placeLine{l.last().ID, map[int64]bool{}}
		for id := range l.gaps {
			p.lines[i].gaps[id] = true
		}
	}
	return p
}

// has reports whether a feed at this place has told of the row.
func (l placeLine) has(row int64) bool { return row <= l.last && !l.gaps[row] }

// Next returns what has happened since the last call: some hundred events, or
// some kilobytes of them, at most. It does not wait for any.
func (f *Feed) Next(ctx context.Context) ([]Event, error) { return f.next(ctx, nil) }

// Each hands on what has happened since the last call, until there is no more.
func (f *Feed) Each(ctx context.Context, take func([]Event) error) error {
	for {
		events, err := f.Next(ctx)
		if err != nil || len(events) == 0 {
			return err
		}
		if err := take(events); err != nil {
			return err
		}
	}
}

// Skip reports whether something has happened since the last call, and passes it
// over: for who reads the plan anew anyway. It reads no records, only their marks.
func (f *Feed) Skip(ctx context.Context) (changed bool, err error) {
	lines, err := read(ctx, f.t, func(tx *store.Tx) (lines [2]feedLine, err error) {
		for i := range f.lines {
			if lines[i], err = f.lines[i].skip(tx, &changed); err != nil {
				return lines, err
			}
		}
		return lines, nil
	})
	if err == nil {
		f.lines = lines
	}
	return changed, err
}

// skip is the line with its place behind the newest row.
func (l feedLine) skip(tx *store.Tx, changed *bool) (feedLine, error) {
	missing := l.missing()
	newest, err := tx.NewestMark(l.ofPlan)
	same := newest.ID == l.last().ID && sameHash(newest.Hash, l.last().Hash)
	if err != nil || same && len(missing) == 0 {
		return l, err
	}
	*changed = *changed || !same
	if err := l.resume(tx); err != nil {
		return l, err
	}
	l.gaps = maps.Clone(l.gaps)
	from := l.last().ID + 1
	if len(missing) > 0 {
		from = min(from, missing[0])
	}
	for ; from <= newest.ID; from += feedBatch {
		marks, err := tx.Marks(l.ofPlan, from, from+feedBatch-1)
		if err != nil {
			return l, err
		}
		for _, m := range marks {
			if _, late := l.gaps[m.ID]; late || m.ID > l.last().ID {
				l.pass(m)
				*changed = true
			}
		}
	}
	return l, nil
}

// NextTo is Next, without what lies behind a place that another feed has
// reached: what this one has to catch up with. It returns nothing once it has.
func (f *Feed) NextTo(ctx context.Context, to Place) ([]Event, error) { return f.next(ctx, &to) }

// A feedPart is what was read of one line; if it is cut, more comes behind it.
type feedPart struct {
	line    feedLine
	records []store.Record
	cut     bool
}

func (f *Feed) next(ctx context.Context, to *Place) ([]Event, error) {
	parts, err := read(ctx, f.t, func(tx *store.Tx) (parts [2]feedPart, err error) {
		for i := range f.lines {
			var limit *placeLine
			if to != nil {
				limit = &to.lines[i]
			}
			if parts[i], err = f.lines[i].read(tx, limit); err != nil {
				return parts, err
			}
		}
		return parts, nil
	})
	if err != nil {
		return nil, err
	}
	for i := range parts {
		f.lines[i] = parts[i].line
	}
	return f.merge(parts), nil
}

// read reads the records that come next, without those that to has not told of.
func (l feedLine) read(tx *store.Tx, to *placeLine) (p feedPart, err error) {
	p.line = l
	newest, err := tx.NewestMark(l.ofPlan)
	if err != nil || newest.ID == l.last().ID && sameHash(newest.Hash, l.last().Hash) && len(l.missing()) == 0 {
		return p, err // nothing has happened
	}
	if err := p.line.resume(tx); err != nil {
		return p, err
	}
	size := 0
	after, also := p.line.last().ID, p.line.missing()
	for most := feedFirst; ; most = min(2*most, feedBatch-len(p.records)) {
		records, err := tx.RecordsAfter(l.ofPlan, after, also, most)
		if err != nil {
			return p, err
		}
		fresh := 0
		for _, r := range records {
			if r.At.RowID > after {
				fresh++
			}
			if to == nil || to.has(r.At.RowID) {
				size += sizeOf(r.History)
				p.records = append(p.records, r)
			}
		}
		if p.cut = fresh == most; p.cut {
			after = records[len(records)-1].At.RowID
			p.cut = after < newest.ID && (to == nil || after < to.last)
		}
		also = nil
		if !p.cut || size >= feedBytes || len(p.records) >= feedBatch {
			return p, nil
		}
	}
}

// sizeOf returns how much text a record has, about.
func sizeOf(h plan.History) int {
	n := len(h.Notes)
	for _, values := range h.Change {
		for _, v := range values {
			if s, ok := v.(string); ok {
				n += len(s)
			}
		}
	}
	return n
}

// merge puts the records of both histories into the order of their times,
// each of them keeping its own order, up to where one of them was cut.
func (f *Feed) merge(parts [2]feedPart) (events []Event) {
	a, b := &parts[0], &parts[1]
	for len(a.records)+len(b.records) > 0 {
		if len(a.records) == 0 && a.cut || len(b.records) == 0 && b.cut {
			break // its next record may be older than the other's
		}
		i, p := 0, a
		if len(a.records) == 0 || len(b.records) > 0 && b.records[0].Timestamp.Before(a.records[0].Timestamp) {
			i, p = 1, b
		}
		r := p.records[0]
		p.records = p.records[1:]
		f.lines[i].pass(store.Mark{ID: r.At.RowID, Hash: r.Hash})
		events = append(events, Event{ID: f.ID(), Record: r.History})
	}
	return events
}

// Late reports whether records may still appear before the last one read.
func (f *Feed) Late() bool { return len(f.lines[0].gaps)+len(f.lines[1].gaps) > 0 }

// resume steps back if rows at the end of what was read were deleted since:
// their numbers may have been given to other rows.
func (l *feedLine) resume(tx *store.Tx) error {
	if l.last().Hash == "" {
		return nil
	}
	there, err := tx.Marks(l.ofPlan, l.last().ID, l.last().ID)
	if err != nil || len(there) > 0 && sameHash(there[0].Hash, l.last().Hash) {
		return err
	}
	if there, err = tx.Marks(l.ofPlan, l.trail[0].ID, l.last().ID); err != nil {
		return err
	}
	trail := slices.Clone(l.trail)
	for len(trail) > 0 && !slices.ContainsFunc(there, func(m store.Mark) bool {
		last := trail[len(trail)-1]
		return m.ID == last.ID && sameHash(m.Hash, last.Hash)
	}) {
		trail = trail[:len(trail)-1]
	}
	if len(trail) == 0 { // all that was remembered is gone, and what stands there now is new
		newest, err := tx.NewestMark(l.ofPlan)
		if err != nil {
			return err
		}
		start := l.trail[0].ID - 1
		if newest.ID < start { // as in another database, which took the place of this one
			start = max(0, newest.ID-feedTrail)
		}
		trail = []store.Mark{{ID: start}}
	}
	l.trail, l.gaps = trail, nil
	return nil
}

// pass moves the place behind a row, and notes the numbers that it leaps over.
func (l *feedLine) pass(m store.Mark) {
	last := l.last().ID
	if m.ID <= last {
		delete(l.gaps, m.ID)
		at, _ := slices.BinarySearchFunc(l.trail, m.ID, func(m store.Mark, id int64) int { return cmp.Compare(m.ID, id) })
		l.trail = slices.Insert(slices.Clone(l.trail), at, m)
		return
	}
	if l.gaps == nil {
		l.gaps = map[int64]time.Time{}
	}
	for id := max(last+1, m.ID-feedGaps); id < m.ID; id++ {
		l.gaps[id] = time.Now()
	}
	l.trail = append(l.trail, m)
	if len(l.trail) > 2*feedTrail {
		l.trail = slices.Clone(l.trail[feedTrail:])
	}
}

// missing returns the rows to look for again, and forgets those that will
// not come: their transactions were rolled back, or their tasks deleted.
func (l *feedLine) missing() (ids []int64) {
	for id, since := range l.gaps {
		if time.Since(since) > gapLife || len(l.gaps) > feedGaps && id < l.last().ID-feedGaps {
			delete(l.gaps, id)
			continue
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids[max(0, len(ids)-feedGaps):]
}
