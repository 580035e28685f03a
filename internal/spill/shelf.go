package spill

import (
	"errors"
	"os"

	"pm/internal/plan"
)

// How much of a Shelf is in memory: so much until a file is made, and so much of
// the file at a time.
const (
	mostHeld = 4 << 20
	pageSize = 128 << 10
)

// A Shelf keeps many records outside of memory, each found again by where it
// begins: a few of them in memory, more in a temporary file, which is readable by
// this user only. The zero Shelf is empty. It is for one goroutine.
type Shelf struct {
	Dir string // where the file is; empty: the folder for temporary files

	f       *os.File
	unnamed bool
	written int64  // bytes in the file
	held    []byte // what comes behind those
	page    []byte // of the file, as it was read last
	pageAt  int64
}

// Put keeps a record, and returns where it begins.
func (s *Shelf) Put(record []byte) (at int64, err error) {
	at = s.written + int64(len(s.held))
	s.held = append(s.held, record...)
	if len(s.held) < mostHeld && (s.f == nil || len(s.held) < pageSize) {
		return at, nil
	}
	if s.f == nil {
		if s.f, s.unnamed, err = tempFile(s.Dir); err != nil {
			return 0, keepError(err, "what was read")
		}
	}
	n, err := s.f.WriteAt(s.held, s.written)
	if err != nil {
		return 0, keepError(err, "what was read")
	}
	s.written += int64(n)
	if cap(s.held) > 2*pageSize {
		s.held = nil
	}
	s.held = s.held[:0]
	return at, nil
}

// Get returns n bytes that begin at a place. They are the caller's until the next
// call of a method.
func (s *Shelf) Get(at int64, n int) ([]byte, error) {
	if at >= s.written {
		at -= s.written
		return s.held[at : at+int64(n)], nil
	}
	if at < s.pageAt || at+int64(n) > s.pageAt+int64(len(s.page)) {
		size := min(max(int64(n), pageSize), s.written-at)
		if int64(cap(s.page)) < size {
			s.page = make([]byte, size)
		}
		s.page, s.pageAt = s.page[:size], at
		if _, err := s.f.ReadAt(s.page, at); err != nil {
			s.page = s.page[:0]
			return nil, plan.Errorf(plan.Storage, "cannot read a temporary file again: %w", err)
		}
	}
	at -= s.pageAt
	return s.page[at : at+int64(n)], nil
}

// Close gives the file back.
func (s *Shelf) Close() error {
	if s.f == nil {
		return nil
	}
	err := s.f.Close()
	if !s.unnamed {
		err = errors.Join(err, os.Remove(s.f.Name()))
	}
	s.f, s.written, s.held, s.page = nil, 0, nil, nil
	return err
}
