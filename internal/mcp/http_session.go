package mcp

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// sessionIdle is how long a session over HTTP lives without a request: a
// client that was killed does not end it.
const sessionIdle = 10 * time.Minute

// The bounds of what is remembered of sessions.
const (
	maxSessions = 4096 // that live
	maxEnded    = 4096 // that their clients ended
)

// httpSessions are the sessions over HTTP (Transports, Session Management).
// The latest revision has none. Only those that live are known; a request
// with the id of another one brings it to life, unless its client ended it.
type httpSessions struct {
	idle  time.Duration
	mu    sync.Mutex
	live  map[string]*httpSession
	ended map[string]bool
}

// An httpSession lives while it has requests, and for a while after the last.
type httpSession struct {
	alive    context.Context
	end      context.CancelFunc
	requests int
	heard    time.Time
	timer    *time.Timer
	pending  map[id]context.CancelFunc
}

func newHTTPSessions() *httpSessions {
	return &httpSessions{idle: sessionIdle, live: map[string]*httpSession{}, ended: map[string]bool{}}
}

// enter begins a request of a session; nil if the session has ended.
func (all *httpSessions) enter(name string) *httpSession {
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.ended[name] {
		return nil
	}
	s := all.live[name]
	if s == nil {
		all.makeRoom()
		s = &httpSession{pending: map[id]context.CancelFunc{}}
		s.alive, s.end = context.WithCancel(context.Background())
		s.timer = time.AfterFunc(all.idle, func() { all.expire(name, s) })
		all.live[name] = s
	}
	s.timer.Stop()
	s.requests++
	return s
}

// leave ends a request of a session.
func (all *httpSessions) leave(s *httpSession) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if s.requests--; s.requests == 0 {
		s.heard = time.Now()
		s.timer.Reset(all.idle)
	}
}

// makeRoom ends the session that was not heard of for the longest time if
// there are too many.
func (all *httpSessions) makeRoom() {
	if len(all.live) < maxSessions {
		return
	}
	oldest := ""
	for id, s := range all.live {
		if s.requests == 0 && (oldest == "" || s.heard.Before(all.live[oldest].heard)) {
			oldest = id
		}
	}
	if oldest != "" {
		all.drop(oldest)
	}
}

// drop ends a session that lives.
func (all *httpSessions) drop(id string) {
	if s := all.live[id]; s != nil {
		s.timer.Stop()
		s.end()
		delete(all.live, id)
	}
}

func (all *httpSessions) expire(id string, s *httpSession) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.live[id] == s && s.requests == 0 {
		all.drop(id)
	}
}

// remove ends a session for good, as its client asks.
func (all *httpSessions) remove(id string) {
	all.mu.Lock()
	defer all.mu.Unlock()
	all.drop(id)
	if len(all.ended) >= maxEnded {
		clear(all.ended)
	}
	all.ended[id] = true
}

func (all *httpSessions) close() {
	all.mu.Lock()
	defer all.mu.Unlock()
	for id := range all.live {
		all.drop(id)
	}
}

// begin notes a request that notifications/cancelled may name. The function
// that it returns forgets it.
func (all *httpSessions) begin(s *httpSession, request id, cancel context.CancelFunc) func() {
	all.mu.Lock()
	defer all.mu.Unlock()
	s.pending[request] = cancel
	return func() {
		all.mu.Lock()
		defer all.mu.Unlock()
		delete(s.pending, request)
	}
}

func (all *httpSessions) cancel(s *httpSession, m message) {
	request, ok := m.cancelled()
	all.mu.Lock()
	defer all.mu.Unlock()
	if cancel := s.pending[request]; ok && cancel != nil {
		cancel()
	}
}

// sessionOf returns what is known of who sends a POST, and what ends it. It
// answers itself, and returns false, where the session is none that lives.
func (s *Server) sessionOf(w http.ResponseWriter, r *http.Request) (of *session, done func(), ok bool) {
	of = &session{server: s, open: true, gone: r.Context()}
	id := r.Header.Get(headerSession)
	if id == "" || isLatest(r.Header.Get(headerVersion)) {
		return of, func() {}, true
	}
	client, known := clientOfSession(id)
	if known {
		of.http = s.sessions.enter(id)
	}
	if of.http == nil {
		http.Error(w, "unknown session: send initialize to begin another one", http.StatusNotFound)
		return nil, nil, false
	}
	of.client, of.id, of.alive = client, id, of.http.alive
	return of, func() { s.sessions.leave(of.http) }, true
}

// endSession answers a DELETE.
func (s *Server) endSession(w http.ResponseWriter, r *http.Request) {
	id := r.Header.Get(headerSession)
	if _, known := clientOfSession(id); !known {
		http.Error(w, "unknown session", http.StatusNotFound)
		return
	}
	s.sessions.remove(id)
	w.WriteHeader(http.StatusNoContent)
}
