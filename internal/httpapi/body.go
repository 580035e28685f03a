package httpapi

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"time"

	"pm/internal/plan"
)

// bodyStep is how much of the budget a body takes at a time, as it comes in.
const bodyStep = 16 << 10

// readAhead reads a request's body before the request takes part in anything:
// a client that sends slowly holds up nobody. What is wrong with the body is
// told to whoever reads it. The memory it takes is given back by done.
func (s *Server) readAhead(w http.ResponseWriter, r *http.Request) (done func(), err error) {
	rc := http.NewResponseController(w)
	rc.SetReadDeadline(time.Now().Add(bodyTimeout))
	defer rc.SetReadDeadline(time.Time{}) // it would end a request that waits
	taken := 0
	done = func() { s.bodies.give(taken) }
	if r.ContentLength == 0 {
		return done, nil
	}
	var b bytes.Buffer
	body := http.MaxBytesReader(w, r.Body, maxBody)
	for err == nil {
		if !s.bodies.try(bodyStep) {
			return done, plan.Errorf(plan.Unavailable, "too many requests with large bodies at once").WithCode("too_many_requests").WithHint("try again")
		}
		taken += bodyStep
		_, err = io.CopyN(&b, body, bodyStep)
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	r.Body = &ahead{b, err}
	return done, nil
}

// An ahead is a body that was read, and what ended it before its end.
type ahead struct {
	bytes.Buffer
	err error
}

func (a *ahead) Read(p []byte) (int, error) {
	n, err := a.Buffer.Read(p)
	if err != nil && a.err != nil {
		err = a.err
	}
	return n, err
}

func (*ahead) Close() error { return nil }
