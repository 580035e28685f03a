package store

// A Stream gives rows one by one that are read some at a time, so that several
// streams can be gone through beside each other. The rows are in the order of
// their keys.
type Stream[T any] struct {
	read func() (rows []T, more bool, err error) // the next ones; nil: there are no others
	rest []T                                     // that were read
}

// StreamOf returns a stream of rows that are there already.
func StreamOf[T any](rows ...T) *Stream[T] { return &Stream[T]{rest: rows} }

// following returns a stream of what read reads, each time behind the last row.
func following[T any](read func(after *T) (rows []T, more bool, err error)) *Stream[T] {
	var after *T
	return &Stream[T]{read: func() ([]T, bool, error) {
		rows, more, err := read(after)
		if n := len(rows); n > 0 {
			last := rows[n-1]
			after = &last
		}
		return rows, more, err
	}}
}

// Peek returns the next row and stays before it, nil at the end.
func (s *Stream[T]) Peek() (*T, error) {
	for len(s.rest) == 0 {
		if s.read == nil {
			return nil, nil
		}
		rows, more, err := s.read()
		if err != nil {
			return nil, err
		}
		if s.rest = rows; !more {
			s.read = nil
		}
	}
	return &s.rest[0], nil
}

// Next returns the next row and goes on, nil at the end.
func (s *Stream[T]) Next() (*T, error) {
	row, err := s.Peek()
	if row != nil {
		s.rest = s.rest[1:]
	}
	return row, err
}

// NextAt returns the next row of a place and goes on, nil if there is none.
// from is negative for a row before the place, zero for one of it, and positive
// for one behind it. Rows before the place are passed over.
func (s *Stream[T]) NextAt(from func(*T) int) (*T, error) {
	for {
		row, err := s.Peek()
		if row == nil || err != nil {
			return nil, err
		}
		switch c := from(row); {
		case c > 0:
			return nil, nil
		case c == 0:
			return s.Next()
		}
		s.rest = s.rest[1:]
	}
}

// EachAt calls f with the next rows of a place, as NextAt finds them. A nil
// stream has none.
func (s *Stream[T]) EachAt(from func(*T) int, f func(*T) error) error {
	if s == nil {
		return nil
	}
	for {
		row, err := s.NextAt(from)
		if row == nil || err != nil {
			return err
		}
		if err := f(row); err != nil {
			return err
		}
	}
}
