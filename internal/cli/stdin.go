package cli

import (
	"context"
	"os"
)

// A stdin is the standard input. A read of it ends with the context: one from
// a terminal would else go on after an interrupt until a line is typed.
type stdin struct {
	ctx  context.Context
	file *os.File
}

func (s stdin) Read(b []byte) (int, error) {
	type result struct {
		n   int
		err error
	}
	own := make([]byte, len(b)) // a read that nobody waits for any more must not write to b
	done := make(chan result, 1)
	go func() {
		n, err := s.file.Read(own)
		done <- result{n, err}
	}()
	select {
	case r := <-done:
		return copy(b, own[:r.n]), r.err
	case <-s.ctx.Done():
		return 0, s.ctx.Err()
	}
}
