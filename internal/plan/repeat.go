package plan

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The largest interval of a repeat rule.
const maxInterval = 99

// A Repeat is the rule by which a task repeats. It implements a part of RFC
// 5545; days that a month does not have, such as its 31st, are skipped.
type Repeat struct {
	unit       string // day, week, month or year
	interval   int
	days       []time.Weekday // of a week, from Monday; none means that of the previous day
	monthDay   int            // 0: that of the day before; -1: the last
	completion bool           // counted from the day on which it was completed, not from when it was due
}

// repeatHint shows the forms of a repeat rule.
const repeatHint = `write daily, weekly, "every 2 weeks on mon,thu", monthly, "every 3 months on 15", "monthly on last", yearly, or FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH; each may end in "from completion"`

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// ParseRepeat parses a rule: words, or an RRULE with FREQ, INTERVAL, BYDAY of
// weeks and BYMONTHDAY of months.
func ParseRepeat(s string) (Repeat, error) {
	text := strings.ToLower(strings.Join(strings.Fields(s), " "))
	r := Repeat{interval: 1}
	if rest, is := strings.CutSuffix(text, " from completion"); is {
		text, r.completion = rest, true
	}
	text = strings.TrimSuffix(text, " from due")
	read := r.words
	if strings.Contains(text, "freq=") {
		read = r.rrule
	}
	out, ok := read(text)
	if !ok || out.interval < 1 || out.interval > maxInterval || len(out.days) > 0 && out.unit != "week" || out.monthDay != 0 && out.unit != "month" {
		return r, Errorf(Invalid, "invalid repeat %q", clip(s)).WithCode("bad_repeat").WithHint("%s", repeatHint)
	}
	slices.SortFunc(out.days, func(a, b time.Weekday) int { return fromMonday(a) - fromMonday(b) })
	out.days = slices.Compact(out.days)
	return out, nil
}

// words reads "every 2 weeks on mon,thu".
func (r Repeat) words(text string) (Repeat, bool) {
	text, on, hasOn := strings.Cut(text, " on ")
	switch text {
	case "daily", "weekly", "monthly", "yearly":
		r.unit = map[string]string{"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year"}[text]
	default:
		words := strings.Fields(text)
		if len(words) < 2 || words[0] != "every" {
			return r, false
		}
		if len(words) == 3 {
			r.interval, _ = strconv.Atoi(words[1])
		}
		r.unit = strings.TrimSuffix(words[len(words)-1], "s")
		if len(words) > 3 || !slices.Contains([]string{"day", "week", "month", "year"}, r.unit) {
			return r, false
		}
	}
	switch {
	case !hasOn:
		return r, true
	case r.unit == "week":
		return r.onDays(strings.FieldsFunc(on, func(c rune) bool { return c == ',' || c == ' ' }))
	}
	return r.onMonthDay(strings.TrimPrefix(on, "the "))
}

func (r Repeat) onDays(words []string) (Repeat, bool) {
	for _, w := range words {
		i := slices.IndexFunc(weekdays, func(day string) bool { return len(w) >= 2 && (strings.HasPrefix(w, day) || strings.HasPrefix(day, w)) })
		if i < 0 {
			return r, false
		}
		r.days = append(r.days, time.Weekday(i))
	}
	return r, len(words) > 0
}

func (r Repeat) onMonthDay(word string) (Repeat, bool) {
	if word == "last" || word == "-1" {
		r.monthDay = -1
		return r, true
	}
	var err error
	r.monthDay, err = strconv.Atoi(strings.TrimRight(word, "stndrh"))
	return r, err == nil && r.monthDay >= 1 && r.monthDay <= 31
}

// rrule reads FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH.
func (r Repeat) rrule(text string) (Repeat, bool) {
	ok := true
	for part := range strings.SplitSeq(strings.TrimPrefix(text, "rrule:"), ";") {
		name, value, _ := strings.Cut(part, "=")
		switch name {
		case "freq":
			r.unit = map[string]string{"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year"}[value]
			ok = ok && r.unit != ""
		case "interval":
			r.interval, _ = strconv.Atoi(value)
		case "byday":
			var fine bool
			r, fine = r.onDays(strings.Split(value, ","))
			ok = ok && fine
		case "bymonthday":
			var fine bool
			r, fine = r.onMonthDay(value)
			ok = ok && fine
		default:
			return r, false
		}
	}
	return r, ok && r.unit != ""
}

