package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"pm/internal/ops"
	"pm/internal/plan"
)

// A Problem is an error as RFC 9457 wants it, with pm's own members.
type Problem struct {
	Type   string     `json:"type"`
	Title  string     `json:"title"`
	Status int        `json:"status"`
	Detail string     `json:"detail"`
	Kind   plan.Kind  `json:"kind"`
	Code   string     `json:"code"`
	Hint   string     `json:"hint,omitempty"`
	Task   *plan.Task `json:"task,omitempty"`

	Conflicts []plan.UndoConflict `json:"conflicts,omitempty"` // what stands in the way of an undo
}

// StatusOf is the one table from kinds of errors to statuses. A precondition
// that failed (412), and what is wrong with the request as HTTP, have their own.
func StatusOf(k plan.Kind) int {
	switch k {
	case plan.Usage:
		return http.StatusBadRequest
	case plan.Invalid, plan.Refused:
		return http.StatusUnprocessableEntity
	case plan.NotFound:
		return http.StatusNotFound
	case plan.Conflict:
		return http.StatusConflict
	case plan.Permission:
		return http.StatusForbidden
	case plan.Unavailable:
		return http.StatusServiceUnavailable
	case plan.Storage:
		return http.StatusInsufficientStorage
	}
	return http.StatusInternalServerError // Corrupt, Internal
}

// retryAfter is how many seconds a client should wait before it tries again.
const retryAfter = "1"

// problem describes an error to a client. What is internal goes to the log only.
func (s *Server) problem(r *http.Request, err error) Problem {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		err = refuse(http.StatusRequestEntityTooLarge, plan.Invalid, "too_large", "the body is larger than 2 MiB")
	case errors.Is(err, context.DeadlineExceeded):
		err = plan.Errorf(plan.Unavailable, "the request took too long").WithCode("timeout").WithHint("check before you repeat it; with an Idempotency-Key, repeating is safe")
	case errors.Is(err, context.Canceled) && s.isDraining():
		err = plan.Errorf(plan.Unavailable, "the server is shutting down").WithCode("draining").WithHint("try again")
	}
	p := problemOf(err)
	if e := plan.Describe(err); r.Header.Get("X-PM-Surface") == surfaceWeb { // a person reads it, who has commands and no routes
		p.Detail, p.Hint = e.Message, e.Hint
	}
	if p.Kind == plan.Internal && r.Context().Err() == nil {
		s.o.Log.Error("internal error", "method", r.Method, "route", r.Pattern, "error", err)
		p.Detail = "an error occurred in the server; its log has the details"
	}
	return p
}

// problemOf describes an error as it is.
func problemOf(err error) Problem {
	e := plan.Describe(err)
	p := Problem{Type: "urn:pm:" + e.Code, Status: StatusOf(e.Kind), Detail: ops.SpeakArguments(e.Message), Kind: e.Kind, Code: e.Code, Hint: hintText(e.Hint), Task: e.Task, Conflicts: e.Conflicts}
	var own refusal
	if errors.As(err, &own) {
		p.Status = own.status
	}
	p.Title = http.StatusText(p.Status)
	return p
}

// fail answers with a problem.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := s.problem(r, err)
	b, jsonErr := ops.JSON(p)
	if jsonErr != nil {
		b, _ = json.Marshal(Problem{Type: "about:blank", Status: p.Status})
	}
	w.Header().Set("Content-Type", "application/problem+json")
	if p.Status == http.StatusServiceUnavailable && p.Code != "unknown_outcome" { // which must not be repeated blindly
		w.Header().Set("Retry-After", retryAfter)
	}
	s.write(w, p.Status, b)
}
