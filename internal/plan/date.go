package plan

import "time"

// A Date is a day or a moment. A day is stored as a day, such as 2026-12-01,
// and becomes a moment only together with a time zone; a moment is in UTC, in
// milliseconds, as Stamp formats it. Empty means none. Dates sort by their
// texts, a day before its moments.
type Date string

// DateOf returns the moment.
func DateOf(t time.Time) Date { return Date(Stamp(t)) }

// DayOf returns the day that t has in its zone.
func DayOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// IsDay reports whether d is a whole day.
func (d Date) IsDay() bool { return len(d) == len(time.DateOnly) }

// End returns when d is over: for a day its last moment in loc, for a moment
// the moment itself, for none the zero time.
func (d Date) End(loc *time.Location) time.Time {
	if d.IsDay() {
		day, err := time.Parse(time.DateOnly, string(d))
		if err != nil {
			return time.Time{}
		}
		return StartOfDay(day.Year(), day.Month(), day.Day()+1, loc)
	}
	t, err := time.Parse(time.RFC3339, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

// Begin returns the moment, in UTC, at which d begins in loc; none for none.
func (d Date) Begin(loc *time.Location) Date {
	if !d.IsDay() {
		return d
	}
	day, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	return DateOf(StartOfDay(day.Year(), day.Month(), day.Day(), loc))
}

// Time returns d if it is a moment; false for a day and for none.
func (d Date) Time() (t time.Time, ok bool) {
	t, err := time.Parse(time.RFC3339, string(d))
	return t, err == nil
}

// CheckDate rejects a date that is not in its stored form.
func CheckDate(field string, d Date) error {
	if d == "" {
		return nil
	}
	if _, err := time.Parse(time.DateOnly, string(d)); err == nil {
		return nil
	}
	if t, err := time.Parse(time.RFC3339, string(d)); err == nil && DateOf(t) == d {
		return nil
	}
	return limit(field, "invalid %s %q", field, clip(string(d))).WithHint("write a day such as 2026-12-01, or a moment such as 2026-12-01T15:00:00Z")
}
