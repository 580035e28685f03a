package cli

import (
	"bytes"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"pm/internal/cli/term"
	"pm/internal/config"
	"pm/internal/db"
)

// A watch looks at the statements of one run.
type watch struct {
	began   time.Time
	opened  time.Duration
	timings *db.Timings // nil unless somebody asked for them
	slow    slowLog
	log     bool // stderr is a log: that of a server
}

// observer returns what is told of every statement: it warns of slow ones,
// and collects timings for whoever asked for them.
func (a *app) observer(c config.Config) (func(db.Statement), error) {
	usual := time.Duration(0) // people who did not ask for it need no such line in an answer
	if a.watch.log || a.flags.timing {
		usual = config.DefaultSlowQuery
	}
	threshold, err := c.Slow(a.getenv("PM_SLOW_QUERY"), usual)
	if err != nil {
		return nil, err
	}
	if a.flags.timing && a.watch.timings == nil {
		a.watch.timings = db.NewTimings()
	}
	timings := a.watch.timings
	if timings == nil && threshold == 0 {
		return nil, nil
	}
	return func(s db.Statement) {
		if s.Name == db.StepOpen {
			a.watch.opened += s.Took
			return
		}
		if timings != nil {
			timings.Observe(s)
		}
		if threshold > 0 && s.Took > threshold && (s.Text != "" || s.Name == "tx.commit") {
			a.watch.slow.warn(a, s, threshold)
		}
	}, nil
}

// performanceLogger is the name that the specification gives the logger; it
// is the attribute "logger" of each record.
const performanceLogger = "pm.database.performance"

// A slowLog is made when the first slow statement is met.
type slowLog struct {
	once sync.Once
	log  *slog.Logger
	held bytes.Buffer // with --json: until it is known that no error follows, which stands alone
}

// warn names the statement and never its text or its values.
func (l *slowLog) warn(a *app, s db.Statement, threshold time.Duration) {
	l.once.Do(func() {
		var h slog.Handler = slog.NewTextHandler(a.stderr, nil)
		if a.flags.json || a.flags.jq != "" {
			h = slog.NewJSONHandler(&l.held, nil)
		}
		l.log = slog.New(h).With("logger", performanceLogger)
	})
	l.log.Warn("Slow query: "+s.Name+" took "+s.Took.Round(time.Microsecond).String(),
		"query", s.Name, "ms", db.Milliseconds(s.Took), "rows", s.Rows, "threshold_ms", db.Milliseconds(threshold))
}

// A timingAnswer is what --timing adds on stderr. Total is the time since the
// command line was read, Open that of opening the database.
type timingAnswer struct {
	Open         float64     `json:"open_ms"`
	Total        float64     `json:"total_ms"`
	Transactions db.TxCounts `json:"transactions"`
	Statements   []db.Timing `json:"statements"`
}

// printTiming writes what the run took, behind its answer.
func (a *app) printTiming() {
	t := timingAnswer{Open: db.Milliseconds(a.watch.opened), Total: db.Milliseconds(time.Since(a.watch.began)), Statements: []db.Timing{}}
	if a.watch.timings != nil {
		t.Statements, t.Transactions = a.watch.timings.All(), a.watch.timings.Transactions()
	}
	if a.flags.json || a.flags.jq != "" {
		writeJSON(a.stderr, map[string]timingAnswer{"timing": t})
		return
	}
	table := term.Table{Columns: []term.Column{{Header: "STATEMENT"}, {Header: "CALLS", Align: term.Right}, {Header: "ROWS", Align: term.Right}, {Header: "MS", Align: term.Right}}}
	for _, s := range t.Statements {
		rows := strconv.FormatInt(s.Rows, 10)
		if db.IsStep(s.Name) {
			rows = ""
		}
		table.Row(s.Name, strconv.FormatInt(s.Count, 10), rows, fmt.Sprintf("%.3f", s.Total))
	}
	table.Row("open", "", "", fmt.Sprintf("%.3f", t.Open))
	table.Row("total", "", "", fmt.Sprintf("%.3f", t.Total))
	table.Render(a.stderr, a.err())
}
