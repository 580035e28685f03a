package query_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"pm/internal/plan"
	"pm/internal/query"
)

// What a date means depends on the calendar and on the zone's clocks.
func TestDatesOfTheCalendarAndTheClock(t *testing.T) {
	for _, c := range []struct{ zone, now, text, want string }{
		// Months and years end within the month.
		{"UTC", "2026-03-31T12:00", ">-1m", "2026-02-28T12:00:00.000Z.."},
		{"UTC", "2026-05-31T12:00", ">-1m", "2026-04-30T12:00:00.000Z.."},
		{"UTC", "2026-01-31T12:00", "<+1m", "<2026-02-28T12:00:00.000Z"},
		{"UTC", "2024-02-29T12:00", ">-1y", "2023-02-28T12:00:00.000Z.."},
		{"UTC", "2026-03-31T12:00", "-1m", "2026-02-28T00:00:00.000Z..2026-02-28T23:59:59.999Z"},
		{"UTC", "2026-12-31T12:00", "eom", "2026-12-31T00:00:00.000Z..2026-12-31T23:59:59.999Z"},
		// Days of 23 and of 25 hours.
		{"Europe/Berlin", "2026-03-29T12:00", "today", "2026-03-28T23:00:00.000Z..2026-03-29T21:59:59.999Z"},
		{"Europe/Berlin", "2026-10-25T12:00", "today", "2026-10-24T22:00:00.000Z..2026-10-25T22:59:59.999Z"},
		// Days without a midnight: they begin at one o'clock, and the day before ends there.
		{"America/Sao_Paulo", "2018-11-04T12:00", "today", "2018-11-04T03:00:00.000Z..2018-11-05T01:59:59.999Z"},
		{"America/Sao_Paulo", "2018-11-05T00:30", "yesterday", "2018-11-04T03:00:00.000Z..2018-11-05T01:59:59.999Z"},
		{"America/Sao_Paulo", "2018-11-07T00:30", "2018-11-04", "2018-11-04T03:00:00.000Z..2018-11-05T01:59:59.999Z"},
		{"America/Sao_Paulo", "2018-11-07T00:30", "<2018-11-04", "<2018-11-04T03:00:00.000Z"},
		{"America/Sao_Paulo", "2018-11-03T12:00", "today", "2018-11-03T03:00:00.000Z..2018-11-04T02:59:59.999Z"},
		{"America/Sao_Paulo", "2018-11-07T00:30", "sun", "2018-11-04T03:00:00.000Z..2018-11-05T01:59:59.999Z"},
	} {
		loc, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		now, err := time.ParseInLocation("2006-01-02T15:04", c.now, loc)
		if err != nil {
			t.Fatal(err)
		}
		q, err := query.Parse("updated:"+c.text, now)
		if err != nil {
			t.Errorf("%s in %s: %v", c.text, c.zone, err)
		} else if got := q.String(); got != "updated:"+c.want {
			t.Errorf("%s on %s in %s is\n%s, want\n%s", c.text, c.now, c.zone, got, "updated:"+c.want)
		}
	}
}

// A moment is taken as people say it and as pm writes it; m is a month but in
// 3m ago, which pm writes of what is three minutes old.
func TestMomentsThatAreSpoken(t *testing.T) {
	now := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"1 minute ago": "2026-11-29T11:59:00Z", "3m ago": "2026-11-29T11:57:00Z", "90 sec ago": "2026-11-29T11:58:30Z", "45s ago": "2026-11-29T11:59:15Z",
		"an hour ago": "2026-11-29T11:00:00Z", "1h ago": "2026-11-29T11:00:00Z", "2 Days ago": "2026-11-27T12:00:00Z", "a week ago": "2026-11-22T12:00:00Z",
		"2 months ago": "2026-09-29T12:00:00Z", "3m": "2026-08-29T12:00:00Z", "2026-11-28 10:15": "2026-11-28T10:15:00Z", "2026-11-28 10:15:20": "2026-11-28T10:15:20Z",
		"10:15": "2026-11-29T10:15:00Z", "7:05": "2026-11-29T07:05:00Z", "25:00": "", "ago": "", "days ago": "", "2 ago": "", "a 2 days ago": "", "-2 days ago": "", "2 fortnights ago": "", "in 2 days": "",
	} {
		from, _, ok := query.ParseTime(text, now)
		if got := from.Format(time.RFC3339); ok != (want != "") || ok && got != want {
			t.Errorf("%q is %s, %t; want %q", text, got, ok, want)
		}
	}
	for text, want := range map[string]plan.Date{"in 2 days": "2026-12-01", "in a week": "2026-12-06", "in 3 months": "2027-02-28", "in 2 hours": "2026-11-29T14:00:00.000Z", "in days": "", "in 2": ""} {
		if got, ok := query.ParseDate(text, now); got != want || ok != (want != "") {
			t.Errorf("%q is %s, %t; want %q", text, got, ok, want)
		}
	}
}
