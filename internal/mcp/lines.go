package mcp

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
)

// maxLine bounds one message: a text of the largest size that pm takes, every
// byte of it escaped, and what is around it.
const maxLine = 8 << 20

// ServeLines answers messages from in, one a line, on out, until in ends or
// the context does (Transports, stdio). It is one session. What was asked
// before in ended is answered, but nothing waits any more. A line that is no
// message is answered with an error, and the next one is read. The error is that
// of reading or writing.
func (s *Server) ServeLines(ctx context.Context, in io.Reader, out io.Writer) error {
	inner, end := context.WithCancelCause(ctx)
	here, leave := context.WithCancel(inner)
	defer leave()
	c := &lineConn{ctx: inner, fail: end, out: out, session: session{server: s, id: newSessionID(nil), alive: here, gone: here},
		calls: make(chan struct{}, maxCalls), pending: map[id]context.CancelFunc{},
		asked: map[id]chan<- message{}, subscriptions: map[id]*subscription{"": {uris: map[string]bool{}}}}
	c.session.stream = c
	read := make(chan error, 1)
	go func() { read <- c.read(bufio.NewReaderSize(in, 64<<10)) }()
	var err error
	free := 0
	select {
	case err = <-read:
		leave()
		free = c.await(inner, 0)
	case <-inner.Done():
	}
	end(err)
	leave()
	c.await(context.Background(), free)
	c.watchers.Wait()
	c.closed.Store(true)
	if err = context.Cause(inner); ctx.Err() != nil || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// A lineConn is a connection whose messages are lines.
type lineConn struct {
	ctx     context.Context
	fail    context.CancelCauseFunc
	session session       // used by read alone
	calls   chan struct{} // holds a token for each call that runs
	closed  atomic.Bool   // nothing is written any more

	starting sync.Mutex // guards watching
	watching bool
	watchers sync.WaitGroup

	mu            sync.Mutex // guards what follows
	out           io.Writer
	pending       map[id]context.CancelFunc // of requests of the client's
	asked         map[id]chan<- message     // of those of the server's
	lastAsked     int
	subscriptions map[id]*subscription // the session's own has no id
}

// read reads lines until there are no more. Its error is nil at the end.
func (c *lineConn) read(in *bufio.Reader) error {
	for {
		line, err := c.line(in)
		if err == nil {
			err = c.take(bytes.TrimSpace(line))
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// line returns the next line; one that is too long is passed over and refused.
func (c *lineConn) line(in *bufio.Reader) ([]byte, error) {
	var line []byte
	tooLong := false
	for {
		part, err := in.ReadSlice('\n')
		if tooLong = tooLong || len(line)+len(part) > maxLine; !tooLong {
			line = append(line, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && len(line) == 0 {
			return nil, err
		}
		if tooLong {
			return nil, c.refuse(&Error{Code: invalidRequest, Message: "the message is too long"})
		}
		return line, nil
	}
}

// take answers the message on a line, or refuses what is none. Its error
// means that the connection is at its end.
func (c *lineConn) take(line []byte) error {
	if len(line) == 0 {
		return nil
	}
	if isBatch(line) {
		return c.takeBatch(line)
	}
	m, err := decode(line)
	switch {
	case err != nil:
		return c.refuse(err)
	case m.isAnswer:
		c.answered(m)
	case m.isRequest():
		return c.begin(m)
	case m.method == cancellation:
		c.cancel(m)
	}
	return nil
}

// takeBatch takes the messages of a batch one by one, and so they are
// answered.
func (c *lineConn) takeBatch(line []byte) error {
	batch, err := split(line)
	if err == nil && !hasBatches(c.session.revision) {
		err = errNoBatches()
	}
	if err != nil {
		return c.refuse(err)
	}
	for _, one := range batch {
		if isBatch(one) {
			err = c.refuse(&Error{Code: invalidRequest, Message: "a batch cannot contain a batch"})
		} else {
			err = c.take(one)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
