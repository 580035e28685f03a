package plan_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pm/internal/plan"
)

// gives says by the text of RFC 5545 whether a day is one of a rule's, looking
// at that day alone.
func gives(unit string, interval int, days map[time.Weekday]bool, monthDay int, anchor, day time.Time) bool {
	monday := func(t time.Time) time.Time {
		for t.Weekday() != time.Monday {
			t = t.AddDate(0, 0, -1)
		}
		return t
	}
	months := (day.Year()-anchor.Year())*12 + int(day.Month()) - int(anchor.Month())
	inMonth := day.Day() == anchor.Day()
	switch {
	case monthDay < 0:
		inMonth = day.AddDate(0, 0, 1).Day() == 1
	case monthDay > 0:
		inMonth = day.Day() == monthDay
	}
	switch unit {
	case "day":
		return int(day.Sub(anchor).Hours()/24)%interval == 0
	case "week":
		wanted := days[day.Weekday()]
		if len(days) == 0 {
			wanted = day.Weekday() == anchor.Weekday()
		}
		return wanted && int(monday(day).Sub(monday(anchor)).Hours()/24/7)%interval == 0
	case "month":
		return inMonth && months%interval == 0
	}
	return inMonth && months%(12*interval) == 0
}

// A hundred thousand random rules give the same days as looking at every day,
// over leap days and the ends of months.
func TestRepeatGivesTheDaysOfTheStandard(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 55))
	units, short := []string{"day", "week", "month", "year"}, []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	for range 100_000 {
		unit, interval := units[random.IntN(4)], 1+random.IntN(4)
		text := fmt.Sprintf("every %d %ss", interval, unit)
		days, monthDay := map[time.Weekday]bool{}, 0
		switch {
		case unit == "week" && random.IntN(2) == 0:
			var words []string
			for range 1 + random.IntN(3) {
				d := random.IntN(7)
				days[time.Weekday(d)], words = true, append(words, short[d])
			}
			text += " on " + strings.Join(words, ",")
		case unit == "month" && random.IntN(2) == 0:
			monthDay = random.IntN(32)
			text += fmt.Sprint(" on ", monthDay)
			if monthDay == 0 {
				monthDay, text = -1, fmt.Sprintf("every %d months on last", interval)
			}
		}
		r, err := plan.ParseRepeat(text)
		if err != nil {
			t.Fatal(text, err)
		}
		anchor := time.Date(2019+random.IntN(90), time.Month(1+random.IntN(12)), 1+random.IntN(31), 0, 0, 0, 0, time.UTC)
		after := anchor.AddDate(0, 0, random.IntN(60))
		got, ok := r.Next(anchor, after)
		want := after.AddDate(0, 0, 1)
		for most := after.AddDate(9*interval, 0, 0); !gives(unit, interval, days, monthDay, anchor, want) && want.Before(most); {
			want = want.AddDate(0, 0, 1)
		}
		if ok != gives(unit, interval, days, monthDay, anchor, want) || ok && got != want {
			t.Fatalf("%s from %s after %s: %s, %t, not %s", text, anchor.Format(time.DateOnly), after.Format(time.DateOnly), got.Format(time.DateOnly), ok, want.Format(time.DateOnly))
		}
		if again, err := plan.ParseRepeat(r.String()); err != nil || again.String() != r.String() {
			t.Fatalf("%q is stored as %q, which reads as %q, %v", text, r, again, err)
		}
	}
}

func TestRepeatIsReadInWordsAndAsRRULE(t *testing.T) {
	for text, want := range map[string]string{
		"Weekly": "weekly", "every week": "weekly", "every 2 weeks on Thu, Mon": "every 2 weeks on mon,thu", "weekly on monday": "weekly on mon",
		"monthly on the 15th": "monthly on 15", "every 1 months on last": "monthly on last", "daily from completion": "daily from completion", "yearly from due": "yearly",
		"RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH": "every 2 weeks on mon,thu", "FREQ=MONTHLY;BYMONTHDAY=-1 from completion": "monthly on last from completion",
	} {
		if got, err := plan.ParseRepeat(text); err != nil || got.String() != want {
			t.Errorf("%q reads as %q, %v, not %q", text, got, err, want)
		}
	}
	for _, text := range []string{"", "often", "every", "every 0 days", "every 100 days", "every x weeks", "daily on mon", "weekly on 15", "monthly on 32", "FREQ=HOURLY", "FREQ=WEEKLY;COUNT=3", "weekly on", "FREQ=WEEKLY;BYMONTHDAY=1"} {
		if got, err := plan.ParseRepeat(text); err == nil {
			t.Errorf("%q reads as %q", text, got)
		}
	}
}

// A moment keeps its time of day over summer time; what was missed counts once.
func TestAgain(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip(err)
	}
	for _, c := range []struct{ rule, due, later, now, wantDue, wantLater string }{
		{"weekly", "2026-03-23T08:00:00.000Z", "", "2026-03-23T10:00:00Z", "2026-03-30T07:00:00.000Z", ""},
		{"weekly", "2026-03-02", "2026-02-28", "2026-03-02T10:00:00Z", "2026-03-09", "2026-03-07"},
		{"weekly", "2026-03-02", "", "2026-03-20T10:00:00Z", "2026-03-23", ""},
		{"weekly from completion", "2026-03-02", "", "2026-03-20T10:00:00Z", "2026-03-27", ""},
		{"daily", "", "", "2026-03-20T23:30:00Z", "2026-03-22", ""}, // it is the 21st in Berlin
		{"monthly", "2026-01-31", "", "2026-01-20T10:00:00Z", "2026-03-31", ""},
		{"yearly", "2024-02-29", "", "2024-02-29T10:00:00Z", "2028-02-29", ""},
		{"weekly", "", "2026-03-02", "2026-03-02T10:00:00Z", "", "2026-03-09"},
	} {
		r, err := plan.ParseRepeat(c.rule)
		if err != nil {
			t.Fatal(err)
		}
		now, _ := time.Parse(time.RFC3339, c.now)
		due, later, ok := plan.Task{Due: plan.Date(c.due), Defer: plan.Date(c.later)}.Again(r, now.In(berlin))
		if !ok || string(due) != c.wantDue || string(later) != c.wantLater {
			t.Errorf("%s, due %q, deferred %q, completed %s: due %q, deferred %q, %t", c.rule, c.due, c.later, c.now, due, later, ok)
		}
	}
}
