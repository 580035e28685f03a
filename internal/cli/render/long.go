package render

import (
	"io"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// A Long renders an answer that comes in parts, as Text, Keys and Footer
// render the whole. On a terminal the columns of a table can become wider from
// part to part.
type Long struct {
	o      Options
	behind bool
	layout layout
	seen   map[int64]uint64 // the keys that were written, where each is written once: bits by ordinal, 64 at a time
}

// NewLong returns a renderer of one long answer.
func NewLong(o Options) *Long { return &Long{o: o, seen: map[int64]uint64{}} }

// Text writes the next part.
func (l *Long) Text(w io.Writer, part any) error {
	p := newPrinter(l.o)
	p.behind, p.before = l.behind, &l.layout
	l.behind = true
	if !p.answer(part) {
		return unknown(part)
	}
	return p.writeTo(w)
}

// Keys writes the keys of the next part.
func (l *Long) Keys(w io.Writer, part any) error {
	keys, known := keysOf(part)
	if !known {
		return unknown(part)
	}
	p := newPrinter(Options{})
	for _, k := range keys {
		if l.once(part, k) {
			p.row(k.String())
		}
	}
	return p.writeTo(w)
}

// once reports whether a key is to be written: those of a history and of notes
// only the first time.
func (l *Long) once(part any, k plan.Key) bool {
	switch part.(type) {
	case tracker.Page[plan.History], tracker.Notes:
		word, bit := k.Ordinal()>>6, uint64(1)<<(k.Ordinal()&63)
		if l.seen[word]&bit != 0 {
			return false
		}
		l.seen[word] |= bit
	}
	return true
}
