package httpapi

import (
	"context"
	"net/http"
	"time"

	"pm/internal/ops"
	"pm/internal/spill"
	"pm/internal/tracker"
)

// The bounds of a long answer.
const (
	longRead   = 5 * time.Minute  // to read it from the database
	longWrite  = 15 * time.Minute // until the client has it
	slowestGet = 10 * time.Second // of a client, to take a step of it
	longStep   = 64 << 10
)

// answerLong answers with what comes in parts. A short answer is written as
// any other. Of a long one the status is sent with the first part; if something
// goes wrong behind that, the connection ends before the body does.
func (s *Server) answerLong(w http.ResponseWriter, r *http.Request, op ops.Op, in any, names []string) {
	limit := answerTimeout
	if tracker.IsLong(in) {
		if err := moveTo(r, s.longs, "long answers"); err != nil {
			s.fail(w, r, err)
			return
		}
		limit = longRead
	}
	body := &longBody{w: w, rc: http.NewResponseController(w), end: time.Now().Add(longWrite)}
	out := spill.New(body, s.spill)
	var lacks []tracker.Warning
	ctx := tracker.WithWarnings(r.Context(), &lacks)
	last, err := s.readLong(ctx, limit, op, in, joinerOf(out, names), func() { setWarnings(w.Header(), lacks) })
	text, short := out.Short()
	switch {
	case short && err != nil:
		s.fail(w, r, err)
	case short:
		w.Header().Set("Content-Type", "application/json")
		if page, ok := last.(interface{ Next() string }); ok && page.Next() != "" {
			w.Header().Set("Link", nextLink(r, page.Next()))
		}
		s.write(w, http.StatusOK, text)
	case err != nil:
		body.rc.SetWriteDeadline(time.Now()) // the client need not have what is held already
		out.Abort(nil)
		s.o.Log.Warn("a long answer was cut off", "operation", op.Name, "error", err)
		panic(http.ErrAbortHandler)
	default:
		if err := out.Close(nil); err != nil {
			s.o.Log.Debug("a client did not read a long answer", "operation", op.Name, "error", err)
			panic(http.ErrAbortHandler)
		}
	}
}

// readLong reads an answer part by part, and returns the last one. It calls begin
// before it hands over the first.
func (s *Server) readLong(ctx context.Context, limit time.Duration, op ops.Op, in any, to joiner, begin func()) (last ops.Part, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	began := time.Now()
	defer func() { s.o.Metrics.operation(op, in, last, err, time.Since(began)) }()
	if limit == longRead {
		// It leaves connections to the database to the short ones.
		select {
		case s.reads <- struct{}{}:
			defer func() { <-s.reads }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	err = op.Parts(ctx, s.o.Tracker, in, func(part ops.Part) error {
		if last == nil {
			begin()
		}
		last = part
		return to.Add(part)
	})
	if err == nil {
		err = to.End()
	}
	return last, err
}

// A longBody writes the body of a long answer, in bounded time.
type longBody struct {
	w     http.ResponseWriter
	rc    *http.ResponseController
	end   time.Time
	begun bool
}

func (b *longBody) Write(p []byte) (n int, err error) {
	if !b.begun {
		b.begun = true
		b.w.Header().Set("Content-Type", "application/json")
		b.w.WriteHeader(http.StatusOK)
	}
	for len(p) > 0 && err == nil {
		late := time.Now().Add(slowestGet)
		if late.After(b.end) {
			late = b.end
		}
		b.rc.SetWriteDeadline(late)
		var m int
		m, err = b.w.Write(p[:min(len(p), longStep)])
		n, p = n+m, p[m:]
	}
	return n, err
}
