package httpapi

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// routes mounts everything that is served.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for _, op := range ops.Table() {
		for _, route := range []string{op.Route, op.Also, op.Former} {
			if route != "" {
				mux.Handle(route, s.operation(op, route))
			}
		}
	}
	for _, p := range pictures {
		mux.Handle(p.route, s.picture(p.op, p.fits, p.draw))
	}
	mux.HandleFunc("GET /v1/events", s.events)
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.HandleFunc("GET /metrics", s.metrics)
	mux.HandleFunc("GET /openapi.json", s.openapi)
	if s.o.MCP != nil {
		mux.Handle("/mcp", s.mcp())
	}
	if len(s.o.Web) > 0 {
		mux.HandleFunc("GET /session", s.signedIn)
		mux.HandleFunc("GET /sign-in", s.signIn)
		mux.HandleFunc("POST /sign-in", s.signIn)
		mux.HandleFunc("DELETE /sign-in", s.signOut)
	}
	for pattern, h := range s.o.Web {
		mux.Handle(pattern, h)
	}
	return s.orProblem(mux)
}

// orProblem answers as a problem where the mux finds no route, or none for the method.
func (s *Server) orProblem(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			setRoute(r, pattern)
			mux.ServeHTTP(w, r)
			return
		}
		var seen recorder
		mux.ServeHTTP(&seen, r)
		allow := seen.Header().Get("Allow")
		if seen.status != http.StatusMethodNotAllowed || allow == "" {
			s.fail(w, r, plan.Errorf(plan.NotFound, "route not found").WithCode("no_route").WithHint("to list the routes: GET /openapi.json"))
			return
		}
		w.Header().Set("Allow", allow)
		e := refuse(http.StatusMethodNotAllowed, plan.Usage, "bad_method", "method not allowed on this route")
		e.err.WithHint("use %s", allow)
		s.fail(w, r, e)
	})
}

// A recorder sees how the mux would answer, and keeps no body.
type recorder struct {
	header http.Header
	status int
}

func (r *recorder) Header() http.Header {
	if r.header == nil {
		r.header = http.Header{}
	}
	return r.header
}

func (r *recorder) Write(b []byte) (int, error) { return len(b), nil }
func (r *recorder) WriteHeader(status int)      { r.status = status }

// operation serves one operation at one route.
func (s *Server) operation(op ops.Op, route string) http.Handler {
	_, path, _ := strings.Cut(route, " ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in := op.NewInput()
		names, err := s.fieldsOf(r, op)
		if err == nil {
			err = fill(r, path, in)
		}
		conditional := false
		if err == nil && op.Effect != ops.Reads {
			conditional, err = condition(r, in)
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		if waitOf(in) > 0 {
			if err := moveTo(r, s.waits, "requests that wait for a task"); err != nil {
				s.fail(w, r, err)
				return
			}
		}
		if op.Parts != nil {
			s.answerLong(w, r, op, in, names)
			return
		}
		ctx, cancel := s.deadline(r.Context(), in)
		defer cancel()
		replayed, operation := false, ""
		var lacks []tracker.Warning
		ctx = tracker.WithWarnings(ctx, &lacks)
		ctx = tracker.WithOperation(ctx, &operation)
		ctx = tracker.WithReplay(tracker.WithIdempotencyKey(ctx, r.Header.Get("Idempotency-Key")), &replayed)
		began := time.Now()
		out, err := op.Call(ctx, s.o.Tracker, in)
		s.o.Metrics.operation(op, in, out, err, time.Since(began))
		if replayed {
			w.Header().Set("Idempotency-Replayed", "true")
		}
		if conditional && hasCode(err, "stale_version") {
			err = refusal{asError(err), http.StatusPreconditionFailed}
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		setWarnings(w.Header(), lacks)
		s.answer(w, r, op, out, operation, names)
	})
}

// deadline bounds an operation in time. Waiting for a task may take longer,
// but not longer than the server runs.
func (s *Server) deadline(ctx context.Context, in any) (context.Context, context.CancelFunc) {
	wait := waitOf(in)
	ctx, cancel := context.WithTimeout(ctx, answerTimeout+wait)
	if wait > 0 {
		go func() {
			select {
			case <-s.draining:
				cancel()
			case <-ctx.Done():
			}
		}()
	}
	return ctx, cancel
}

// waitOf returns how long an operation may wait for a task.
func waitOf(in any) time.Duration {
	wait, _ := tracker.WaitOf(in)
	d, _ := plan.ParseDuration(wait)
	return max(d, 0)
}

// mcp serves MCP, whose tools have the deadline of a request that may wait.
func (s *Server) mcp() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*answerTimeout)
		defer cancel()
		http.NewResponseController(w).SetWriteDeadline(time.Now().Add(3 * answerTimeout))
		s.o.MCP.ServeHTTP(w, r.WithContext(ctx))
	})
}

// asError returns the plan.Error that describes err.
func asError(err error) *plan.Error {
	e := plan.Describe(err)
	return &e
}

// hasCode reports whether an error has that code.
func hasCode(err error, code string) bool {
	var e *plan.Error
	return errors.As(err, &e) && plan.Describe(err).Code == code
}
