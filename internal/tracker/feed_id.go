package tracker

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// ID returns the feed's place: for each history the last row and the
// beginning of its hash, and the rows before it that were missing. It is
// like "42-9f3ab01c~40.7-00ab12cd".
func (f *Feed) ID() string {
	return f.lines[0].id() + "." + f.lines[1].id()
}

func (l *feedLine) id() string {
	m := l.last()
	s := fmt.Sprintf("%d-%s", m.ID, shortHash(m.Hash))
	gaps := l.missing()
	for _, id := range gaps[max(0, len(gaps)-lookBack):] {
		s += fmt.Sprintf("~%d", m.ID-id)
	}
	return s
}

func (f *Feed) parse(id string) error {
	parts := strings.Split(id, ".")
	if len(parts) != 2 || len(id) > 1000 {
		return badEventID()
	}
	for i, part := range parts {
		if !f.lines[i].parse(part) {
			return badEventID()
		}
	}
	return nil
}

func (l *feedLine) parse(s string) bool {
	words := strings.Split(s, "~")
	number, hash, whole := strings.Cut(words[0], "-")
	last, err := strconv.ParseInt(number, 10, 64)
	if err != nil || last < 0 || !whole || len(hash) != len(shortHash(hash)) {
		return false
	}
	if last > 0 {
		l.trail = []store.Mark{{ID: last, Hash: hash}}
	}
	l.gaps = map[int64]time.Time{}
	for _, w := range words[1:] {
		back, err := strconv.ParseInt(w, 10, 64)
		if err != nil || back <= 0 || back >= last {
			return false
		}
		l.gaps[last-back] = time.Now()
	}
	return true
}

// shortHash is as much of a hash as an ID has.
func shortHash(h string) string { return h[:min(len(h), 8)] }

// sameHash compares hashes of which one may be short.
func sameHash(a, b string) bool {
	return slices.Contains([]string{b, shortHash(b)}, a) || shortHash(a) == b
}

func badEventID() error {
	return plan.Errorf(plan.Invalid, "unknown event id: the position no longer exists").WithCode("bad_event_id").
		WithHint("read the plan again, then listen without Last-Event-ID")
}
