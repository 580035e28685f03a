package term

import (
	"strconv"
	"strings"
	"time"
)

// Count returns n in decimal with a comma between thousands: 12,345.
func Count(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	b := make([]byte, 0, len(s)+len(s)/3)
	for i := range len(s) {
		if i > 0 && (len(s)-i)%3 == 0 {
			b = append(b, ',')
		}
		b = append(b, s[i])
	}
	return sign + string(b)
}

// Bar returns a bar of width cells that is filled to pct percent: ████░░░░, or
// ####---- without Unicode. What is outside 0 to 100 counts as the nearer end,
// NaN as 0. A bar of two cells or more is full only at 100 and empty only at 0.
func (o Output) Bar(pct float64, width int) string {
	if width <= 0 {
		return ""
	}
	full, rest := "#", "-"
	if o.Unicode {
		full, rest = "█", "░"
	}
	n := filled(pct, width)
	return strings.Repeat(full, n) + strings.Repeat(rest, width-n)
}

func filled(pct float64, width int) int {
	switch {
	case !(pct > 0): // NaN is here, too
		return 0
	case pct >= 100:
		return width
	case width == 1:
		return 0
	}
	return min(max(int(pct/100*float64(width)+0.5), 1), width-1)
}

// maxAgo is the distance from which a date says more than a number of days.
const maxAgo = 30 * 24 * time.Hour

// Ago returns how far t is from now, to the second and in its largest unit:
// "now", "3m ago", "5d ago", "in 12m". Beyond 30 days it is the date in the
// location of now; for the zero time it is empty.
func Ago(now, t time.Time) string {
	d := now.Sub(t).Round(time.Second)
	switch {
	case t.IsZero():
		return ""
	case d > maxAgo, d < -maxAgo:
		return t.In(now.Location()).Format(time.DateOnly)
	case d > 0:
		return short(d) + " ago"
	case d < 0:
		return "in " + short(-d)
	}
	return "now"
}

// short returns d, which is positive, in whole units of its largest.
func short(d time.Duration) string {
	unit, name := time.Second, "s"
	switch {
	case d >= 24*time.Hour:
		unit, name = 24*time.Hour, "d"
	case d >= time.Hour:
		unit, name = time.Hour, "h"
	case d >= time.Minute:
		unit, name = time.Minute, "m"
	}
	return strconv.FormatInt(int64(d/unit), 10) + name
}

// Bytes writes a size in the unit that leaves three digits or four.
func Bytes(n int64) string {
	for _, unit := range []string{"bytes", "KiB", "MiB"} {
		if n < 10_000 {
			return Count(int(n)) + " " + unit
		}
		n = (n + 512) / 1024
	}
	return Count(int(n)) + " GiB"
}

// Plural returns "1 task", "2 tasks", "1,000 tasks".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Count(n) + " " + noun + "s"
}
