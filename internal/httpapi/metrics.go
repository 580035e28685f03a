package httpapi

import (
	"context"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// Metrics are the numbers of one server. No label holds a key or a name, so
// that there is a bounded number of series.
type Metrics struct {
	build, statements, statementErrors, transactions, rolledBack, retries *family
	operations, operationSeconds, claims                                  *family
	requestCount, requestSeconds, openStreams                             *family
	changes, takenOver, tasks, ready, expired, goroutines, heap           *family
	backupAge, proofAge, backupProblems                                   *family

	mu   sync.Mutex    // guards feed
	feed *tracker.Feed // of the changes that were counted
}

// NewMetrics returns metrics of nothing yet.
func NewMetrics() *Metrics {
	return &Metrics{
		build:            newFamily("gauge", "pm_build_info", "The version of pm.", "version"),
		statements:       newFamily("histogram", "pm_statement_seconds", "How long statements of this process took, by name; tx.* are steps of transactions.", "statement"),
		statementErrors:  newFamily("counter", "pm_statement_errors_total", "Statements of this process that failed.", "statement"),
		transactions:     newFamily("counter", "pm_transactions_total", "Transactions that this process began."),
		rolledBack:       newFamily("counter", "pm_transactions_rolled_back_total", "Transactions of this process that were rolled back."),
		retries:          newFamily("counter", "pm_transaction_retries_total", "Writes of this process that lost a race and were retried."),
		operations:       newFamily("counter", "pm_operations_total", "Operations over HTTP, by outcome.", "operation", "result"),
		operationSeconds: newFamily("histogram", "pm_operation_seconds", "How long operations over HTTP took.", "operation"),
		claims:           newFamily("counter", "pm_claims_total", "Claims over HTTP, by outcome.", "result"),
		requestCount:     newFamily("counter", "pm_http_requests_total", "HTTP requests.", "route", "status"),
		requestSeconds:   newFamily("histogram", "pm_http_request_seconds", "How long HTTP requests took.", "route"),
		openStreams:      newFamily("gauge", "pm_event_streams", "Open event streams."),
		changes:          newFamily("counter", "pm_status_changes_total", "Status changes in the whole plan, by anyone, since the first scrape.", "from", "to"),
		takenOver:        newFamily("counter", "pm_leases_taken_over_total", "Tasks taken over from holders whose lease had expired, by anyone, since the first scrape."),
		tasks:            newFamily("gauge", "pm_tasks", "Tasks by status.", "status"),
		ready:            newFamily("gauge", "pm_tasks_ready", "Tasks that can be claimed."),
		expired:          newFamily("gauge", "pm_leases_expired", "Tasks held under an expired lease."),
		goroutines:       newFamily("gauge", "pm_goroutines", "Goroutines of the server."),
		backupAge:        newFamily("gauge", "pm_backup_age_seconds", "Age of the last backup."),
		proofAge:         newFamily("gauge", "pm_backup_proof_age_seconds", "Time since a backup was last restored into a temporary file and checked."),
		backupProblems:   newFamily("gauge", "pm_backup_problems", "Problems that pm doctor found in the backup that was last checked."),
		heap:             newFamily("gauge", "pm_heap_bytes", "Bytes of the server's heap in use."),
	}
}

func (m *Metrics) all() []*family {
	return []*family{m.build, m.statements, m.statementErrors, m.transactions, m.rolledBack, m.retries,
		m.operations, m.operationSeconds, m.claims, m.requestCount, m.requestSeconds, m.openStreams,
		m.changes, m.takenOver, m.tasks, m.ready, m.expired, m.backupAge, m.proofAge, m.backupProblems, m.goroutines, m.heap}
}

// Statement takes in one statement that ran, or one step of a transaction.
func (m *Metrics) Statement(name string, took time.Duration, err error) {
	switch name {
	case "tx.retry":
		m.retries.add(1)
		return
	case "tx.rollback":
		m.rolledBack.add(1)
	case "tx.begin":
		m.transactions.add(1)
	}
	m.statements.observe(took, name)
	if err != nil {
		m.statementErrors.add(1, name)
	}
}

// operation takes in one operation.
func (m *Metrics) operation(op ops.Op, in, out any, err error, took time.Duration) {
	result := "ok"
	if err != nil {
		result = string(plan.KindOf(err))
	}
	m.operations.add(1, op.Name, result)
	m.operationSeconds.observe(took, op.Name)
	next, isNext := in.(*tracker.Next)
	switch {
	case isNext && next.Claim && err == nil:
		if given, ok := out.(tracker.NextTask); ok && given.Task == nil {
			result = "none"
		}
		m.claims.add(1, result)
	case op.Name == "task claim", isNext && next.Claim:
		m.claims.add(1, result)
	}
}

// stream counts a stream of events, until the function it returns is called.
func (m *Metrics) stream() func() {
	m.openStreams.add(1)
	return func() { m.openStreams.add(-1) }
}

// maxCounted bounds the changes that one scrape counts.
const maxCounted = 20_000

// scrape brings up to date what is counted only when somebody asks.
func (m *Metrics) scrape(ctx context.Context, t *tracker.Tracker) error {
	m.goroutines.set(float64(runtime.NumGoroutine()))
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	m.heap.set(float64(mem.HeapInuse))
	g, err := t.Gauges(ctx)
	if err != nil {
		return err
	}
	c := g.Counts
	for status, n := range map[plan.TaskStatus]int{plan.Todo: c.Todo, plan.InProgress: c.InProgress, plan.Blocked: c.Blocked,
		plan.ReadyForReview: c.ReadyForReview, plan.Completed: c.Completed, plan.Archived: c.Archived} {
		m.tasks.set(float64(n), string(status))
	}
	m.ready.set(float64(c.Ready))
	m.expired.set(float64(g.ExpiredLeases))
	if b := g.Backup; b != nil {
		m.backupAge.set(float64(b.AgeSeconds))
		m.backupProblems.set(float64(b.Problems))
		if b.ProvedAt != nil {
			m.proofAge.set(time.Since(*b.ProvedAt).Seconds())
		}
	}
	return m.countChanges(ctx, t)
}

// countChanges counts what has happened in the plan since the last scrape.
func (m *Metrics) countChanges(ctx context.Context, t *tracker.Tracker) (err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.feed == nil {
		m.takenOver.add(0)
		m.feed, err = t.OpenFeed(ctx, "")
	}
	for n := 0; err == nil && n < maxCounted; {
		var events []tracker.Event
		if events, err = m.feed.Next(ctx); len(events) == 0 {
			return err
		}
		n += len(events)
		for _, e := range events {
			if tracker.TookOver(e.Record) {
				m.takenOver.add(1)
			}
			if e.Record.OldStatus != e.Record.NewStatus && e.Record.Key.Level() == plan.LevelTask {
				m.changes.add(1, e.Record.OldStatus, e.Record.NewStatus)
			}
		}
	}
	return err
}

// A counted is an answer whose status is looked at.
type counted struct {
	http.ResponseWriter
	status int
	route  string
}

func (c *counted) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (c *counted) Unwrap() http.ResponseWriter { return c.ResponseWriter }

type countedKey struct{}

// setRoute notes which route answers a request.
func setRoute(r *http.Request, route string) {
	if c, ok := r.Context().Value(countedKey{}).(*counted); ok {
		c.route = route
	}
}

// requests counts requests.
func (m *Metrics) requests(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &counted{ResponseWriter: w, route: "none"}
		began := time.Now()
		defer func() { // also of an answer that is broken off
			if c.status == 0 {
				c.status = http.StatusOK
			}
			m.requestCount.add(1, c.route, strconv.Itoa(c.status))
			m.requestSeconds.observe(time.Since(began), c.route)
		}()
		next.ServeHTTP(c, r.WithContext(context.WithValue(r.Context(), countedKey{}, c)))
	})
}

// metrics answers with all numbers.
func (s *Server) metrics(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), answerTimeout)
	defer cancel()
	if err := s.o.Metrics.scrape(ctx, s.o.Tracker); err != nil {
		s.fail(w, r, err)
		return
	}
	s.o.Metrics.build.set(1, s.o.Version)
	var b strings.Builder
	for _, f := range s.o.Metrics.all() {
		f.write(&b)
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	s.write(w, http.StatusOK, []byte(b.String()))
}
