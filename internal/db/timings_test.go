package db_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"pm/internal/db"
)

// Durations as a database has them: most are short, some a thousand times longer.
func durations(n int, seed uint64) []time.Duration {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([]time.Duration, n)
	for i := range out {
		out[i] = time.Duration(math.Exp(r.NormFloat64()*2.5 + 11))
	}
	return out
}

func TestHistogramIsCloseToExactPercentiles(t *testing.T) {
	for _, n := range []int{1, 2, 3, 10, 19, 20, 21, 1000, 50_000} {
		for seed := range uint64(5) {
			all := durations(n, seed)
			var h db.Histogram
			var sum time.Duration
			for _, d := range all {
				h.Add(d)
				sum += d
			}
			slices.Sort(all)
			if h.Count() != int64(n) || h.Sum() != sum || h.Min() != all[0] || h.Max() != all[n-1] || h.Avg() != sum/time.Duration(n) {
				t.Fatalf("n=%d: count %d, sum %v, min %v, max %v, avg %v are not exact", n, h.Count(), h.Sum(), h.Min(), h.Max(), h.Avg())
			}
			for _, p := range []float64{0, 1, 50, 90, 95, 99, 99.9, 100} {
				want := all[max(int(math.Ceil(p/100*float64(n))), 1)-1]
				got := h.Percentile(p)
				if off := math.Abs(float64(got-want)) / float64(want); off > 1.0/64 {
					t.Errorf("n=%d seed=%d: p%v is %v, want %v: off by %.2f %%", n, seed, p, got, want, off*100)
				}
			}
		}
	}
}

func TestHistogramAtItsEnds(t *testing.T) {
	var h db.Histogram
	if h.Percentile(95) != 0 || h.Avg() != 0 || h.Min() != 0 {
		t.Errorf("an empty histogram says %v, %v, %v", h.Percentile(95), h.Avg(), h.Min())
	}
	for _, d := range []time.Duration{-5, 0, 1, 31, 32, 33, 63, 64, math.MaxInt64} {
		h.Add(d)
	}
	if h.Min() != 0 || h.Max() != math.MaxInt64 || h.Percentile(100) != math.MaxInt64 || h.Percentile(1) != 0 {
		t.Errorf("min %v, max %v, p100 %v, p1 %v", h.Min(), h.Max(), h.Percentile(100), h.Percentile(1))
	}
	// Below 64 ns every duration has a bucket of its own.
	var small db.Histogram
	for d := range time.Duration(64) {
		small.Add(d)
	}
	for d := range 64 {
		if got := small.Percentile(float64(d+1) / 64 * 100); got != time.Duration(d) {
			t.Errorf("of 0 to 63 ns, number %d is %v", d, got)
		}
	}
}

func TestTimingsCountWhatSeveralGoroutinesObserve(t *testing.T) {
	timings := db.NewTimings()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 1000 {
				timings.Observe(db.Statement{Name: "tx.begin"})
				timings.Observe(db.Statement{Name: "task.by_key", Took: time.Duration(i) * time.Microsecond, Rows: 2})
			}
			timings.Observe(db.Statement{Name: "tx.retry"})
			timings.Observe(db.Statement{Name: "tx.rollback", Err: errors.New("x")})
		})
	}
	wg.Wait()
	if got, want := timings.Transactions(), (db.TxCounts{Transactions: 8000, RolledBack: 8, Retries: 8}); got != want {
		t.Errorf("transactions: %+v, want %+v", got, want)
	}
	var found bool
	for _, one := range timings.All() {
		if one.Name != "task.by_key" {
			continue
		}
		found = true
		if one.Count != 8000 || one.Rows != 16000 || one.Min != 0 || one.Max != 0.999 || math.Abs(one.P95-0.949) > 0.949/64 {
			t.Errorf("%+v", one)
		}
	}
	if !found {
		t.Error("task.by_key was lost")
	}
}
