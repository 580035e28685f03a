package query

import (
	"time"

	"pm/internal/plan"
)

// ParseDate parses a typed date that is usually in the future: a day
// (2026-12-01, tomorrow, fri, +7d, eom) or a moment (2026-12-01T15:00, +2h).
// It returns false if the text is not a date. Days and words are in now's time
// zone.
func ParseDate(text string, now time.Time) (plan.Date, bool) {
	p := &parser{now: now, ahead: true}
	d, ok := p.date(text)
	if y := d.from.Year(); !ok || y < 1000 || y > 9998 {
		return "", false
	}
	if d.moment || d.to.Sub(d.from) <= time.Minute {
		return plan.DateOf(d.from), true
	}
	return plan.DayOf(d.from), true
}

// ParseTime parses a time that is usually in the past, as time fields accept
// it: a day (2026-11-01, yesterday, mon) or a moment (-3h,
// 2026-11-01T10:00:00Z), which begins at from and ends at to. It returns false
// if the text is not a time.
func ParseTime(text string, now time.Time) (from, to time.Time, ok bool) {
	p := &parser{now: now}
	d, ok := p.date(text)
	if y := d.from.Year(); !ok || y < 1000 || y > 9998 {
		return from, to, false
	}
	return utc(d.from), utc(d.to), true
}

// dates returns the dates in a span of time: moments in it, and days that end
// in it.
func (p *parser) dates(s Span) (d DateSpan) {
	day := func(t time.Time) plan.Date { return plan.DayOf(t.In(p.now.Location())) }
	if !s.From.IsZero() {
		d.Days[0], d.Moments[0] = day(s.From), plan.DateOf(s.From)
	}
	if !s.To.IsZero() {
		d.Days[1], d.Moments[1] = day(s.To), plan.DateOf(s.To)
	}
	return d
}

// String formats the span as its first and its last moment.
func (d DateSpan) String() string {
	at := func(m plan.Date) time.Time {
		t, _ := time.Parse(time.RFC3339, string(m))
		return t
	}
	return Span{at(d.Moments[0]), at(d.Moments[1])}.String()
}
