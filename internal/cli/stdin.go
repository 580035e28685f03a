package cli

import (
	"context"
	"io"
	"os"

	"pm/internal/utf"
)

// A stdin is the standard input as text: UTF-8, whatever is piped in.
type stdin struct {
	io.Reader
	file *os.File
}

func newStdin(ctx context.Context, f *os.File) stdin {
	return stdin{utf.NewReader(interruptible{ctx, f}), f}
}

// An interruptible is a file of which a read ends with the context: one from a
// terminal would else go on after an interrupt until a line is typed.
type interruptible struct {
	ctx  context.Context
	file *os.File
}

func (s interruptible) Read(b []byte) (int, error) {
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
