package bench

import (
	"context"
	"testing"

	"pm/internal/plan"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// benchTasks is how many tasks the benchmarks measure on, as the
// specification does.
const benchTasks = 10_000

func benchWorld(b *testing.B) *world {
	b.Helper()
	w, err := newWorld(b.Context(), "", benchTasks, func(int, int) {})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { w.close(context.Background()) })
	return w
}

// BenchmarkTable runs the rows of the specification's table:
// go test -run - -bench Table ./internal/bench
func BenchmarkTable(b *testing.B) {
	w := benchWorld(b)
	for _, r := range table() {
		b.Run(r.name, func(b *testing.B) { w.benchmark(b, r) })
	}
}

// BenchmarkDaily runs what is done most, and should not grow with the plan.
func BenchmarkDaily(b *testing.B) {
	w := benchWorld(b)
	for _, r := range growthRows()[:7] {
		b.Run(r.name, func(b *testing.B) { w.benchmark(b, r.row) })
	}
}

func (w *world) benchmark(b *testing.B, r row) {
	b.ReportAllocs()
	for range b.N {
		b.StopTimer()
		timed, after, err := r.prepare(b.Context(), w)
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if err := timed(); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if after == nil {
			continue
		}
		if err := after(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTransfer exports a plan, and imports it into an empty database.
func BenchmarkTransfer(b *testing.B) {
	w := benchWorld(b)
	for range b.N {
		t, err := measureTransfer(b.Context(), w, Options{Progress: func(string, int, int) {}})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(t.Export, "exported-tasks/s")
		b.ReportMetric(t.Import, "imported-tasks/s")
	}
}

func TestEveryRowOfTheTableRuns(t *testing.T) {
	for _, server := range []string{"", serverOf(t)} {
		name := "postgres"
		if server == "" {
			name = "sqlite"
		}
		t.Run(name, func(t *testing.T) {
			if name == "postgres" && server == "" {
				t.Skip("no PostgreSQL server")
			}
			r, err := Run(t.Context(), Options{Tasks: 300, Rounds: 2, Server: server, Transfer: true, Progress: func(string, int, int) {}})
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Rows) != len(table()) || r.Engine != name || r.Transfer.Import == 0 || r.Transfer.Bytes == 0 {
				t.Errorf("%+v", r)
			}
			for _, row := range r.Rows {
				if row.Count < 2 || row.Min > row.P50 || row.P50 > row.P95 || row.P95 > row.P99 || row.P99 > row.Max || row.Limit == 0 {
					t.Errorf("%+v", row)
				}
			}
		})
	}
}

func TestGrowthIsMeasuredAtEverySize(t *testing.T) {
	r, err := Run(t.Context(), Options{Rounds: 1, Growth: []int{200, 600}, Progress: func(string, int, int) {}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Growth {
		if len(c.Points) != 2 || c.Points[0].Tasks != 200 || c.Points[1].Tasks != 600 || c.Ratio <= 0 {
			t.Errorf("%+v", c)
		}
	}
}

// The rare word is as rare in every plot, and keys are what they stand for.
func TestPlotsOfAnySizeAreAlike(t *testing.T) {
	for _, tasks := range []int{20, 999, 10_000, 300_000} {
		p := newPlot(tasks)
		for i := 0; i < p.tasks; i += 1 + p.tasks/1000 {
			k, from, to := p.feature(p.featureOf(i))
			if i < from || i >= to || p.key(i).FeatureKey() != k {
				t.Fatalf("%d tasks: task %d is %s, not of %s with %d to %d", tasks, i, p.key(i), k, from, to)
			}
		}
		if last := p.key(p.tasks - 1); last.Level() != plan.LevelTask {
			t.Errorf("%d tasks: the last is %s", tasks, last)
		}
	}
	w, err := newWorld(t.Context(), "", 2000, func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	defer w.close(t.Context())
	found, err := w.track.Search(t.Context(), tracker.Search{Text: RareWord})
	if err != nil || len(found.Items) < 2 || len(found.Items) > 4 {
		t.Errorf("the rare word is in %d tasks, %v", len(found.Items), err)
	}
}

func serverOf(t *testing.T) string {
	t.Helper()
	return storetest.Postgres(t)
}
