package mcp

import (
	"cmp"
	"context"
	"encoding/json"
	"runtime/debug"
	"strconv"
)

// A session is what a client has told of itself. Messages are accepted one
// after the other, in the order in which they came.
type session struct {
	server   *Server
	open     bool            // requests are let in that do not say who sends them
	revision string          // what the handshake agreed on; empty before
	client   *Implementation // nil if it did not say who it is

	id          string // as in Caller
	alive, gone context.Context
	http        *httpSession  // of an HTTP request that names its session
	stream      *lineConn     // on which the client is told what it did not ask; nil over HTTP
	answers     bool          // the client can put a question to its user
	events      *answerStream // what a request over HTTP that is alone in its POST can be told on
}

// A call is a request that was accepted. Calls may run side by side.
type call struct {
	server   *Server
	run      func(context.Context, *call) (any, error)
	id       id
	params   object
	revision string
	from     Caller
	stream   *lineConn
}

// accept checks a request. What it changes in the session holds for the next.
func (s *session) accept(m message) (*call, error) {
	c := &call{server: s.server, id: m.id, revision: s.revision, stream: s.stream,
		from: Caller{Client: s.client, Session: s.id, Alive: s.alive, Gone: s.gone}}
	paramsErr := m.object(&c.params)
	if v := versionOf(c.params); isLatest(v) {
		if err := s.introduce(c, v); err != nil {
			return nil, err
		}
	}
	method, known := methodNamed(m.method)
	switch {
	case known && method.only != anyRevision && (method.only == withoutHandshake) != isLatest(c.revision):
		return nil, notSpoken(m.method)
	case !s.open && !isLatest(c.revision) && method.only != withHandshake:
		return nil, &Error{Code: invalidRequest, Message: strconv.Quote(m.method) + " was sent before initialize"}
	case !known:
		return nil, notSpoken(m.method)
	case paramsErr != nil:
		return nil, paramsErr
	case method.needsParams && c.params == nil:
		return nil, &Error{Code: invalidRequest, Message: "the params are missing"}
	}
	c.run = method.run
	s.connect(c)
	if m.method == "initialize" {
		return c, s.shakeHands(c)
	}
	return c, nil
}

// introduce reads who sends a request of the latest revision. It opens the
// session, too, for clients that say so in their first request alone.
func (s *session) introduce(c *call, revision string) (err error) {
	if c.from.Client, err = clientOf(c.params); err != nil {
		return err
	}
	if err := checkVersion(revision); err != nil {
		return err
	}
	c.revision = revision
	if !s.open {
		s.open, s.client = true, c.from.Client
	}
	return nil
}

// shakeHands agrees on a revision (Lifecycle, Initialization).
func (s *session) shakeHands(c *call) error {
	if s.revision != "" {
		return &Error{Code: invalidRequest, Message: "already initialized"}
	}
	var asked string
	var client *Implementation
	var capabilities object
	p := c.params
	if err := cmp.Or(p.read("protocolVersion", &asked), p.read("clientInfo", &client), p.read("capabilities", &capabilities)); err != nil {
		return err
	}
	s.open, s.revision, s.client = true, negotiate(asked), client
	s.answers = s.revision >= firstWithElicitation && canAsk(capabilities)
	c.revision = s.revision
	return nil
}

// connect gives a call its _meta, and what only a stream can do for it.
func (s *session) connect(c *call) {
	var meta object
	c.params.read("_meta", &meta) // it was read before
	c.from.Meta = meta
	if token, known := newID(meta["progressToken"]); known && (s.stream != nil || s.events != nil) {
		c.from.Progress = func(done, total float64, message string) {
			said := progress{json.RawMessage(token), done, total, message}
			if s.stream == nil {
				s.events.notify("notifications/progress", said)
				return
			}
			s.stream.notifyOf(c.id, "notifications/progress", said)
		}
	}
	if s.stream != nil && s.answers && !isLatest(c.revision) {
		c.from.Ask = s.stream.elicit
	}
}

// canAsk reports whether a client's capabilities have questions to its user,
// in a form: what has neither form nor url means that.
func canAsk(capabilities object) bool {
	var how object
	if !capabilities.has("elicitation") || capabilities.read("elicitation", &how) != nil {
		return false
	}
	return len(how) == 0 || how.has("form")
}

func notSpoken(method string) error {
	return &Error{Code: methodNotFound, Message: "method not found: " + strconv.Quote(method)}
}

// object reads the params, which are an object or are not there.
func (m message) object(params *object) error {
	if m.params == nil {
		return nil
	}
	if err := json.Unmarshal(m.params, params); err != nil {
		return &Error{Code: invalidParams, Message: "invalid params: must be an object"}
	}
	return params.read("_meta", new(object))
}

// answer accepts a request and runs it.
func (s *session) answer(ctx context.Context, m message) (any, error) {
	c, err := s.accept(m)
	if err != nil {
		return nil, err
	}
	return c.answer(ctx)
}

// answer runs a call. A panic in a handler is an internal error: the other
// clients of the server have nothing to do with it.
func (c *call) answer(ctx context.Context) (result any, err error) {
	defer func() {
		if p := recover(); p != nil {
			c.server.o.Log.Error("a request panicked", "panic", p, "stack", string(debug.Stack()))
			result, err = nil, &Error{Code: internalError, Message: "internal error"}
		}
	}()
	result, err = c.run(ctx, c)
	if err != nil {
		return nil, err
	}
	if r, ok := result.(interface{ complete(Implementation) }); ok && isLatest(c.revision) {
		r.complete(c.server.o.Info)
	}
	return result, nil
}
