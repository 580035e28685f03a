package mcp

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// maxPosts is how many POSTs are answered at once. Agents that wait for a
// task count, too.
const maxPosts = 512

// ServeHTTP answers messages that are POSTed (Transports, Streamable HTTP).
// The answer is JSON, or a stream that ends with it if the request asks for its
// progress: there is nothing to GET. A client that begins with
// initialize is given a session, which it may DELETE; in the latest revision
// every POST stands for itself. Whoever mounts it checks Host, Origin, tokens
// and sizes.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	revision := r.Header.Get(headerVersion)
	one, stream := accepted(r.Header.Values("Accept"))
	contentType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case revision != "" && !isLatest(revision) && !slices.Contains(revisions(), revision):
		http.Error(w, "unknown protocol revision: use one of "+strings.Join(revisions(), ", "), http.StatusBadRequest)
	case r.Method == http.MethodDelete && r.Header.Get(headerSession) != "" && !isLatest(revision):
		s.endSession(w, r)
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "send messages with POST", http.StatusMethodNotAllowed)
	case contentType != "application/json":
		http.Error(w, "the body must be application/json", http.StatusUnsupportedMediaType)
	case !one || !stream:
		http.Error(w, "the client must accept application/json and text/event-stream", http.StatusBadRequest)
	case len(r.Header.Values("Last-Event-ID")) > 0:
		http.Error(w, "no stream to resume: remove Last-Event-ID", http.StatusBadRequest)
	default:
		s.post(w, r)
	}
}

// post answers the body of a POST.
func (s *Server) post(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var tooLarge *http.MaxBytesError
	switch body = bytes.TrimSpace(body); {
	case errors.As(err, &tooLarge):
		http.Error(w, "the body is longer than "+strconv.FormatInt(tooLarge.Limit, 10)+" bytes", http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		http.Error(w, "the body cannot be read", http.StatusBadRequest)
		return
	case len(body) == 0:
		http.Error(w, "the body is empty", http.StatusBadRequest)
		return
	}
	select {
	case s.posts <- struct{}{}:
		defer func() { <-s.posts }()
	default:
		w.Header().Set("Retry-After", "1")
		http.Error(w, "too many requests at once", http.StatusServiceUnavailable)
		return
	}
	of, done, ok := s.sessionOf(w, r)
	if !ok {
		return
	}
	defer done()
	if isBatch(body) {
		s.postBatch(w, r, body, of)
		return
	}
	of.events = &answerStream{w: w, escape: s.o.Escape}
	answer, status := postOne(r, body, of)
	if of.events.end(answer) {
		return
	}
	if of.revision != "" { // this was the handshake
		w.Header().Set(headerSession, newSessionID(of.client))
	}
	s.reply(w, answer, status)
}

// postOne answers one message; a notification has no answer.
func postOne(r *http.Request, body []byte, of *session) (json.RawMessage, int) {
	m, err := decode(body)
	if _, known := methodNamed(m.method); err == nil && known && m.id == "" {
		err = &Error{Code: invalidRequest, Message: "a request needs an id"}
	}
	if err == nil && !m.isAnswer {
		err = checkHeaders(r.Header, m)
	}
	switch {
	case err != nil:
		return encode(m.id, nil, err), http.StatusBadRequest
	case !m.isRequest():
		if of.http != nil && m.method == cancellation {
			of.server.sessions.cancel(of.http, m)
		}
		return nil, http.StatusAccepted
	}
	ctx, cancel := contextOf(r)
	defer cancel()
	if of.http != nil {
		defer of.server.sessions.begin(of.http, m.id, cancel)()
	}
	result, err := of.answer(ctx, m)
	return encode(m.id, result, err), statusOf(err, r.Header.Get(headerVersion))
}

// postBatch answers the messages of a batch one after the other.
func (s *Server) postBatch(w http.ResponseWriter, r *http.Request, body []byte, of *session) {
	batch, err := split(body)
	if err == nil && !hasBatches(cmp.Or(r.Header.Get(headerVersion), unnamed)) {
		err = errNoBatches()
	}
	if err != nil {
		s.reply(w, encode("", nil, err), http.StatusBadRequest)
		return
	}
	var answers []json.RawMessage
	for _, one := range batch {
		if answer, _ := postOne(r, one, of); answer != nil {
			answers = append(answers, answer)
		}
	}
	if answers == nil {
		s.reply(w, nil, http.StatusAccepted)
		return
	}
	all, err := marshal(answers)
	if err != nil {
		all = encode("", nil, err)
	}
	s.reply(w, all, http.StatusOK)
}

// contextOf returns the context of the requests in a POST. Before the latest
// revision a connection that breaks does not cancel them, only time does, and
// a notification. What waits for the client looks at Caller.Gone besides.
func contextOf(r *http.Request) (context.Context, context.CancelFunc) {
	ctx := r.Context()
	if isLatest(r.Header.Get(headerVersion)) {
		return context.WithCancel(ctx)
	}
	if end, has := ctx.Deadline(); has {
		return context.WithDeadline(context.WithoutCancel(ctx), end)
	}
	return context.WithCancel(context.WithoutCancel(ctx))
}

// statusOf returns the status of an answer: what the latest revision demands
// for its errors, and 400 for what is no request in any. Other errors are
// answers like results.
func statusOf(err error, revision string) int {
	if err == nil {
		return http.StatusOK
	}
	switch code := asError(err).Code; {
	case code == methodNotFound && isLatest(revision):
		return http.StatusNotFound
	case code == invalidRequest, code == unsupportedVersion, code == invalidParams && isLatest(revision):
		return http.StatusBadRequest
	}
	return http.StatusOK
}

func (s *Server) reply(w http.ResponseWriter, answer json.RawMessage, status int) {
	if answer == nil {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if status == http.StatusOK {
		w.Header().Set("Cache-Control", "no-cache, no-transform")
	}
	w.WriteHeader(status)
	w.Write(s.o.Escape(answer)) // an error means that nobody is there to be told
}
