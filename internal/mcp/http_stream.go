package mcp

import (
	"encoding/json"
	"net/http"
	"sync"
)

// An answerStream is the answer to a POST that became a stream of events, since
// the client is told of the progress of its request. It ends with the answer,
// and cannot be resumed: a client that loses it repeats the request.
type answerStream struct {
	w      http.ResponseWriter
	escape func([]byte) []byte

	mu    sync.Mutex
	begun bool
	ended bool
}

// notify sends a notification; the first one begins the stream.
func (s *answerStream) notify(method string, params any) {
	b, err := marshal(notice{JSONRPC: "2.0", Method: method, Params: params})
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return
	}
	if !s.begun {
		s.begun = true
		h := s.w.Header()
		h.Set("Content-Type", "text/event-stream")
		h.Set("Cache-Control", "no-cache, no-transform")
		h.Set("X-Accel-Buffering", "no")
		s.w.WriteHeader(http.StatusOK)
	}
	s.event(b)
}

// end sends the answer if there is a stream, and reports whether there is.
func (s *answerStream) end(answer json.RawMessage) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	if s.begun {
		s.event(answer)
	}
	return s.begun
}

// event writes a message. An error means that nobody is there to be told.
func (s *answerStream) event(message []byte) {
	s.w.Write(append(append([]byte("event: message\ndata: "), s.escape(message)...), "\n\n"...))
	http.NewResponseController(s.w).Flush()
}
