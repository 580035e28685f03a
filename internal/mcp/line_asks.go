package mcp

import (
	"context"
	"encoding/json"
	"io"
	"strconv"
)

// A notice is what the server sends of itself: with an id it is a request.
type notice struct {
	JSONRPC string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id,omitempty"`
	Method  string          `json:"method"`
	Params  any             `json:"params,omitempty"`
}

// notify sends a notification. Where that fails nothing more can be said.
func (c *lineConn) notify(method string, params any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sendLocked(notice{JSONRPC: "2.0", Method: method, Params: params})
}

// notifyOf is notify about a request, unless that was answered.
func (c *lineConn) notifyOf(request id, method string, params any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pending[request] != nil {
		c.sendLocked(notice{JSONRPC: "2.0", Method: method, Params: params})
	}
}

func (c *lineConn) sendLocked(n notice) error {
	b, err := marshal(n)
	if err != nil {
		return err
	}
	return c.lineLocked(b)
}

// lineLocked writes a message on a line of its own.
func (c *lineConn) lineLocked(b []byte) error {
	if c.closed.Load() {
		return io.EOF
	}
	_, err := c.out.Write(append(c.session.server.o.Escape(b), '\n'))
	if err != nil {
		c.fail(err)
	}
	return err
}

// elicit puts a question to the client's user (Elicitation). An answer that is
// none, because the user declines, is nil.
func (c *lineConn) elicit(ctx context.Context, question string, fields any) (map[string]json.RawMessage, error) {
	answer, err := c.ask(ctx, "elicitation/create", map[string]any{"message": question, "requestedSchema": fields})
	if err != nil {
		return nil, err
	}
	var action string
	var values object
	if err := answer.read("action", &action); err != nil {
		return nil, err
	}
	if err := answer.read("content", &values); err != nil || action != "accept" {
		return nil, err
	}
	return values, nil
}

// ask sends the client a request, and returns its result. One that the server
// no longer waits for is cancelled.
func (c *lineConn) ask(ctx context.Context, method string, params any) (object, error) {
	answered := make(chan message, 1)
	c.mu.Lock()
	c.lastAsked++
	asked := id(`"pm-` + strconv.Itoa(c.lastAsked) + `"`)
	c.asked[asked] = answered
	err := c.sendLocked(notice{JSONRPC: "2.0", ID: json.RawMessage(asked), Method: method, Params: params})
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.asked, asked)
	}()
	if err != nil {
		return nil, err
	}
	select {
	case m := <-answered:
		var result object
		if m.result == nil || json.Unmarshal(m.result, &result) != nil {
			return nil, &Error{Code: internalError, Message: "the client cannot answer " + method}
		}
		return result, nil
	case <-c.session.gone.Done():
		return nil, c.session.gone.Err()
	case <-ctx.Done():
		c.notify(cancellation, map[string]any{"requestId": json.RawMessage(asked), "reason": "no longer needed"})
		return nil, ctx.Err()
	}
}

// answered hands an answer of the client's to whoever asked.
func (c *lineConn) answered(m message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if asker := c.asked[m.id]; asker != nil {
		delete(c.asked, m.id)
		asker <- m
	}
}
