package mcp

import (
	"context"
	"encoding/json"
	"time"
)

// maxCalls is how many requests of one client run at once. The next line is
// read when one of them is answered.
const maxCalls = 64

// lastAnswers is how long the answers to what was asked are waited for once
// the client has closed its end.
const lastAnswers = 10 * time.Second

// begin runs a request beside the others. A handshake comes before all that
// follows it.
func (c *lineConn) begin(m message) error {
	ctx, cancel := context.WithCancel(c.ctx)
	if !c.enter(m.id, cancel) {
		cancel()
		return c.refuse(&Error{Code: invalidRequest, Message: "the id is already used by a pending request"})
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
	id, ok := m.cancelled()
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
	return c.lineLocked(answer)
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
