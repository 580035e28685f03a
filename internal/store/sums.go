package store

import "pm/internal/plan"

// Sums are what features and epics keep of the tasks under them, as
// plan.Task.Counts counts these.
type Sums struct {
	Total, Completed       int
	Estimate, EstimateDone plan.Estimate
}

// SumsOf returns what a task adds to the sums.
func SumsOf(t plan.Task) Sums {
	total, completed := t.Counts()
	return Sums{total, completed, plan.Estimate(total) * t.Estimate, plan.Estimate(completed) * t.Estimate}
}

// Plus returns the sums of both.
func (s Sums) Plus(d Sums) Sums {
	return Sums{s.Total + d.Total, s.Completed + d.Completed, s.Estimate + d.Estimate, s.EstimateDone + d.EstimateDone}
}

// Minus returns what s is more than d.
func (s Sums) Minus(d Sums) Sums {
	return s.Plus(Sums{-d.Total, -d.Completed, -d.Estimate, -d.EstimateDone})
}

func (s *Sums) fields() []any {
	return []any{&s.Total, &s.Completed, (*int64)(&s.Estimate), (*int64)(&s.EstimateDone)}
}
