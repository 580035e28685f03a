package flow

import (
	"time"
)

// A Day is a day of the calendar: the number of days since 1970-01-01.
type Day int

const secondsPerDay = 24 * 60 * 60

// DayOf returns the day of a moment in a time zone.
func DayOf(t time.Time, zone *time.Location) Day {
	t = t.In(zone)
	_, offset := t.Zone()
	return Day(floorDiv(t.Unix()+int64(offset), secondsPerDay))
}

func floorDiv(a, b int64) int64 {
	if a%b < 0 {
		return a/b - 1
	}
	return a / b
}

// Date returns the day as the date that it is, at midnight in UTC.
func (d Day) Date() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// String writes the day as 2026-11-28.
func (d Day) String() string { return d.Date().Format(time.DateOnly) }

// MarshalText writes the day as 2026-11-28.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads it.
func (d *Day) UnmarshalText(text []byte) error {
	t, err := time.Parse(time.DateOnly, string(text))
	*d = Day(t.Unix() / secondsPerDay)
	return err
}

// A Calendar counts what happened on which day: from the first day to the
// last, both included.
type Calendar struct {
	Zone        *time.Location
	First, Last Day
}

// Days is how many days there are.
func (c Calendar) Days() int { return max(int(c.Last-c.First)+1, 0) }

// index returns the place of the day of a moment, and whether it is there.
// What happened before the first day has the place -1.
func (c Calendar) index(t time.Time) (int, bool) {
	if t.IsZero() {
		return 0, false
	}
	d := DayOf(t, c.Zone)
	return max(int(d-c.First), -1), d <= c.Last
}

// count returns how many of the times lie on each day.
func (c Calendar) count(tasks []Task, at func(*Task) time.Time) []int {
	n := make([]int, c.Days())
	for i := range tasks {
		if day, is := c.index(at(&tasks[i])); is && day >= 0 {
			n[day]++
		}
	}
	return n
}

// totals returns how many of the times lie on each day or before it, for each of
// several: the tasks are gone through once.
func (c Calendar) totals(tasks []Task, times ...func(*Task) time.Time) [][]int {
	all := make([][]int, len(times))
	for k := range all {
		all[k] = make([]int, c.Days())
	}
	if c.Days() == 0 {
		return all
	}
	for i := range tasks {
		for k, at := range times {
			if day, is := c.index(at(&tasks[i])); is {
				all[k][max(day, 0)]++
			}
		}
	}
	for _, n := range all {
		for i := 1; i < len(n); i++ {
			n[i] += n[i-1]
		}
	}
	return all
}

// Throughput returns how many tasks were finished on each day; days on which
// none was count as zero.
func (c Calendar) Throughput(tasks []Task) []int {
	return c.count(tasks, func(t *Task) time.Time { return t.Finish })
}

// Growth returns by how much the scope grew on each day: the tasks that came
// less those that were dropped.
func (c Calendar) Growth(tasks []Task) []int {
	n := c.count(tasks, (*Task).Arrived)
	for i, dropped := range c.count(tasks, func(t *Task) time.Time { return t.Dropped }) {
		n[i] -= dropped
	}
	return n
}

// A Burnup is the scope and what is done of it, at the end of each day.
type Burnup struct{ Scope, Done []int }

// Burnup returns the burn-up.
func (c Calendar) Burnup(tasks []Task) Burnup {
	all := c.totals(tasks, (*Task).Arrived, func(t *Task) time.Time { return t.Finish }, func(t *Task) time.Time { return t.Dropped })
	for i, dropped := range all[2] {
		all[0][i] -= dropped
	}
	return Burnup{Scope: all[0], Done: all[1]}
}

// A Cumulative is how many tasks had arrived, were started, submitted and
// finished at the end of each day. No line falls, and none lies above the one
// before it: what is finished counts as started and submitted, and what was
// dropped does not count.
type Cumulative struct{ Arrived, Started, Submitted, Finished []int }

// Cumulative returns the cumulative flow.
func (c Calendar) Cumulative(tasks []Task) Cumulative {
	kept := func(at func(*Task) time.Time) func(*Task) time.Time {
		return func(t *Task) time.Time {
			if !t.Dropped.IsZero() {
				return time.Time{}
			}
			return at(t)
		}
	}
	all := c.totals(tasks, kept((*Task).Arrived), kept((*Task).begun), kept((*Task).reviewed), kept(func(t *Task) time.Time { return t.Finish }))
	return Cumulative{all[0], all[1], all[2], all[3]}
}
