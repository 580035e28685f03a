package bench

import (
	"context"
	"fmt"
	"math"
	"time"
)

// Options say what to measure.
type Options struct {
	Tasks  int    // in the database that is measured on
	Rounds int    // of a row that takes no time to speak of; dearer rows run less often
	Server string // the DSN of a PostgreSQL server; empty for SQLite

	Program  string // the pm executable, for whole commands; empty: not measured
	Transfer bool   // measure import and export
	InUse    []int  // sizes at which a plan in use is held against one that is not; empty: not measured
	Growth   []int  // sizes between which growth is measured; empty: not measured

	// Progress is told what is going on; it is not nil.
	Progress func(label string, done, total int)
}

// A Report is what was measured.
type Report struct {
	Engine   string        `json:"engine"`
	Tasks    int           `json:"tasks"`
	FillRate float64       `json:"fill_tasks_per_second,omitempty"`
	Rows     []Row         `json:"rows"`
	Commands []Command     `json:"commands,omitempty"`
	Program  string        `json:"program,omitempty"` // what ran as pm in the commands
	Transfer *Transfer     `json:"transfer,omitempty"`
	Growth   []GrowthCurve `json:"growth,omitempty"`
	InUse    []UseRow      `json:"in_use,omitempty"`
	Web      *WebSize      `json:"web,omitempty"`
	Terminal *TerminalCost `json:"terminal,omitempty"`
	Missed   int           `json:"limits_missed"`
}

// A Row is one operation. It is within its limit if so many of 100 rounds are
// as Percentile says, 95 of the specification's table; Factor is how many times
// the limit is what that percentile came to.
type Row struct {
	Name string `json:"name"`
	Sample
	Percentile int     `json:"percentile"`
	Judged     float64 `json:"judged_ms"` // that percentile
	Limit      float64 `json:"limit_ms"`
	Factor     float64 `json:"factor"`
	Missed     bool    `json:"missed,omitempty"`
}

// add adds what an operation came to, judged by a percentile.
func (r *Report) add(name string, s Sample, percentile int, limit float64) {
	row := Row{Name: name, Sample: s, Percentile: percentile, Judged: s.at(percentile), Limit: limit}
	row.Factor = math.Round(limit/max(row.Judged, float64(time.Microsecond)/float64(time.Millisecond))*10) / 10
	if row.Missed = row.Judged > limit; row.Missed {
		r.Missed++
	}
	r.Rows = append(r.Rows, row)
}

// Run measures what the options ask for, on databases that it makes and removes.
func Run(ctx context.Context, o Options) (r Report, err error) {
	r = Report{Engine: "sqlite", Tasks: o.Tasks, Rows: []Row{}}
	if o.Server != "" {
		r.Engine = "postgres"
	}
	if len(o.InUse) > 0 {
		r.InUse, err = use(ctx, o)
		return r, err
	}
	if len(o.Growth) > 0 {
		r.Growth, err = grow(ctx, o)
		return r, err
	}
	w, err := newWorld(ctx, o.Server, o.Tasks, func(done, total int) { o.Progress("filling", done, total) })
	if err != nil {
		return r, err
	}
	defer w.close(ctx)
	r.FillRate = math.Round(float64(w.tasks) / w.filled.Seconds())
	if err := r.measureTable(ctx, w, o); err != nil {
		return r, err
	}
	if o.Program != "" {
		if err := r.measureCommands(ctx, w, o); err != nil {
			return r, err
		}
	}
	if o.Transfer {
		r.Transfer, err = measureTransfer(ctx, w, o)
	}
	return r, err
}

func (r *Report) measureTable(ctx context.Context, w *world, o Options) error {
	rows := table()
	for i, one := range rows {
		o.Progress(one.name, i, len(rows))
		s, err := w.measure(ctx, one, o.Rounds)
		if err != nil {
			return fmt.Errorf("bench: %w", err)
		}
		r.add(one.name, s, 95, ms(one.limit))
	}
	return nil
}
