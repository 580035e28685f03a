package db

import (
	"strings"
	"sync"
	"time"
)

// Timings collect what Options.Observe tells: how often each named statement
// ran and how long it took, in memory that depends on the number of names
// alone. Its methods may be called by several goroutines at once. What begins
// with "tx." is no statement but a step of a transaction: tx.wait is waiting
// for one's turn to write, tx.begin includes opening the connection, and
// tx.commit the disk.
type Timings struct {
	mu    sync.Mutex
	order []*timing // as first seen
	named map[string]*timing
	tx    TxCounts
}

// TxCounts count transactions by how they ended. A retry is a write that the
// engine aborted for another's sake and that was run again.
type TxCounts struct {
	Transactions int64 `json:"transactions"`
	RolledBack   int64 `json:"rolled_back"`
	Retries      int64 `json:"retries"`
}

// A Timing sums up one name. Rows are those returned or changed. Times are in
// milliseconds; P95 is exact to 1.6 %.
type Timing struct {
	Name   string  `json:"name"`
	Count  int64   `json:"count"`
	Rows   int64   `json:"rows"`
	Errors int64   `json:"errors,omitempty"`
	Total  float64 `json:"total_ms"`
	Avg    float64 `json:"avg_ms"`
	Min    float64 `json:"min_ms"`
	Max    float64 `json:"max_ms"`
	P95    float64 `json:"p95_ms"`
}

type timing struct {
	name         string
	rows, errors int64
	took         Histogram
}

// NewTimings returns timings of nothing yet; pass its Observe to Options.
func NewTimings() *Timings { return &Timings{named: map[string]*timing{}} }

// Observe takes one statement in.
func (t *Timings) Observe(s Statement) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch s.Name {
	case "tx.begin":
		t.tx.Transactions++
	case "tx.rollback":
		t.tx.RolledBack++
	case "tx.retry":
		t.tx.Retries++
		return // takes no time of its own
	}
	one := t.named[s.Name]
	if one == nil {
		one = &timing{name: s.Name}
		t.named[s.Name] = one
		t.order = append(t.order, one)
	}
	one.rows += s.Rows
	if s.Err != nil {
		one.errors++
	}
	one.took.Add(s.Took)
}

// All returns the timings by name, in the order in which the names were first seen.
func (t *Timings) All() []Timing {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]Timing, len(t.order))
	for i, one := range t.order {
		h := &one.took
		out[i] = Timing{Name: one.name, Count: h.Count(), Rows: one.rows, Errors: one.errors, Total: Milliseconds(h.Sum()),
			Avg: Milliseconds(h.Avg()), Min: Milliseconds(h.Min()), Max: Milliseconds(h.Max()), P95: Milliseconds(h.Percentile(95))}
	}
	return out
}

// Transactions returns how many transactions there were, and how they ended.
func (t *Timings) Transactions() TxCounts {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.tx
}

// StepOpen is the step of a Lazy database that is opened by its first transaction.
const StepOpen = "open"

// IsStep reports whether a name of Timings is a step of a transaction and no statement.
func IsStep(name string) bool { return strings.HasPrefix(name, "tx.") && name != "tx.now" }

// Milliseconds returns d in milliseconds, to the microsecond.
func Milliseconds(d time.Duration) float64 {
	return float64(d.Round(time.Microsecond)) / float64(time.Millisecond)
}
