package bench

import (
	"math"
	"slices"
	"time"
)

// A Sample is what a row of measurements comes to, in milliseconds, all exact.
type Sample struct {
	Count int     `json:"count"`
	Min   float64 `json:"min_ms"`
	Avg   float64 `json:"avg_ms"`
	P50   float64 `json:"p50_ms"`
	P95   float64 `json:"p95_ms"`
	P99   float64 `json:"p99_ms"`
	Max   float64 `json:"max_ms"`
}

// sample sums durations up; percentiles are by the nearest rank.
func sample(all []time.Duration) Sample {
	if len(all) == 0 {
		return Sample{}
	}
	all = slices.Sorted(slices.Values(all))
	var sum time.Duration
	for _, d := range all {
		sum += d
	}
	at := func(p float64) float64 {
		return ms(all[max(int(math.Ceil(p/100*float64(len(all)))), 1)-1])
	}
	return Sample{Count: len(all), Min: ms(all[0]), Avg: ms(sum / time.Duration(len(all))), P50: at(50), P95: at(95), P99: at(99), Max: ms(all[len(all)-1])}
}

// ms returns d in milliseconds, to the microsecond.
func ms(d time.Duration) float64 {
	return float64(d.Round(time.Microsecond)) / float64(time.Millisecond)
}
