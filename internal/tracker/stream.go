package tracker

import (
	"cmp"

	"pm/internal/plan"
)

// A stream gives items one by one that are read some at a time, so that
// several can be gone through beside each other. The items are in the order of
// their keys.
type stream[T any] struct {
	read func() (items []T, more bool, err error) // the next ones; nil: there are no others
	rest []T                                      // that were read
}

// peek returns the next item, nil at the end.
func (s *stream[T]) peek() (*T, error) {
	for len(s.rest) == 0 {
		if s.read == nil {
			return nil, nil
		}
		items, more, err := s.read()
		if err != nil {
			return nil, err
		}
		if s.rest = items; !more {
			s.read = nil
		}
	}
	return &s.rest[0], nil
}

// next returns the next item and goes on, nil at the end.
func (s *stream[T]) next() (*T, error) {
	item, err := s.peek()
	if item != nil {
		s.rest = s.rest[1:]
	}
	return item, err
}

// nextIf returns the next item of a place and goes on, nil if there is none.
// Items before that place are passed over.
func (s *stream[T]) nextIf(where func(*T) order) (*T, error) {
	for {
		item, err := s.peek()
		if item == nil || err != nil {
			return nil, err
		}
		switch where(item) {
		case behind:
			return nil, nil
		case there:
			return s.next()
		}
		s.rest = s.rest[1:]
	}
}

// An order says where an item is, from a place.
type order int

const (
	before order = -1
	there  order = 0
	behind order = 1
)

// orderOf says where what lies under a parent is, from what lies under another.
func orderOf(parent, other plan.Key) order {
	return order(cmp.Compare(parent.Ordinal(), other.Ordinal()))
}
