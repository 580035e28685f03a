package plan

import "time"

// One rule for days and times: a day is a day of the zone that pm runs in,
// whether it is imported, asked for or shown. Tables and sentences for people
// have the times of that zone, sentences with its offset, since they travel;
// what programs read, and what is stored, is UTC.

// StartOfDay returns the first moment of a day in loc. If clocks go forward at
// midnight, the day begins later; if midnight comes twice, it begins with the
// first; and a day that a zone skipped begins, and ends, with the next one.
// Days outside the month carry over, as in time.Date.
func StartOfDay(year int, month time.Month, day int, loc *time.Location) time.Time {
	const near = 24 * time.Hour // within twice that time, the clock changes only once
	guess := time.Date(year, month, day, 0, 0, 0, 0, loc)
	midnight := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()
	before, after := guess.Add(-near), guess.Add(near)
	for _, near := range []time.Time{before, guess, after} {
		if t := time.Unix(midnight-offset(near), 0).In(loc); offset(t) == offset(near) {
			return t
		}
	}
	for after.Sub(before) > time.Second { // midnight does not exist: find the change
		middle := time.Unix((before.Unix()+after.Unix())/2, 0).In(loc)
		if middle.Unix()+offset(middle) < midnight {
			before = middle
		} else {
			after = middle
		}
	}
	return after
}

// offset returns how many seconds t's clock is ahead of UTC.
func offset(t time.Time) int64 {
	_, seconds := t.Zone()
	return int64(seconds)
}

// AddMonths returns the same time of day n months later, or earlier if n is
// negative; if that month is too short, on its last day, as 28 February
// follows 31 January.
func AddMonths(t time.Time, n int) time.Time {
	year, month, day := t.Date()
	last := time.Date(year, month+time.Month(n)+1, 0, 0, 0, 0, 0, time.UTC).Day()
	hour, minute, second := t.Clock()
	return time.Date(year, month+time.Month(n), min(day, last), hour, minute, second, t.Nanosecond(), t.Location())
}

// InWords formats t as it appears in sentences.
func InWords(t time.Time) string { return t.Local().Format(time.RFC3339) }
