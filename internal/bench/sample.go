package bench

import (
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

	all []time.Duration // ascending
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
	s := Sample{Count: len(all), Min: ms(all[0]), Avg: ms(sum / time.Duration(len(all))), Max: ms(all[len(all)-1]), all: all}
	s.P50, s.P95, s.P99 = s.at(50), s.at(95), s.at(99)
	return s
}

// at is a percentile.
func (s Sample) at(p int) float64 {
	if len(s.all) == 0 {
		return 0
	}
	return ms(s.all[max((p*len(s.all)+99)/100, 1)-1])
}

// ms returns d in milliseconds, to the microsecond.
func ms(d time.Duration) float64 {
	return float64(d.Round(time.Microsecond)) / float64(time.Millisecond)
}
