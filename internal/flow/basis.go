package flow

import "time"

// A Past is how many tasks were finished on each day, from the day on which
// the first arrived up to yesterday, and what was finished today.
type Past struct {
	Daily  []int
	Growth []int // by how much the scope grew on these days
	Today  int
}

// PastOf returns the past of tasks as of a day in a time zone.
func PastOf(tasks []Task, zone *time.Location, today Day) Past {
	first := today
	for i := range tasks {
		first = min(first, DayOf(tasks[i].Arrived(), zone))
	}
	closed := Calendar{zone, max(first, today-maxPast), today - 1}
	now := Calendar{zone, today, today}
	return Past{closed.Throughput(tasks), closed.Growth(tasks), now.Throughput(tasks)[0]}
}

// maxPast is how many days of the past are looked at.
const maxPast = 3650

func sum(of []int) (n int) {
	for _, one := range of {
		n += one
	}
	return n
}

// basis returns the days that a forecast rests on, the last ones: 30, or where
// fewer than 30 tasks were finished in them, as many as that takes, up to 90.
func basis(daily []int) int {
	n, days := 0, 0
	for days < min(len(daily), longBasis) && (days < shortBasis || n < goodBasis) {
		days++
		n += daily[len(daily)-days]
	}
	return days
}

// Question asks when so many open tasks are done. A plan that began today has
// today as its basis.
func (p Past) Question(remaining int, grows bool) Question {
	q := Question{Remaining: remaining + p.Today, Today: p.Today, Runs: Runs}
	if len(p.Daily) == 0 {
		q.Basis, q.Growth = []int{p.Today}, []int{0}
	} else {
		days := basis(p.Daily)
		q.Basis, q.Growth = p.Daily[len(p.Daily)-days:], p.Growth[len(p.Growth)-days:]
	}
	if !grows {
		q.Growth = nil
	}
	return q
}

// A BackTest is how often the forecast would have been right in the past: the
// day it is 85 % sure of was not too early.
type BackTest struct {
	Right int `json:"right"`
	Of    int `json:"of"`
}

const (
	backTests    = 20
	backTestRuns = 500
)

// BackTest asks on up to 20 days of the past, each time knowing only what was
// known on that day, when the next tasks would be finished, as many as are open
// now but at most half of those in the basis, and compares with what happened.
// A question whose answer is not known yet counts only where it is too late to
// be right.
func (p Past) BackTest(remaining int) (b BackTest) {
	first, seen := -1, 0
	for day, n := range p.Daily {
		if seen += n; seen >= Least {
			first = day + 1
			break
		}
	}
	if first < 0 || first >= len(p.Daily) || remaining <= 0 {
		return b
	}
	days := len(p.Daily) - first
	for i := range min(backTests, days) {
		right, known := p.wasRight(first+i*days/min(backTests, days), remaining)
		if known {
			b.Of++
		}
		if right {
			b.Right++
		}
	}
	return b
}

// wasRight asks on one day, before anything was finished on it.
func (p Past) wasRight(day, remaining int) (right, known bool) {
	n := basis(p.Daily[:day])
	past := p.Daily[day-n : day]
	q := Question{Remaining: min(remaining, max(sum(past)/2, 1)), Basis: past, Runs: backTestRuns}
	p85 := Percentile(q.When(), 85)
	left := q.Remaining
	for at, finished := range p.Daily[day:] {
		if left -= finished; left <= 0 {
			return at <= p85, true
		}
	}
	return false, len(p.Daily)-day > p85
}
