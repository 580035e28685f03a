package db

import (
	"math"
	"math/bits"
	"time"
)

// A Histogram counts durations in buckets whose width grows with their value,
// as HdrHistogram does: 32 to each power of two, so that a percentile is off
// by at most 1.6 %, and a million durations take as much memory as ten. Count,
// sum, least and most are exact. The zero Histogram is empty.
type Histogram struct {
	count    int64
	sum      time.Duration
	min, max time.Duration
	buckets  []uint32 // as long as the largest duration needs
}

const (
	bucketBits = 5
	perOctave  = 1 << bucketBits
)

// Add counts one duration; what is below zero counts as zero.
func (h *Histogram) Add(d time.Duration) {
	d = max(d, 0)
	if h.count == 0 || d < h.min {
		h.min = d
	}
	h.max = max(h.max, d)
	h.count++
	h.sum += d
	i := bucketOf(d)
	if i >= len(h.buckets) {
		h.buckets = append(h.buckets, make([]uint32, i+1-len(h.buckets))...)
	}
	if h.buckets[i] < math.MaxUint32 {
		h.buckets[i]++
	}
}

// bucketOf numbers the buckets: one for each nanosecond below 32, then 32 for
// each power of two.
func bucketOf(d time.Duration) int {
	if d < perOctave {
		return int(d)
	}
	octave := bits.Len64(uint64(d)) - 1 - bucketBits
	return octave<<bucketBits + int(d>>octave)
}

// middle returns the duration in the middle of a bucket.
func middle(bucket int) time.Duration {
	if bucket < 2*perOctave {
		return time.Duration(bucket)
	}
	octave := bucket>>bucketBits - 1
	low := time.Duration(bucket-octave<<bucketBits) << octave
	return low + time.Duration(1)<<octave/2
}

// Count, Sum, Min and Max are exact; all are 0 for an empty histogram.
func (h *Histogram) Count() int64       { return h.count }
func (h *Histogram) Sum() time.Duration { return h.sum }
func (h *Histogram) Min() time.Duration { return h.min }
func (h *Histogram) Max() time.Duration { return h.max }

// Avg returns the mean; 0 for an empty histogram.
func (h *Histogram) Avg() time.Duration {
	if h.count == 0 {
		return 0
	}
	return h.sum / time.Duration(h.count)
}

// Percentile returns the least duration that p percent of all do not exceed
// (the nearest-rank method); 0 for an empty histogram.
func (h *Histogram) Percentile(p float64) time.Duration {
	rank := int64(math.Ceil(p / 100 * float64(h.count)))
	if rank >= h.count {
		return h.max
	}
	for i, n := range h.buckets {
		if rank -= int64(n); rank <= 0 && n > 0 {
			return min(max(middle(i), h.min), h.max)
		}
	}
	return h.max
}
