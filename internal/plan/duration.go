package plan

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// ParseDuration parses a duration for every place that accepts one: Go's
// format, such as 90s, 30m and 1h30m, days and weeks of 24 hours: 1d, 2w,
// 1.5d, 1d12h, and units as words: 2hours, 30 minutes. A number without a unit is
// accepted only if it is 0.
func ParseDuration(s string) (time.Duration, bool) {
	if s == "0" {
		return 0, true
	}
	rest, negative := strings.CutPrefix(s, "-")
	var total float64
	for rest != "" {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789."))
		n, err := strconv.ParseFloat(rest[:digits], 64)
		rest = rest[digits:]
		letters := strings.IndexAny(rest, "0123456789.")
		if letters < 0 {
			letters = len(rest)
		}
		unit, ok := durations[strings.TrimSpace(rest[:letters])]
		if err != nil || !ok {
			return 0, false
		}
		total += n * float64(unit)
		rest = rest[letters:]
	}
	if s == "" || s == "-" || total >= math.MaxInt64 {
		return 0, false
	}
	if negative {
		total = -total
	}
	return time.Duration(total), true
}

var durations = map[string]time.Duration{
	"ns": time.Nanosecond, "us": time.Microsecond, "µs": time.Microsecond, "ms": time.Millisecond,
	"s": time.Second, "m": time.Minute, "min": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour,
	"sec": time.Second, "second": time.Second, "seconds": time.Second, "mins": time.Minute, "minute": time.Minute, "minutes": time.Minute,
	"hr": time.Hour, "hrs": time.Hour, "hour": time.Hour, "hours": time.Hour, "day": 24 * time.Hour, "days": 24 * time.Hour, "week": 7 * 24 * time.Hour, "weeks": 7 * 24 * time.Hour,
}
