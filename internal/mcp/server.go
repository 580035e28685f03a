// Package mcp speaks the Model Context Protocol, the server's side of it:
// https://modelcontextprotocol.io/specification. It knows nothing of plans.
//
// A server is declared once: only the list of resources may change while it
// runs. It answers over lines (stdio) and over HTTP. Lines are a stream in both
// directions: on them it tells how far a request is and which resources have
// changed, and asks the user what a request lacks. Over HTTP it answers, and tells no more
// than how far that is.
// Both read messages with decode, let a session accept them in the order in
// which they came, and run what it accepted.
//
// Everything is answered that has an id, once: with a result, or with an Error
// whose code is that of JSON-RPC 2.0 or of the protocol. The package does
// nothing at the start of a program that only links it.
package mcp

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"sort"
	"sync"
)

// Options declare a server.
type Options struct {
	Info         Implementation
	Instructions string // what every client is told at the start
	Tools        []Tool
	Resources    []Resource
	Templates    []ResourceTemplate
	Prompts      []Prompt

	// More, where set, returns resources beside those that are declared.
	More func(ctx context.Context, from Caller) ([]Resource, error)

	// Watch, where set, returns what tells of all that changes from now on until
	// ctx ends. It is called for a client on lines when that may want to know; eager
	// reports whether the client asked to be told, and did not only list what there is.
	Watch func(ctx context.Context, from Caller, eager func() bool, tell func(Change)) (run func(), err error)

	// Complete, where set, returns the values that an argument may have; of more
	// than 100 some suffice.
	Complete func(ctx context.Context, from Caller, of Completion) ([]string, error)

	// Escape, where set, is what every answer goes through before it is sent:
	// it may write characters in strings as escapes.
	Escape func([]byte) []byte

	// Closed, where set, is called at the end of Close: it waits for what the
	// handlers left running for the sessions.
	Closed func()

	// Log is told of panics; nil for nothing.
	Log *slog.Logger
}

// A Server answers the requests of any number of clients.
type Server struct {
	o        Options
	posts    chan struct{} // holds a token for each POST that is being answered
	sessions *httpSessions
	own      func() string // the session of Ask
}

// New returns a server. Its lists are in the order of names and URIs.
func New(o Options) *Server {
	o.Tools = sorted(o.Tools, func(t Tool) string { return t.Name })
	o.Resources = sorted(o.Resources, func(r Resource) string { return r.URI })
	o.Templates = sorted(o.Templates, func(t ResourceTemplate) string { return t.URITemplate })
	o.Prompts = sorted(o.Prompts, func(p Prompt) string { return p.Name })
	if o.Escape == nil {
		o.Escape = func(b []byte) []byte { return b }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Server{o: o, posts: make(chan struct{}, maxPosts), sessions: newHTTPSessions(),
		own: sync.OnceValue(func() string { return newSessionID(nil) })}
}

// Close ends all sessions over HTTP, whose ids stay valid. It is called when
// nothing is served any more.
func (s *Server) Close() {
	s.sessions.close()
	if s.o.Closed != nil {
		s.o.Closed()
	}
}

// sorted returns the items in the order of their names; never nil, which
// would be null on the wire. It sorts by index: slices.SortStableFunc would be
// compiled once for each type of items.
func sorted[T any](items []T, name func(T) string) []T {
	all := append([]T{}, items...)
	sort.SliceStable(all, func(i, j int) bool { return name(all[i]) < name(all[j]) })
	return all
}

// Ask sends a request of a client that is in this process, as the latest
// revision has them, and returns its result.
func (s *Server) Ask(ctx context.Context, client Implementation, method string, params map[string]any) (json.RawMessage, error) {
	all := map[string]any{"_meta": map[string]any{metaVersion: latest, metaCapabilities: struct{}{}, metaClientInfo: client}}
	maps.Copy(all, params)
	raw, err := marshal(all)
	if err != nil {
		return nil, err
	}
	result, err := (&session{server: s, id: s.own(), gone: ctx}).answer(ctx, message{id: "1", method: method, params: raw})
	if err != nil {
		return nil, err
	}
	b, err := marshal(result)
	return s.o.Escape(b), err
}
