package query_test

import (
	"testing"
	"time"
	_ "time/tzdata"

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
