package render

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"pm/internal/cli/term"
	"pm/internal/plan"
)

// statusWords returns the status, and how many tasks a todo waits for.
func statusWords(t plan.Task) string {
	if t.Status == plan.Todo && t.OpenDependencies > 0 {
		return fmt.Sprintf("%s (waits %d)", t.Status, t.OpenDependencies)
	}
	return string(t.Status)
}

// percent returns pct without decimals. It is 0% only when nothing is done and
// 100% only when all is.
func percent(pct plan.Percent) string {
	switch {
	case !(pct > 0):
		return "0%"
	case pct < 1:
		return "<1%"
	case pct >= 100:
		return "100%"
	case pct > 99:
		return ">99%"
	}
	return strconv.FormatFloat(float64(pct), 'f', 0, 64) + "%"
}

// number writes pct for a pipe, as JSON has it.
func number(pct plan.Percent) string { return strconv.FormatFloat(pct.Rounded(), 'f', -1, 64) }

// progress returns a bar, the percentage and completed/total.
func (p *printer) progress(completed, total int, pct plan.Percent) string {
	text := fmt.Sprintf("%4s  %s/%s", percent(pct), term.Count(completed), term.Count(total))
	if p.tight() {
		return text
	}
	return p.out.Bar(float64(pct), 10) + " " + text
}

// A thing is a number of something.
type thing struct {
	n    int
	noun string
}

// things lists those that there are any of.
func things(all ...thing) string {
	var words []string
	for _, t := range all {
		if t.n != 0 {
			words = append(words, term.Plural(t.n, t.noun))
		}
	}
	return strings.Join(words, ", ")
}

const minute = "2006-01-02 15:04"

// when returns how long ago t is and, in local time, its minute. For the zero
// time it is empty.
func (p *printer) when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	ago, at := term.Ago(p.now, t), t.In(p.now.Location()).Format(minute)
	if strings.HasPrefix(at, ago) { // far enough for Ago to be the date
		return at
	}
	return ago + ", " + at
}

// utc writes a time for a pipe; the zero time is empty.
func utc(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
