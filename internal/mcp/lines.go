package mcp

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"sync"
	"time"
)

// maxLine bounds one message: a text of the largest size that pm takes, every
// byte of it escaped, and what is around it.
const maxLine = 8 << 20

// maxCalls is how many requests of one client run at once. The next line is
// read when one of them is answered.
const maxCalls = 64

// lastAnswers is how long the answers to what was asked are waited for once
// the client has closed its end.
const lastAnswers = 10 * time.Second

// ServeLines answers messages from in, one a line, on out, until in ends or
// the context does (Transports, stdio). What was asked before in ended is
// answered. A line that is no message is answered with an error, and the next
// one is read. The error is that of reading or writing.
func (s *Server) ServeLines(ctx context.Context, in io.Reader, out io.Writer) error {
	inner, end := context.WithCancelCause(ctx)
	c := &lineConn{ctx: inner, fail: end, out: out, session: session{server: s},
		calls: make(chan struct{}, maxCalls), pending: map[id]context.CancelFunc{}}
	read := make(chan error, 1)
	go func() { read <- c.read(bufio.NewReaderSize(in, 64<<10)) }()
	var err error
	free := 0
	select {
	case err = <-read:
		free = c.await(inner, 0)
	case <-inner.Done():
	}
	end(err)
	c.await(context.Background(), free)
	c.close()
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

	mu      sync.Mutex // guards what follows
	out     io.Writer  // nil once the connection is closed
	pending map[id]context.CancelFunc
}

// await waits until nothing runs any more, at most for lastAnswers. It takes
// the tokens of all calls, free of which are taken already, and returns how
// many it has.
func (c *lineConn) await(ctx context.Context, free int) int {
	late := time.NewTimer(lastAnswers)
	defer late.Stop()
	for ; free < maxCalls; free++ {
		select {
		case c.calls <- struct{}{}:
		case <-late.C:
			return free
		case <-ctx.Done():
			return free
		}
	}
	return free
}

func (c *lineConn) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out = nil
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
	case m.isRequest():
		return c.begin(m)
	case m.method == "notifications/cancelled":
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
			err = c.refuse(&Error{Code: invalidRequest, Message: "a batch in a batch"})
		} else {
			err = c.take(one)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// begin runs a request beside the others. A handshake comes before all that
// follows it.
func (c *lineConn) begin(m message) error {
	ctx, cancel := context.WithCancel(c.ctx)
	if !c.enter(m.id, cancel) {
		cancel()
		return c.refuse(&Error{Code: invalidRequest, Message: "the id is that of a request that was not answered yet"})
	}
	select {
	case c.calls <- struct{}{}:
	case <-c.ctx.Done():
		cancel()
		return c.ctx.Err()
	}
	call, err := c.session.accept(m)
	run := func() {
		defer func() { <-c.calls }()
		defer cancel()
		var result any
		if err == nil {
			result, err = call.answer(ctx)
		}
		c.write(m.id, encode(m.id, result, err))
	}
	if err != nil || m.method == "initialize" {
		run()
		return nil
	}
	go run()
	return nil
}

// enter notes that a request is being answered, unless one of its id is.
func (c *lineConn) enter(id id, cancel context.CancelFunc) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pending[id] != nil {
		return false
	}
	c.pending[id] = cancel
	return true
}

// cancel ends the context of the request that a notification names
// (Cancellation). The request is answered all the same.
func (c *lineConn) cancel(m message) {
	var params object
	if m.object(&params) != nil || !params.has("requestId") {
		return
	}
	id, ok := newID(params["requestId"])
	c.mu.Lock()
	defer c.mu.Unlock()
	if cancel := c.pending[id]; ok && cancel != nil {
		cancel()
	}
}

// refuse answers what has no id that could be known.
func (c *lineConn) refuse(err error) error { return c.write("", encode("", nil, err)) }

// write writes an answer on a line. Where that fails nothing more can be said.
func (c *lineConn) write(id id, answer json.RawMessage) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.pending, id)
	if c.out == nil {
		return io.EOF
	}
	_, err := c.out.Write(append(answer, '\n'))
	if err != nil {
		c.fail(err)
	}
	return err
}
