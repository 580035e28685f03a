package query

import (
	"strconv"
	"strings"
	"time"

	"pm/internal/plan"
)

// A date is the meaning of one word for a time: a span such as a day or, for
// now and times relative to it, a moment.
type date struct {
	from, to time.Time
	moment   bool
}

// span parses one value of a time field.
func (p *parser) span(f FieldInfo, v value) (s Span, err error) {
	read := func(word string) (d date) {
		d, ok := p.date(word)
		if value := spanOf(word); !ok && err == nil && value != "" {
			err = p.errorAt(v.at, "invalid date %q", clip(word)).WithHint("did you mean %s:%s?", f.Name, value)
		} else if !ok && err == nil {
			err = p.errorAt(v.at, "invalid date %q", clip(word)).
				WithHint("use 2026-11-01, 2026-11-01T10:00:00Z, today, yesterday, monday, -3d, -2w, -1m, sow, som, now: %s", strings.TrimPrefix(wanted(f), "write "))
		}
		if y := d.from.Year(); ok && (y < 1000 || y > 9998) && err == nil {
			err = p.errorAt(v.at, "date %q is out of range", clip(word)).WithHint("%s", wanted(f))
		}
		return d
	}
	from, to, isRange := strings.Cut(v.text, "..")
	switch {
	case isRange && v.op != "" || isRange && from+to == "":
		return s, p.errorAt(v.at, "invalid range %q", clip(v.op+v.text)).WithHint("%s", wanted(f))
	case isRange:
		if from != "" {
			s.From = read(from).from
		}
		if to != "" {
			s.To = read(to).to
		}
	case v.op == "<":
		s.To = read(v.text).from
	case v.op == "<=":
		s.To = read(v.text).to
	case v.op == ">":
		s.From = read(v.text).to
	case v.op == ">=":
		s.From = read(v.text).from
	default:
		d := read(v.text)
		if d.moment { // equal to a moment is nothing: its day is meant
			d = p.dayOf(d.from.Date())
		}
		s = Span{d.from, d.to}
	}
	if err != nil {
		return s, err
	}
	s = Span{utc(s.From), utc(s.To)}
	if !s.From.IsZero() && !s.To.IsZero() && !s.From.Before(s.To) {
		return s, p.errorAt(v.at, "range %q ends before it starts", clip(v.text)).WithHint("%s", wanted(f))
	}
	return s, nil
}

// utc returns the time as it is stored; the zero time stays the zero time.
func utc(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Millisecond)
}

// layouts are the forms of times of day, with the length of time that each
// covers: a time without seconds is a whole minute, one without a zone is
// local.
var layouts = []struct {
	layout string
	length time.Duration
}{
	{"2006-01-02T15:04", time.Minute},
	{"2006-01-02 15:04", time.Minute},
	{"2006-01-02 15:04:05", time.Second},
	{"2006-01-02T15:04:05", time.Second},
	{"2006-01-02T15:04Z07:00", time.Minute},
	{time.RFC3339, time.Second},
}

// clocks are the forms of times of today.
var clocks = []struct {
	layout string
	length time.Duration
}{{"15:04", time.Minute}, {"15:04:05", time.Second}}

// date parses one word for a time.
func (p *parser) date(typed string) (d date, ok bool) {
	word := strings.ToLower(typed)
	year, month, day := p.now.Date()
	switch word {
	case "now":
		return date{p.now, p.now, true}, true
	case "today":
		return p.dayOf(year, month, day), true
	case "yesterday":
		return p.dayOf(year, month, day-1), true
	case "tomorrow":
		return p.dayOf(year, month, day+1), true
	case "sow", "eow": // the first and the last day of the week, which begins on Monday
		day -= (int(p.now.Weekday()) + 6) % 7
		if word == "eow" {
			day += 6
		}
		return p.dayOf(year, month, day), true
	case "som":
		return p.dayOf(year, month, 1), true
	case "eom":
		return p.dayOf(year, month+1, 0), true
	}
	if d, ok := p.weekday(word); ok {
		return d, true
	}
	if short := spokenOffset(word); short != "" && (p.ahead || short[0] == '-') {
		word = short
	}
	if t, ok := p.offset(word); ok {
		if p.ahead && !strings.HasSuffix(word, "h") && !strings.HasSuffix(word, "min") && !strings.HasSuffix(word, "s") {
			return p.dayOf(t.Date()), true
		}
		return date{t, t, true}, true
	}
	for _, l := range clocks {
		if t, err := time.Parse(l.layout, word); err == nil && !p.ahead { // a due time without a day could be today's or tomorrow's
			at := time.Date(year, month, day, t.Hour(), t.Minute(), t.Second(), 0, p.now.Location())
			return date{from: at, to: at.Add(l.length)}, true
		}
	}
	upper := strings.ToUpper(typed)
	if t, err := time.Parse(time.DateOnly, upper); err == nil {
		return p.dayOf(t.Date()), true
	}
	for _, l := range layouts {
		t, err := time.ParseInLocation(l.layout, upper, p.now.Location())
		if err != nil {
			continue
		}
		length := l.length
		if strings.Contains(upper, ".") {
			length = time.Millisecond
			t = t.Truncate(length)
		}
		return date{from: t, to: t.Add(length)}, true
	}
	return d, false
}

