package plan_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"pm/internal/plan"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestADayBeginsWithItsFirstMoment(t *testing.T) {
	for _, c := range []struct{ zone, day, want string }{
		{"UTC", "2026-11-01", "2026-11-01T00:00:00Z"},
		{"Europe/Berlin", "2026-03-29", "2026-03-29T00:00:00+01:00"},     // a day of 23 hours
		{"Europe/Berlin", "2026-10-25", "2026-10-25T00:00:00+02:00"},     // of 25
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00"}, // no midnight
		{"America/Santiago", "2026-09-06", "2026-09-06T01:00:00-03:00"},
		{"Africa/Cairo", "2026-04-24", "2026-04-24T01:00:00+03:00"},
		{"America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00"},   // midnight comes twice
		{"America/St_Johns", "2006-10-29", "2006-10-29T00:00:00-02:30"}, // at 00:01 it was 23:01 again
		{"Asia/Kathmandu", "2026-11-01", "2026-11-01T00:00:00+05:45"},
		{"Pacific/Kiritimati", "2026-11-01", "2026-11-01T00:00:00+14:00"},
		{"Pacific/Pago_Pago", "2026-11-01", "2026-11-01T00:00:00-11:00"},
		{"Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00"}, // a day that was not
		{"Pacific/Apia", "2011-12-31", "2011-12-31T00:00:00+14:00"},
	} {
		d, err := time.Parse(time.DateOnly, c.day)
		if err != nil {
			t.Fatal(err)
		}
		got := plan.StartOfDay(d.Year(), d.Month(), d.Day(), zone(t, c.zone))
		if got.Format(time.RFC3339) != c.want {
			t.Errorf("%s in %s begins at %s, want %s", c.day, c.zone, got.Format(time.RFC3339), c.want)
		}
	}
}

// Over two centuries, in zones of every kind of change, each day begins with
// a moment before which the clock did not yet show it.
func TestDaysFollowEachOther(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/Sao_Paulo", "America/Havana", "America/St_Johns", "Pacific/Apia", "Asia/Gaza", "Africa/Casablanca", "Australia/Lord_Howe"} {
		loc := zone(t, name)
		before := plan.StartOfDay(1900, 1, 0, loc)
		for n := 1; n < 365*200; n++ {
			day := time.Date(1900, 1, n, 0, 0, 0, 0, time.UTC)
			start := plan.StartOfDay(1900, 1, n, loc)
			if start.Format(time.DateOnly) < day.Format(time.DateOnly) || start.Add(-time.Nanosecond).Format(time.DateOnly) >= day.Format(time.DateOnly) {
				t.Fatalf("%s: %s begins at %s", name, day.Format(time.DateOnly), start)
			}
			if start.Before(before) {
				t.Fatalf("%s: %s begins before the day before it", name, day.Format(time.DateOnly))
			}
			before = start
		}
	}
}

func TestMonthsEndWithinTheMonth(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-01-31T10:00:00Z", 1, "2026-02-28T10:00:00Z"},
		{"2024-01-31T10:00:00Z", 1, "2024-02-29T10:00:00Z"},
		{"2026-03-31T10:00:00Z", -1, "2026-02-28T10:00:00Z"},
		{"2026-05-31T10:00:00Z", -1, "2026-04-30T10:00:00Z"},
		{"2024-02-29T10:00:00Z", 12, "2025-02-28T10:00:00Z"},
		{"2024-02-29T10:00:00Z", -12, "2023-02-28T10:00:00Z"},
		{"2024-02-29T10:00:00Z", -48, "2020-02-29T10:00:00Z"},
		{"2026-01-15T10:00:00Z", -1, "2025-12-15T10:00:00Z"},
		{"2026-12-31T23:59:59Z", 2, "2027-02-28T23:59:59Z"},
		{"2026-10-31T10:00:00Z", -25, "2024-09-30T10:00:00Z"},
	} {
		from, err := time.Parse(time.RFC3339, c.from)
		if err != nil {
			t.Fatal(err)
		}
		if got := plan.AddMonths(from, c.n).Format(time.RFC3339); got != c.want {
			t.Errorf("%s and %d months: %s, want %s", c.from, c.n, got, c.want)
		}
	}
}
