// Package spill keeps the other end of a pipe from holding up a transaction. A
// Writer lets whoever makes a long answer go ahead of a reader that is slow:
// what the answer is made from, a read transaction, must not stay open because
// somebody reads it page by page in a pager. An Input is what a slow writer
// gave, read before a transaction begins.
package spill

import (
	"io"
	"os"
	"sync"
	"time"

	"pm/internal/plan"
)

// Options are the bounds of a Writer; zero means the usual one.
type Options struct {
	Patience time.Duration // how long the maker of an answer waits for its reader in all: 2 s
	Disk     int64         // bytes that are kept in a file for the reader: 1 GiB
	Dir      string        // where that file is: the folder for temporary files
}

const (
	usualPatience = 2 * time.Second
	usualDisk     = 1 << 30

	// atOnce is how much of an answer is held before any of it is written, and
	// how much is written at a time.
	atOnce = 64 << 10

	// ahead is how much of an answer waits in memory for its reader.
	ahead = 4 * atOnce
)

// A Writer passes an answer on to its reader. A short one is written at once
// by Close. A longer one is written by a goroutine, while it is made; when its
// maker has waited for the reader for as long as it has patience, the rest goes
// into a temporary file without a name, from where the reader gets it.
//
// Write and Close are for one goroutine.
type Writer struct {
	w io.Writer
	o Options

	waited time.Duration // by the maker

	mu      sync.Mutex
	queue   []byte   // what comes next, until there is a file
	spare   []byte   // room for the queue
	file    *os.File // what comes behind the queue
	unnamed bool     // the file has no name any more
	written int64    // bytes in the file
	closed  bool     // nothing more comes
	err     error    // what ended the answer too early

	started bool
	some    chan struct{} // told that there is something to write, or nothing more
	room    chan struct{} // told that something was written
	done    chan struct{} // closed when all was written
}

// New returns a Writer to w.
func New(w io.Writer, o Options) *Writer {
	if o.Patience == 0 {
		o.Patience = usualPatience
	}
	if o.Disk == 0 {
		o.Disk = usualDisk
	}
	return &Writer{w: w, o: o}
}

// Short returns the answer if it is whole, and so short that nothing of it was
// written yet. To write it is the caller's then.
func (s *Writer) Short() (answer []byte, short bool) { return s.queue, !s.started }

// Write takes the next part of the answer. Its error is the reader's, or says
// that there is no room to keep what the reader does not take.
func (s *Writer) Write(p []byte) (int, error) {
	if !s.started {
		s.queue = append(s.queue, p...)
		if len(s.queue) >= atOnce {
			s.start()
		}
		return len(p), nil
	}
	for {
		s.mu.Lock()
		switch {
		case s.err != nil:
			defer s.mu.Unlock()
			return 0, s.err
		case s.file != nil:
			defer s.mu.Unlock()
			return s.keep(p)
		case len(s.queue) == 0 || len(s.queue)+len(p) <= ahead:
			defer s.mu.Unlock()
			s.queue = append(s.queue, p...)
			tell(s.some)
			return len(p), nil
		case s.waited >= s.o.Patience:
			var err error
			if s.file, s.unnamed, err = tempFile(s.o.Dir); err != nil {
				s.err = plan.Errorf(plan.Storage, "cannot keep the answer for a slow reader: %w", err).
					WithHint("set TMPDIR to a directory that can be written")
			}
			s.mu.Unlock()
			continue
		}
		s.mu.Unlock()
		s.wait()
	}
}

// wait waits for room, as long as there is patience.
func (s *Writer) wait() {
	began := time.Now()
	late := time.NewTimer(s.o.Patience - s.waited)
	defer late.Stop()
	select {
	case <-s.room:
	case <-late.C:
	}
	s.waited += max(time.Since(began), 1)
}

// keep puts a part into the file.
func (s *Writer) keep(p []byte) (int, error) {
	if s.written+int64(len(p)) > s.o.Disk {
		s.err = plan.Errorf(plan.Unavailable, "the reader of this answer is too slow: %d MiB of it are waiting", s.written>>20).
			WithCode("slow_reader").WithHint("write the answer to a file, or ask for less")
		return 0, s.err
	}
	n, err := s.file.WriteAt(p, s.written)
	s.written += int64(n)
	if err != nil {
		s.err = plan.Errorf(plan.Storage, "cannot keep the answer for a slow reader: %w", err).
			WithCode("disk_full").WithHint("free some space, or write the answer to a file")
		return n, s.err
	}
	tell(s.some)
	return n, nil
}

// Close writes the rest of the answer, and waits until the reader has it all,
// or until giveUp is closed.
func (s *Writer) Close(giveUp <-chan struct{}) error {
	if !s.started {
		if len(s.queue) == 0 {
			return nil
		}
		_, err := s.w.Write(s.queue)
		return err
	}
	return s.end(nil, giveUp)
}

// Abort ends an answer that cannot be finished. What is being written may
// still be under way when giveUp is closed.
func (s *Writer) Abort(giveUp <-chan struct{}) {
	if s.started {
		s.end(io.ErrUnexpectedEOF, giveUp)
	}
}

func (s *Writer) end(why error, giveUp <-chan struct{}) error {
	s.mu.Lock()
	s.closed = true
	if s.err == nil {
		s.err = why
	}
	tell(s.some)
	s.mu.Unlock()
	select {
	case <-s.done:
	case <-giveUp:
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

func (s *Writer) start() {
	s.started = true
	s.some, s.room, s.done = make(chan struct{}, 1), make(chan struct{}, 1), make(chan struct{})
	tell(s.some)
	go s.pass()
}

// tell leaves word, unless there is some already.
func tell(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// pass writes what there is until there is nothing more, or an error.
func (s *Writer) pass() {
	defer close(s.done)
	defer s.forget()
	var read int64 // from the file
	for {
		part, from, over := s.next(&read)
		switch {
		case over:
			return
		case part == nil && from == 0:
			<-s.some
			continue
		case part == nil:
			part = make([]byte, from)
			if _, err := s.file.ReadAt(part, read); err != nil {
				s.fail(plan.Errorf(plan.Storage, "cannot read what was kept for a slow reader: %w", err))
				return
			}
			read += from
		}
		if _, err := s.w.Write(part); err != nil {
			s.fail(err)
			return
		}
		s.mu.Lock()
		s.spare = part
		s.mu.Unlock()
	}
}

// next returns what is to be written next, or how many bytes of the file are.
func (s *Writer) next(read *int64) (part []byte, from int64, over bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) > 0 {
		part, s.queue, s.spare = s.queue, s.spare[:0], nil
		tell(s.room)
		return part, 0, s.err != nil
	}
	from = min(s.written-*read, atOnce)
	return nil, from, s.err != nil || from == 0 && s.closed
}

func (s *Writer) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
	tell(s.room)
}

// forget gives the file back.
func (s *Writer) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil {
		return
	}
	s.file.Close()
	if !s.unnamed {
		os.Remove(s.file.Name())
	}
}

// tempFile makes a file without a name, where the system has that: then
// nothing is left of it, however the process ends.
func tempFile(dir string) (f *os.File, unnamed bool, err error) {
	if f, err = os.CreateTemp(dir, "pm-"); err != nil {
		return nil, false, err
	}
	return f, os.Remove(f.Name()) == nil, nil
}