// weekday parses the name of a day, or at least its first three letters: the
// last such day, today included, because all times of a task are in the past;
// for times in the future the next one, today included.
func (p *parser) weekday(word string) (d date, ok bool) {
	for day := time.Sunday; len(word) >= 3 && day <= time.Saturday; day++ {
		if strings.HasPrefix(strings.ToLower(day.String()), word) {
			year, month, today := p.now.Date()
			back := (int(p.now.Weekday()-day) + 7) % 7
			if p.ahead && back > 0 {
				back -= 7
			}
			return p.dayOf(year, month, today-back), true
		}
	}
	return d, false
}

// spoken are the units of "ago". In 3m ago the m means minutes, because that
// is how pm formats ages in minutes.
var spoken = map[string]string{"m": "min", "mins": "min", "minute": "min", "minutes": "min", "hour": "h", "hours": "h", "day": "d", "days": "d",
	"week": "w", "weeks": "w", "month": "m", "months": "m", "year": "y", "years": "y"}

// spokenOffset returns the offset that people mean by words, and that pm formats: 2 hours
// ago, an hour ago, 3d ago, in 2 days; empty for other words.
func spokenOffset(word string) string {
	sign := "-"
	span, ok := strings.CutSuffix(word, " ago")
	if !ok {
		sign = "+"
		span, ok = strings.CutPrefix(word, "in ")
	}
	for _, one := range []string{"a ", "an "} {
		if unit, ok := strings.CutPrefix(span, one); ok {
			span = "1 " + unit
		}
	}
	digits := len(span) - len(strings.TrimLeft(span, "0123456789"))
	unit := strings.TrimSpace(span[digits:])
	if !ok || digits == 0 || unit == "" || strings.Trim(unit, "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	if strings.HasPrefix("seconds", unit) {
		unit = "s"
	} else if short, ok := spoken[unit]; ok {
		unit = short
	}
	return sign + span[:digits] + unit
}

// offset parses a time relative to now: -3d, +1w, 2m. Without a sign it is in
// the past, like all times of a task, or in the future for fields that look
// ahead.
func (p *parser) offset(word string) (t time.Time, ok bool) {
	sign := -1
	if p.ahead {
		sign = 1
	}
	if rest, plus := strings.CutPrefix(word, "+"); plus {
		word, sign = rest, 1
	} else if rest, minus := strings.CutPrefix(word, "-"); minus {
		word, sign = rest, -1
	}
	digits := len(word) - len(strings.TrimLeft(word, "0123456789"))
	if digits == 0 || digits > 5 {
		return t, false
	}
	n, _ := strconv.Atoi(word[:digits])
	n *= sign
	switch word[digits:] {
	case "s":
		return p.now.Add(time.Duration(n) * time.Second), true
	case "min":
		return p.now.Add(time.Duration(n) * time.Minute), true
	case "h":
		return p.now.Add(time.Duration(n) * time.Hour), true
	case "d":
		return p.now.AddDate(0, 0, n), true
	case "w":
		return p.now.AddDate(0, 0, 7*n), true
	case "m":
		return plan.AddMonths(p.now, n), true
	case "y":
		return plan.AddMonths(p.now, 12*n), true
	}
	return t, false
}

// dayOf returns a day in now's time zone, from its first moment to that of the
// next day. The day may be outside the month, as in time.Date.
func (p *parser) dayOf(year int, month time.Month, day int) date {
	loc := p.now.Location()
	return date{from: plan.StartOfDay(year, month, day, loc), to: plan.StartOfDay(year, month, day+1, loc)}
}
