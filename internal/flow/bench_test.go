package flow_test

import (
	"math/rand/v2"
	"testing"

	"pm/internal/flow"
)

// BenchmarkWhen asks when 300 tasks are done, 10,000 times, from 90 days.
func BenchmarkWhen(b *testing.B) {
	q := flow.Question{Remaining: 300, Runs: flow.Runs}
	for i := range 90 {
		q.Basis, q.Growth = append(q.Basis, i%7), append(q.Growth, i%3)
	}
	for b.Loop() {
		q.When()
	}
}

// BenchmarkSchedule simulates 2,000 tasks of five trades 1,000 times.
func BenchmarkSchedule(b *testing.B) {
	s, r := flow.Schedule{Groups: 50, Runs: flow.ScheduleRuns}, rand.New(rand.NewPCG(1, 2))
	for range 5 {
		t := flow.Trade{Workers: 4, Idle: 1.2}
		for range 200 {
			t.Hours = append(t.Hours, 1+20*r.Float64())
		}
		s.Trades = append(s.Trades, t)
	}
	for i := range 2000 {
		j := flow.Job{Trade: r.IntN(5), Group: i % 50}
		for range min(i, r.IntN(3)) {
			j.Needs = append(j.Needs, int32(max(0, i-1-r.IntN(60))))
		}
		s.Jobs = append(s.Jobs, j)
	}
	for b.Loop() {
		s.Simulate()
	}
}

// BenchmarkBackTest asks what a forecast asks of the past: 20 questions of 500 runs.
func BenchmarkBackTest(b *testing.B) {
	var p flow.Past
	for i := range 180 {
		p.Daily, p.Growth = append(p.Daily, i%7), append(p.Growth, 0)
	}
	for b.Loop() {
		p.BackTest(300)
	}
}
