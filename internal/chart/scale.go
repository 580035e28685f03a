package chart

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// A scale turns values into a part of the room that there is, from 0 to 1.
type scale struct {
	low, high float64
	log       bool
	ticks     []tick
}

type tick struct {
	at   float64
	text string
}

func (s scale) of(v float64) float64 {
	low, high := s.low, s.high
	if s.log {
		v, low, high = math.Log(max(v, s.low)), math.Log(low), math.Log(high)
	}
	return min(max((v-low)/(high-low), 0), 1)
}

// scale returns the scale of the values, with about so many ticks.
func (c Chart) scale(ticks int) scale {
	low, high := math.Inf(1), 0.0
	c.values(func(v float64) {
		if v > 0 {
			low = min(low, v)
		}
		high = max(high, v)
	})
	if c.Unit == Seconds && c.bars() {
		return barScale(high, ticks)
	}
	if c.Unit == Seconds {
		return timeScale(low, high, ticks)
	}
	return countScale(high, ticks)
}

func (c Chart) bars() bool { return len(c.Rows) > 0 && len(c.Rows[0].Parts) > 0 }

// countScale begins at zero and ends at or above the highest value, at a whole step.
func countScale(high float64, ticks int) scale {
	step := niceStep(max(high, 1) / float64(ticks))
	s := scale{high: math.Ceil(max(high, 1)/step) * step}
	for at := 0.0; at <= s.high+step/2; at += step {
		s.ticks = append(s.ticks, tick{at, Number(int64(at))})
	}
	return s
}

// niceStep is the least of 1, 2, 5, 10, 20, … that is not smaller.
func niceStep(least float64) float64 {
	step := 1.0
	for {
		for _, f := range []float64{1, 2, 5} {
			if step*f >= least {
				return step * f
			}
		}
		step *= 10
	}
}

// times are the durations that a scale of times may name.
var times = []time.Duration{time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour,
	day, 2 * day, 4 * day, 7 * day, 14 * day, 30 * day, 60 * day, 120 * day, 365 * day, 2 * 365 * day, 5 * 365 * day}

const day = 24 * time.Hour

// timeScale is logarithmic, between two of the times.
func timeScale(low, high float64, most int) scale {
	if high <= 0 {
		low, high = 1, 60
	}
	s := scale{log: true, low: times[0].Seconds(), high: times[len(times)-1].Seconds()}
	first, last := 0, len(times)-1
	for i, t := range times {
		if t.Seconds() <= low {
			s.low, first = t.Seconds(), i
		}
		if t.Seconds() >= high && t.Seconds() > s.low {
			s.high, last = t.Seconds(), i
			break
		}
	}
	s.high = max(s.high, high)
	step := (last-first)/max(most, 1) + 1
	for i := first; i <= last; i += step {
		s.ticks = append(s.ticks, tick{times[i].Seconds(), Duration(times[i].Seconds())})
	}
	return s
}

// barScale begins at zero: bars of times must be as long as the times.
func barScale(high float64, ticks int) scale {
	s := scale{high: max(high, 1)}
	step := times[len(times)-1].Seconds()
	for i := len(times) - 1; i >= 0; i-- {
		if high/times[i].Seconds() <= float64(ticks) {
			step = times[i].Seconds()
		}
	}
	for at := step; at <= s.high; at += step {
		s.ticks = append(s.ticks, tick{at, Duration(at)})
	}
	return s
}

// Duration writes seconds in their largest unit, with one decimal where that
// says more: 45s, 12m, 5h, 1.9d.
func Duration(seconds float64) string {
	for _, u := range []struct {
		name string
		of   time.Duration
		from float64 // in the unit
	}{{"d", day, 1}, {"h", time.Hour, 1}, {"m", time.Minute, 1}} {
		if n := seconds / u.of.Seconds(); n >= u.from {
			if rounded := math.Round(n*10) / 10; n < 10 && rounded != math.Trunc(rounded) {
				return fmt.Sprintf("%.1f%s", rounded, u.name)
			}
			return Number(int64(math.Round(n))) + u.name
		}
	}
	return fmt.Sprintf("%.0fs", seconds)
}

// Number writes a number with a comma between thousands.
func Number[N int | int64](n N) string {
	s := strconv.FormatInt(int64(n), 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// dayTicks names at most so many days, at even distances, the last among them.
func (c Chart) dayTicks(most int) (ticks []tick) {
	step := 1
	for _, step = range []int{1, 2, 7, 14, 28, 56, 91, 182, 364, 728, 1456} {
		if (c.Days-1)/step < most {
			break
		}
	}
	for at := (c.Days - 1) % step; at < c.Days; at += step {
		format := "2 Jan"
		if step >= 182 {
			format = "Jan 2006"
		}
		ticks = append(ticks, tick{float64(at), c.date(at).Format(format)})
	}
	return ticks
}
