package tracker

import (
	"context"
	"errors"
	"io"

	"pm/internal/interchange"
	"pm/internal/interchange/vet"
	"pm/internal/store"
)

// A readLine is a line of a source, or the error that ended it.
type readLine struct {
	line    any
	number  int
	bytes   int      // of it in the file
	unknown []string // fields that no line of its type has
	err     error

	prepared *store.Prepared
}

// How much is read ahead of what is stored: lines are passed on together, up
// to so many or so many bytes of the file, and no more than mostAhead and one
// line of the file are in memory.
const (
	linesTogether = 64
	bytesTogether = 256 << 10
	mostAhead     = 4 << 20
)

// eachLine opens the source and calls f with each line, while one goroutine
// decodes lines behind it and another checks those between and, unless prepare
// is nil, prepares them. This reading inside a transaction is
// the one exception to the rule that bodies do no I/O: a plan can be larger
// than memory. A source that stalls, such as a file on a network, ends it. It
// may be repeated, since the source is opened anew.
func eachLine(ctx context.Context, s Source, prepare func(line any) *store.Prepared, f func(readLine) error) error {
	r, err := s.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	ctx, stop := context.WithCancel(ctx)
	d := decoder{r: interchange.NewLineReader(newPatient(r, s), s.Name), to: make(chan []readLine, 1), taken: make(chan int, 8)}
	checked := make(chan []readLine, 1)
	go d.run(ctx)
	go check(ctx, d.to, checked, prepare)
	defer func() {
		stop()
		for range checked { // both must be done before the source is closed
		}
	}()
	for lines := range checked {
		bytes := 0
		for _, l := range lines {
			bytes += l.bytes
			if l.err != nil {
				return l.err
			}
			if err := f(l); err != nil {
				return err
			}
		}
		d.taken <- bytes
	}
	return ctx.Err()
}

// check passes lines on that the rules of the domain allow, prepared, up to the
// first that has an error.
func check(ctx context.Context, from <-chan []readLine, to chan<- []readLine, prepare func(line any) *store.Prepared) {
	defer close(to)
	defer func() {
		for range from { // the decoder ends with ctx
		}
	}()
	var c vet.Checker
	for lines := range from {
		failed := false
		for i := range lines {
			l := &lines[i]
			if l.err == nil {
				l.err = c.Line(l.line, l.number)
			}
			if failed = l.err != nil; failed {
				lines = lines[:i+1]
				break
			}
			if prepare != nil {
				l.prepared = prepare(l.line)
			}
		}
		select {
		case to <- lines:
			if failed {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// A decoder decodes lines ahead of who stores them.
type decoder struct {
	r     *interchange.LineReader
	to    chan []readLine
	taken chan int // bytes of the lines that were stored
	ahead int      // bytes of those that were not
}

func (d *decoder) run(ctx context.Context) {
	defer close(d.to)
	for more := true; more; {
		var lines []readLine
		bytes := 0
		for more && len(lines) < linesTogether && bytes < bytesTogether {
			var l readLine
			if l, more = d.next(); more || l.err != nil {
				lines = append(lines, l)
				bytes += l.bytes
			}
		}
		select {
		case d.to <- lines:
			d.ahead += bytes
		case <-ctx.Done():
			return
		}
		for d.ahead > mostAhead || len(d.taken) > 0 {
			select {
			case n := <-d.taken:
				d.ahead -= n
			case <-ctx.Done():
				return
			}
		}
	}
}

// next decodes a line, unless it was the last or has an error.
func (d *decoder) next() (l readLine, more bool) {
	line, err := d.r.Next()
	if errors.Is(err, io.EOF) {
		return l, false
	}
	return readLine{line: line, number: d.r.Line(), bytes: d.r.Size(), unknown: d.r.Unknown(), err: err}, err == nil
}
