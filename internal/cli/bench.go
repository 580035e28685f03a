package cli

import (
	"io"
	"os"
	"slices"

	"pm/internal/bench"
	"pm/internal/cli/term"
	"pm/internal/db"
	"pm/internal/outfile"
	"pm/internal/plan"

	"github.com/spf13/cobra"
)

// benchFlags are what pm bench was asked for.
type benchFlags struct {
	tasks, rounds  int
	engine         string
	growth, only   bool
	inUse          bool
	tokens         bool
	web, terminal  bool
	chart          string
	tasksWereGiven bool
}

func (a *app) benchCommand() *cobra.Command {
	var f benchFlags
	c := &cobra.Command{
		Use: "bench", Short: "Measure pm on this machine", GroupID: groupOther, Args: exactArgs(0, ""),
		Long: `Measure how fast pm is on this machine, using temporary databases: each operation
in the specification's table many times, next to its limit; whole commands, next to
the sqlite3 shell if it is installed; import and export. (Commands are timed on a
copy of pm, because a freshly linked file starts more slowly.) With --growth it
instead measures how costs grow from 10,000 tasks to a million, and with --in-use
what labels, dates, stages and fields add to them. It exits with 1 if an operation
misses its limit in 5 of 100 rounds. It never touches your plan.`,
		Example: "  pm bench --tasks 1000\n  pm bench --growth --tasks 100000 --chart growth.svg\n  pm bench --tokens",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(); err != nil {
				return err
			}
			if f.web {
				return a.benchWeb(cmd, f)
			}
			if f.terminal {
				return a.benchTerminal(cmd, f)
			}
			if f.tokens {
				return a.benchTokens(cmd)
			}
			f.tasksWereGiven = cmd.Flags().Changed("tasks")
			return a.bench(cmd, f)
		},
	}
	c.Flags().IntVar(&f.tasks, "tasks", 10_000, "number of tasks in the plan; with --growth or --in-use, in the largest plan, a million if not given")
	c.Flags().IntVar(&f.rounds, "rounds", 200, "how many times to run a fast operation; slower ones run fewer times")
	c.Flags().StringVar(&f.engine, "engine", "", "sqlite (the default), or postgres, with --db postgres://… to name the server")
	c.Flags().BoolVar(&f.only, "table-only", false, "measure only the specification's table")
	c.Flags().BoolVar(&f.growth, "growth", false, "measure how costs grow from 10,000 tasks to --tasks")
	c.Flags().BoolVar(&f.inUse, "in-use", false, "measure instead what operations cost at 10,000 and --tasks tasks in a plan that uses labels, dates, stages and fields, and in one that does not")
	c.Flags().BoolVar(&f.tokens, "tokens", false, "measure instead how many tokens typical agent sessions cost, on the command line and over MCP")
	c.Flags().BoolVar(&f.web, "web", false, "measure instead how fast the page of pm serve is in Chromium, and how soon changes appear")
	c.Flags().BoolVar(&f.terminal, "terminal", false, "measure instead how fast pm board is on a terminal, and how much it slows other writers")
	c.Flags().StringVar(&f.chart, "chart", "", "with --growth: write the curves to this file, as SVG")
	return c
}

func (a *app) bench(cmd *cobra.Command, f benchFlags) error {
	o, err := a.benchOptions(f)
	if err != nil {
		return err
	}
	meter := &benchMeter{a: a}
	defer meter.done()
	o.Progress = meter.set
	var report bench.Report
	err = a.writeOutput(cmd.Context(), f.chart, outfile.Options{Mode: 0o666}, func(w io.Writer) (err error) {
		report, err = bench.Run(cmd.Context(), o)
		meter.done()
		if err == nil && f.chart != "" {
			_, err = io.WriteString(w, bench.Chart(report))
		}
		return err
	})
	if err != nil {
		return err
	}
	return a.printReport(report)
}

// printReport prints what was measured; limits that were missed are an error.
func (a *app) printReport(report bench.Report) error {
	if err := a.print(report); err != nil {
		return err
	}
	if report.Missed > 0 {
		return plan.Errorf(plan.Internal, "missed %d limits", report.Missed).WithCode("limits_missed")
	}
	return nil
}

// check refuses numbers that nothing can be measured with, whatever is measured.
func (f benchFlags) check() error {
	switch {
	case f.tasks < 100 || f.tasks > 10_000_000:
		return usageError("--tasks must be 100 to 10,000,000, not %d", f.tasks)
	case f.rounds < 1:
		return usageError("--rounds must be at least 1, not %d", f.rounds)
	case f.chart != "" && !f.growth:
		return usageError("--chart needs --growth").WithHint("run pm bench --growth --chart growth.svg")
	}
	return nil
}

func (a *app) benchOptions(f benchFlags) (o bench.Options, err error) {
	o = bench.Options{Tasks: f.tasks, Rounds: f.rounds, Transfer: !f.only}
	switch f.engine {
	case "", "sqlite":
		if f.engine == "" && db.IsPostgres(a.flags.db) {
			o.Server = a.flags.db
		}
	case "postgres":
		if o.Server = a.flags.db; !db.IsPostgres(o.Server) {
			return o, usageError("--engine postgres needs --db postgres://…").WithHint("name the server; pm bench uses a schema of its own and removes it")
		}
	default:
		return o, usageError("invalid engine %q: must be sqlite or postgres", f.engine)
	}
	sizes := growthSizes(f)
	switch {
	case f.growth:
		o.Growth = sizes
	case f.inUse:
		o.InUse = []int{sizes[0], sizes[len(sizes)-1]}
	}
	if !f.only {
		o.Program, err = os.Executable()
	}
	return o, err
}

// growthSizes are 10,000 and its tenfolds up to --tasks, and --tasks itself.
func growthSizes(f benchFlags) (sizes []int) {
	most := f.tasks
	if !f.tasksWereGiven {
		most = 1_000_000
	}
	for n := 10_000; n < most; n *= 10 {
		sizes = append(sizes, n)
	}
	if len(sizes) == 0 {
		sizes = append(sizes, max(most/10, 100))
	}
	if !slices.Contains(sizes, most) {
		sizes = append(sizes, most)
	}
	return sizes
}

// A benchMeter shows one bar for each thing that is measured.
type benchMeter struct {
	a     *app
	label string
	bar   *term.Progress
}

func (m *benchMeter) set(label string, done, total int) {
	if label != m.label || m.bar == nil {
		m.done()
		m.label = label
		m.bar = term.NewProgress(m.a.stderr, m.a.err(), term.ProgressOptions{Label: label, Total: total})
	}
	m.bar.Set(done)
}

func (m *benchMeter) done() {
	if m.bar != nil {
		m.bar.Done()
		m.bar = nil
	}
}
