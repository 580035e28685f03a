package httpapi

import (
	"context"
	"net/http"

	"pm/internal/plan"
)

// healthz answers that the process lives.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) { s.ok(w) }

// readyz answers whether requests can be served: the database answers, its
// schema is the right one, and the server is not about to end.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	if s.isDraining() {
		s.fail(w, r, plan.Errorf(plan.Unavailable, "the server is shutting down").WithCode("draining"))
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), headerTimeout)
	defer cancel()
	if err := s.o.Tracker.Check(ctx); err != nil {
		e := plan.Describe(err)
		s.fail(w, r, refusal{plan.Errorf(e.Kind, "the database is not available").WithCode(e.Code), http.StatusServiceUnavailable})
		return
	}
	s.ok(w)
}

func (s *Server) ok(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	s.write(w, http.StatusOK, []byte("{\"status\":\"ok\"}\n"))
}
