// Package httpapi serves a plan over HTTP: the operations of the table under
// /v1, the changes as they happen under /v1/events, and what keeps a server
// well: health, metrics, its own description.
//
// Who gets in: only requests whose Host is a name of this server (a page from
// elsewhere cannot rebind its name to us), that come from no other origin,
// and, where there are tokens, that carry one. There is no CORS. Every
// request is bounded in size and in time.
package httpapi

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// Options are what a server needs, and what may be set.
type Options struct {
	Tracker *tracker.Tracker
	Version string
	Actor   plan.Actor // who acts where a request names nobody
	Metrics *Metrics   // nil for new ones

	Tokens Tokens       // where there are any, a request needs one
	Hosts  []string     // names of this server beyond those of the loopback
	MCP    http.Handler // served at /mcp
	Web    http.Handler // served at /, and what lies under it
	Log    *slog.Logger // nil for none
}

// The limits of a request.
const (
	maxBody       = 2 << 20
	maxHeader     = 32 << 10
	maxRequests   = 256 // at once
	maxStreams    = 64  // of events, at once
	headerTimeout = 5 * time.Second
	bodyTimeout   = 20 * time.Second
	answerTimeout = 30 * time.Second // for the operation, and again for its bytes
	idleTimeout   = 2 * time.Minute
	drainTimeout  = 10 * time.Second
)

// A Server answers requests.
type Server struct {
	o        Options
	handler  http.Handler
	hub      *hub
	slots    chan struct{}
	streams  chan struct{}
	draining chan struct{} // closed when the server is to end
}

// New returns a server; Serve or ServeHTTP let it work.
func New(o Options) *Server {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Metrics == nil {
		o.Metrics = NewMetrics()
	}
	s := &Server{o: o, slots: make(chan struct{}, maxRequests), streams: make(chan struct{}, maxStreams), draining: make(chan struct{})}
	s.hub = newHub(o.Tracker, s.draining)
	s.handler = o.Metrics.requests(s.guard(s.routes()))
	return s
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Serve answers on l until ctx ends. Then it takes no new requests, ends the
// streams of events, and gives those under way ten seconds to finish. It
// serves once.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	srv := &http.Server{
		Handler: s, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(s.o.Log.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	select {
	case err := <-failed:
		close(s.draining)
		return err
	case <-ctx.Done():
	}
	close(s.draining)
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	err := srv.Shutdown(late)
	if errors.Is(err, context.DeadlineExceeded) {
		s.o.Log.Warn("requests were cut off", "after", drainTimeout)
		err = srv.Close()
	}
	if stopped := <-failed; !errors.Is(stopped, http.ErrServerClosed) {
		err = errors.Join(err, stopped)
	}
	s.hub.wait()
	return err
}

// isDraining reports whether the server is about to end.
func (s *Server) isDraining() bool {
	select {
	case <-s.draining:
		return true
	default:
		return false
	}
}
