package backup

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"pm/internal/plan"
)

// A Keep says how many backups are kept: one for each of so many hours, days,
// weeks, months or years, counted back from the newest.
type Keep []kept

type kept struct {
	count int
	unit  byte
}

// ParseKeep reads what pm backup prune --keep takes: 24h,30d,12m.
func ParseKeep(text string) (Keep, error) {
	bad := plan.Errorf(plan.Invalid, "invalid rule %q", text).WithCode("bad_keep").
		WithHint("use a number and h, d, w, m or y, such as 24h,30d,12m: one backup is kept for each of these hours, days and months")
	var k Keep
	for word := range strings.SplitSeq(text, ",") {
		word = strings.TrimSpace(word)
		if len(word) < 2 || !strings.Contains("hdwmy", word[len(word)-1:]) {
			return nil, bad
		}
		n, err := strconv.Atoi(word[:len(word)-1])
		if err != nil || n < 1 || n > 100_000 {
			return nil, bad
		}
		k = append(k, kept{n, word[len(word)-1]})
	}
	return k, nil
}

// span returns the hour, day, week, month or year that a moment lies in, as a
// name and as how many of them it lies before the newest.
func (k kept) span(at, newest time.Time) (name string, back int) {
	at, newest = at.UTC(), newest.UTC()
	days := func(t time.Time) int { return int(t.Unix() / (24 * 60 * 60)) }
	months := func(t time.Time) int { return 12*t.Year() + int(t.Month()) }
	of := func(t time.Time) int {
		switch k.unit {
		case 'h':
			return int(t.Unix() / (60 * 60))
		case 'd':
			return days(t)
		case 'w':
			return (days(t) + 3) / 7 // from Monday on
		case 'm':
			return months(t)
		}
		return t.Year()
	}
	return fmt.Sprintf("%c%d", k.unit, of(at)), of(newest) - of(at)
}

// choose reports which of the moments, newest first, are kept: the newest of
// each span of time, and the newest of all.
func (k Keep) choose(moments []time.Time) []bool {
	out := make([]bool, len(moments))
	taken := map[string]bool{}
	for i, at := range moments {
		out[i] = i == 0
		for _, rule := range k {
			if name, back := rule.span(at, moments[0]); back < rule.count && !taken[name] {
				taken[name], out[i] = true, true
			}
		}
	}
	return out
}
