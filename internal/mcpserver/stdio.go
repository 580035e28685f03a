package mcpserver

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// maxFrame bounds one message: a text of the largest size, every byte of it
// escaped, and what is around it.
const maxFrame = 8 << 20

// lastAnswers is how long the answers to what was asked are waited for once
// the client has closed its end.
const lastAnswers = 10 * time.Second

// Serve answers messages from in, one a line, on out, until in ends or the
// context does. A line that is no message is answered with an error, and the
// next one is read: the SDK's own transport ends the session there.
func Serve(ctx context.Context, m *mcp.Server, in io.Reader, out io.Writer) error {
	err := m.Run(ctx, lineTransport{in, out})
	if errors.Is(err, io.EOF) || ctx.Err() != nil {
		return nil
	}
	return err
}

type lineTransport struct {
	in  io.Reader
	out io.Writer
}

func (t lineTransport) Connect(context.Context) (mcp.Connection, error) {
	c := &lineConn{out: t.out, in: bufio.NewReaderSize(t.in, 64<<10), incoming: make(chan jsonrpc.Message),
		ended: make(chan struct{}), closed: make(chan struct{}), pending: map[jsonrpc.ID]bool{}, answered: make(chan struct{}, 1)}
	go c.read()
	return c, nil
}

// A lineConn is a connection whose messages are lines.
type lineConn struct {
	in       *bufio.Reader
	incoming chan jsonrpc.Message
	ended    chan struct{} // closed when in has ended
	answered chan struct{} // told of every answer
	closing  sync.Once
	closed   chan struct{}

	batches bool // the client's protocol has batches; used by read alone

	mu      sync.Mutex // guards what follows
	out     io.Writer
	pending map[jsonrpc.ID]bool // requests that were not answered yet
}

func (c *lineConn) SessionID() string { return "" }

func (c *lineConn) Close() error {
	c.closing.Do(func() { close(c.closed) })
	return nil
}

// Read returns the next message. After the last one it waits until all
// requests are answered, so that the end of in takes no answer away.
func (c *lineConn) Read(ctx context.Context) (jsonrpc.Message, error) {
	select {
	case m := <-c.incoming:
		return m, nil
	case <-c.closed:
		return nil, io.EOF
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-c.ended:
	}
	late := time.NewTimer(lastAnswers)
	defer late.Stop()
	for c.waiting() {
		select {
		case <-c.answered:
		case <-late.C:
			return nil, io.EOF
		case <-c.closed:
			return nil, io.EOF
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return nil, io.EOF
}

func (c *lineConn) waiting() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.pending) > 0
}

// Write writes one message.
func (c *lineConn) Write(_ context.Context, m jsonrpc.Message) error {
	b, err := jsonrpc.EncodeMessage(m)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if r, ok := m.(*jsonrpc.Response); ok {
		delete(c.pending, r.ID)
		select {
		case c.answered <- struct{}{}:
		default:
		}
	}
	_, err = c.out.Write(append(b, '\n'))
	return err
}

// read reads lines until there are no more.
func (c *lineConn) read() {
	defer close(c.ended)
	for {
		line, err := c.line()
		if err == nil {
			err = c.take(bytes.TrimSpace(line))
		}
		if err != nil {
			return
		}
	}
}

// line returns the next line; one that is too long is passed over and refused.
func (c *lineConn) line() ([]byte, error) {
	var line []byte
	tooLong := false
	for {
		part, err := c.in.ReadSlice('\n')
		if tooLong = tooLong || len(line)+len(part) > maxFrame; !tooLong {
			line = append(line, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && len(line) == 0 {
			return nil, err
		}
		if tooLong {
			return nil, c.refuse(jsonrpc.CodeInvalidRequest, "the message is too long")
		}
		return line, nil
	}
}

// take hands on the message on a line, or refuses what is none. Its error
// means that the connection is at its end.
func (c *lineConn) take(line []byte) error {
	switch {
	case len(line) == 0:
		return nil
	case !json.Valid(line) || !utf8.Valid(line):
		return c.refuse(jsonrpc.CodeParseError, "the line is no JSON")
	case line[0] == '[':
		return c.takeBatch(line)
	}
	m, err := jsonrpc.DecodeMessage(line)
	if err != nil {
		return c.refuse(jsonrpc.CodeInvalidRequest, "the line is no JSON-RPC message")
	}
	r, ok := m.(*jsonrpc.Request)
	if !ok {
		return nil // an answer, and nothing was asked
	}
	if r.Method == "initialize" {
		c.batches = hasBatches(r.Params)
	}
	if r.ID.IsValid() && !c.begin(r.ID) {
		return c.refuse(jsonrpc.CodeInvalidRequest, "the id is that of a request that was not answered yet")
	}
	select {
	case c.incoming <- m:
		return nil
	case <-c.closed:
		return io.EOF
	}
}

// takeBatch takes the messages of a batch one by one, and so they are
// answered. Only the protocol's first two revisions have batches.
func (c *lineConn) takeBatch(line []byte) error {
	var batch []json.RawMessage
	if err := json.Unmarshal(line, &batch); err != nil || len(batch) == 0 || !c.batches {
		return c.refuse(jsonrpc.CodeInvalidRequest, "the protocol has no batches")
	}
	for _, one := range batch {
		one = bytes.TrimSpace(one)
		if one[0] == '[' {
			if err := c.refuse(jsonrpc.CodeInvalidRequest, "a batch in a batch"); err != nil {
				return err
			}
			continue
		}
		if err := c.take(one); err != nil {
			return err
		}
	}
	return nil
}

func hasBatches(params json.RawMessage) bool {
	var p struct {
		ProtocolVersion string `json:"protocolVersion"`
	}
	return json.Unmarshal(params, &p) == nil && p.ProtocolVersion != "" && p.ProtocolVersion < "2025-06-18"
}

func (c *lineConn) begin(id jsonrpc.ID) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pending[id] {
		return false
	}
	c.pending[id] = true
	return true
}

// refuse answers what has no id that could be known.
func (c *lineConn) refuse(code int64, message string) error {
	b, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": nil, "error": map[string]any{"code": code, "message": message}})
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err = c.out.Write(append(b, '\n'))
	return err
}
