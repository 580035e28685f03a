package flow

// A Rest is tasks that are counted and not looked at: to those of Finished and
// Waiting nothing happened on the days of a calendar, and the others came on one
// of its days, and wait.
type Rest struct {
	Finished int         // before the first day
	Waiting  int         // came before the first day and were never started
	Came     map[Day]int // were never started, by the day on which they came
	Older    bool        // a task came before the first day, counted here or dropped since
}

// Tasks is how many there are.
func (r Rest) Tasks() int {
	n := r.Finished + r.Waiting
	for _, one := range r.Came {
		n += one
	}
	return n
}

// First is the first day on which one of them came: before, where that was
// before the first day of the calendar; today at the latest.
func (r Rest) First(before, today Day) Day {
	if r.Older {
		return before
	}
	for day := range r.Came {
		today = min(today, day)
	}
	return today
}

// arrived is how many had come at the end of each day.
func (r Rest) arrived(c Calendar) []int {
	n := make([]int, c.Days())
	before := r.Finished + r.Waiting
	for day, one := range r.Came {
		if day < c.First {
			before += one
		} else if day <= c.Last {
			n[day-c.First] += one
		}
	}
	for i := range n {
		before += n[i]
		n[i] = before
	}
	return n
}

// Plus is the burn-up with the rest.
func (b Burnup) Plus(r Rest, c Calendar) Burnup {
	for i, n := range r.arrived(c) {
		b.Scope[i] += n
		b.Done[i] += r.Finished
	}
	return b
}

// Plus is the cumulative flow with the rest.
func (f Cumulative) Plus(r Rest, c Calendar) Cumulative {
	for i, n := range r.arrived(c) {
		f.Arrived[i] += n
		f.Started[i] += r.Finished
		f.Submitted[i] += r.Finished
		f.Finished[i] += r.Finished
	}
	return f
}
