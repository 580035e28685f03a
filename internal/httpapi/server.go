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
	"pm/internal/spill"
	"pm/internal/tracker"
)

// Options are what a server needs, and what may be set.
type Options struct {
	Tracker *tracker.Tracker
	Version string
	Actor   plan.Actor // who acts where a request names nobody
	Metrics *Metrics   // nil for new ones

	Tokens Tokens                  // where there are any, a request needs one
	Hosts  []string                // names of this server beyond those of the loopback
	MCP    http.Handler            // served at /mcp
	Web    map[string]http.Handler // patterns beside those of the API: the page
	Log    *slog.Logger            // nil for none
}

// The limits of a request.
const (
	maxBody       = 2 << 20
	maxHeader     = 32 << 10
	headerTimeout = 5 * time.Second
	bodyTimeout   = 20 * time.Second
	answerTimeout = 30 * time.Second // for the operation, and again for its bytes
	idleTimeout   = 2 * time.Minute
	drainTimeout  = 10 * time.Second
)

// limits are how much a server does at a time. What waits, streams of events,
// health and metrics are beside the requests, so that none of them can keep
// the others out.
type limits struct {
	requests  int // that are answered
	waits     int // requests that wait for a task
	scrapes   int // of the metrics
	longs     int // answers of any length
	reads     int // of them, those that are read from the database
	bodies    int // bytes of bodies
	streams   int // of events
	behind    int // streams that read the history by themselves, since they missed something
	held      int // bytes of events that are held for the streams
	unwritten int // bytes of events that streams have read by themselves, and not yet written
	pace      pace
}

func usualLimits() limits {
	return limits{requests: 256, waits: 1000, scrapes: 4, longs: 16, reads: 2, bodies: 64 << 20, streams: 1000, behind: 2, held: 8 << 20, unwritten: 32 << 20,
		pace: pace{quick: 10 * time.Millisecond, calm: 50 * time.Millisecond}}
}

// A Server answers requests.
type Server struct {
	o         Options
	handler   http.Handler
	hub       *hub
	door      door
	slots     chan struct{} // of requests
	waits     chan struct{}
	scrapes   chan struct{}
	longs     chan struct{}
	reads     chan struct{}
	spill     spill.Options
	bodies    *budget
	streams   chan struct{}
	behind    chan struct{}
	unwritten *budget
	draining  chan struct{} // closed when the server is to end
}

// New returns a server; Serve or ServeHTTP let it work.
func New(o Options) *Server { return newServer(o, usualLimits()) }

func newServer(o Options, most limits) *Server {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Metrics == nil {
		o.Metrics = NewMetrics()
	}
	s := &Server{o: o, slots: make(chan struct{}, most.requests), waits: make(chan struct{}, most.waits),
		scrapes: make(chan struct{}, most.scrapes), longs: make(chan struct{}, most.longs), reads: make(chan struct{}, most.reads), bodies: newBudget(most.bodies), streams: make(chan struct{}, most.streams),
		behind: make(chan struct{}, most.behind), unwritten: newBudget(most.unwritten), draining: make(chan struct{})}
	s.hub = newHub(o.Tracker, o.Log, s.draining, most.pace, most.held)
	s.handler = o.Metrics.requests(s.guard(s.problems(s.routes())))
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
	go func() { failed <- srv.Serve(plainListener{l}) }()
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