// String returns the rule in words, its stored form.
func (r Repeat) String() string {
	s := map[string]string{"day": "daily", "week": "weekly", "month": "monthly", "year": "yearly"}[r.unit]
	if r.interval > 1 {
		s = fmt.Sprintf("every %d %ss", r.interval, r.unit)
	}
	if len(r.days) > 0 {
		words := make([]string, len(r.days))
		for i, d := range r.days {
			words[i] = weekdays[d]
		}
		s += " on " + strings.Join(words, ",")
	}
	switch {
	case r.monthDay < 0:
		s += " on last"
	case r.monthDay > 0:
		s += " on " + strconv.Itoa(r.monthDay)
	}
	if r.completion {
		s += " from completion"
	}
	return s
}

// Next returns the first day of the rule, counted from the anchor, that is
// later than after and not before the anchor; false if there is none. Days are
// midnights in UTC.
func (r Repeat) Next(anchor, after time.Time) (time.Time, bool) {
	if after.Before(anchor) {
		after = anchor
	}
	switch r.unit {
	case "day":
		gone := int(after.Sub(anchor).Hours()) / 24
		return anchor.AddDate(0, 0, (gone/r.interval+1)*r.interval), true
	case "week":
		return r.nextOfWeeks(anchor, after), true
	case "month":
		return r.nextOfMonths(anchor, after, r.interval)
	}
	return r.nextOfMonths(anchor, after, 12*r.interval)
}

func (r Repeat) nextOfWeeks(anchor, after time.Time) time.Time {
	days := r.days
	if len(days) == 0 {
		days = []time.Weekday{anchor.Weekday()}
	}
	first := mondayOf(anchor)
	gone := int(mondayOf(after).Sub(first).Hours()) / (7 * 24)
	for week := gone / r.interval * r.interval; ; week += r.interval {
		for _, d := range days {
			if day := first.AddDate(0, 0, 7*week+fromMonday(d)); day.After(after) {
				return day
			}
		}
	}
}

func (r Repeat) nextOfMonths(anchor, after time.Time, interval int) (time.Time, bool) {
	months := func(t time.Time) int { return 12*t.Year() + int(t.Month()) - 1 }
	gone := (months(after) - months(anchor)) / interval * interval
	for step := range 100 { // 29 February comes within eight years, also around 2100
		month := time.Date(anchor.Year(), anchor.Month()+time.Month(gone+step*interval), 1, 0, 0, 0, 0, time.UTC)
		last := month.AddDate(0, 1, -1).Day()
		day := anchor.Day()
		switch {
		case r.monthDay < 0:
			day = last
		case r.monthDay > 0:
			day = r.monthDay
		}
		if next := month.AddDate(0, 0, day-1); day <= last && next.After(after) {
			return next, true
		}
	}
	return time.Time{}, false
}

func fromMonday(d time.Weekday) int { return (int(d) + 6) % 7 }

func mondayOf(day time.Time) time.Time { return day.AddDate(0, 0, -fromMonday(day.Weekday())) }

// Day returns d's day in loc, as a midnight in UTC; false for none.
func (d Date) Day(loc *time.Location) (time.Time, bool) {
	if d.IsDay() {
		t, err := time.Parse(time.DateOnly, string(d))
		return t, err == nil
	}
	t, is := d.Time()
	return midnight(t.In(loc)), is
}

// midnight returns t's day as a midnight in UTC.
func midnight(t time.Time) time.Time {
	year, month, day := t.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// On returns d on another day; a moment keeps its time of day in loc.
func (d Date) On(day time.Time, loc *time.Location) Date {
	if d.IsDay() || d == "" {
		return DayOf(day)
	}
	t, _ := d.Time()
	hour, minute, second := t.In(loc).Clock()
	return DateOf(time.Date(day.Year(), day.Month(), day.Day(), hour, minute, second, 0, loc))
}

// Again returns the dates of the next task when a repeating task is completed
// at now: when it is due, and until when it is deferred. Missed days are not
// made up for: the day is after today. It returns false if the rule has no
// more days.
func (t Task) Again(r Repeat, now time.Time) (due, later Date, ok bool) {
	loc, today := now.Location(), midnight(now)
	anchor, has := t.Due.Day(loc)
	if !has {
		anchor, has = t.Defer.Day(loc)
	}
	from := anchor
	if !has || r.completion {
		from = today
	}
	if !has {
		anchor = today
	}
	after := today
	if from.After(after) {
		after = from
	}
	day, ok := r.Next(from, after)
	if !ok {
		return "", "", false
	}
	if deferred, is := t.Defer.Day(loc); is {
		later = t.Defer.On(day.Add(deferred.Sub(anchor)), loc)
	}
	if t.Due != "" || t.Defer == "" {
		due = t.Due.On(day, loc)
	}
	return due, later, true
}
