package httpapi

import (
	"net/http"

	"pm/internal/plan"
)

// slotsFor returns the slots that a request to a path takes one of. Those that
// have a bound of their own, and those that say whether the server is well,
// are beside the others.
func (s *Server) slotsFor(path string) chan struct{} {
	switch path {
	case "/v1/events", "/mcp", "/healthz", "/readyz":
		return nil
	case "/metrics":
		return s.scrapes
	}
	return s.slots
}

// A slot is one of a number of places. It is for one goroutine.
type slot struct{ of chan struct{} }

type slotKey struct{}

// enter takes a slot, or refuses where none is free.
func enter(of chan struct{}, what string) (*slot, error) {
	select {
	case of <- struct{}{}:
		return &slot{of}, nil
	default:
		return nil, plan.Errorf(plan.Unavailable, "too many %s at once (%d)", what, cap(of)).WithCode("too_many_requests").WithHint("try again")
	}
}

// leave gives the slot back, once.
func (s *slot) leave() {
	if s.of != nil {
		<-s.of
		s.of = nil
	}
}

// moveTo has a request take its slot among others.
func moveTo(r *http.Request, of chan struct{}, what string) error {
	held, ok := r.Context().Value(slotKey{}).(*slot)
	if !ok {
		return nil
	}
	other, err := enter(of, what)
	if err == nil {
		held.leave()
		*held = *other
	}
	return err
}
