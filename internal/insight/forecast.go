package insight

import (
	"fmt"
	"slices"
	"time"

	"pm/internal/flow"
	"pm/internal/plan"
	"pm/internal/store"
)

// The methods of a forecast.
const (
	byThroughput = "throughput"
	bySchedule   = "schedule"
)

// A Forecast is when the open tasks of a scope will be done. The days are null
// where there is not enough history, and Reason says why. With Method schedule
// they come from the simulation of the schedule, else from the throughput.
type Forecast struct {
	Query        string        `json:"query,omitempty"`
	Method       string        `json:"method"`
	Remaining    int           `json:"remaining"`
	Finished     int           `json:"finished"`
	Enough       bool          `json:"enough"`
	Reason       string        `json:"reason,omitempty"`
	P50          *flow.Day     `json:"p50"`
	P85          *flow.Day     `json:"p85"`
	P95          *flow.Day     `json:"p95"`
	Runs         int           `json:"runs"`
	BasisDays    int           `json:"basis_days"`
	PerDay       float64       `json:"per_day"`        // finished on a day of the basis
	GrowthPerDay float64       `json:"growth_per_day"` // by which the scope grew on a day of the basis
	Growth       bool          `json:"growth"`         // the days take it into account
	WithGrowth   *Dates        `json:"with_growth,omitempty"`
	By           *ByDate       `json:"by,omitempty"`
	BackTest     flow.BackTest `json:"backtest"`
	Schedule     *Schedule     `json:"schedule,omitempty"`
}

// Dates are the days by which all is done in 50, 85 and 95 of 100 runs; null:
// not within 1,000 days.
type Dates struct {
	P50 *flow.Day `json:"p50"`
	P85 *flow.Day `json:"p85"`
	P95 *flow.Day `json:"p95"`
}

// ByDate is how many more tasks will be finished by the end of a day: so many
// at least, with 50, 85 and 95 % certainty.
type ByDate struct {
	Day    flow.Day `json:"day"`
	P50    int      `json:"p50"`
	P85    int      `json:"p85"`
	P95    int      `json:"p95"`
	Chance float64  `json:"chance_pct"` // that all are finished by then
}

// An Outlook says what Predict is asked: when the open tasks of a filter will be
// done, and what if.
type Outlook struct {
	Tasks   store.TaskFilter
	By      *flow.Day      // also how many will be done by this day; nil means not asked
	Agents  map[string]int // how many agents of a type there are, in place of those seen at work
	Without []plan.Key     // items to leave out, with all that lies under them
	Growth  bool           // the scope goes on growing as it did
	Now     time.Time      // in the project's time zone, in which days are counted
}

// Predict says when the open tasks of an outlook will be done. An agent type
// that no task has is plan.Invalid.
func Predict(tx *store.Tx, o Outlook) (out Forecast, err error) {
	s, err := loadFlow(tx, o.Tasks, o.Now)
	if err != nil {
		return out, err
	}
	full := s.tasks
	s.tasks = slices.DeleteFunc(slices.Clone(full), func(t flow.Task) bool { return t.Open() && underSome(t.Key, o.Without) })
	out = s.forecast(o, full)
	if out.Enough && out.Remaining > 0 {
		err = s.addSchedule(tx, &out, o, full)
	}
	return out, err
}

// underSome reports whether the task is one of the items, or lies under one.
func underSome(task plan.Key, items []plan.Key) bool {
	return slices.ContainsFunc(items, func(k plan.Key) bool { return k.Contains(task) })
}

// forecast answers from the throughput of the full scope, of which some tasks
// may be left out.
func (s flowing) forecast(o Outlook, full []flow.Task) Forecast {
	today := flow.DayOf(s.now, s.now.Location())
	past := flow.PastOf(full, s.now.Location(), today)
	out := Forecast{Method: byThroughput, Growth: o.Growth}
	for i := range s.tasks {
		if s.tasks[i].Open() {
			out.Remaining++
		}
		if !s.tasks[i].Finish.IsZero() {
			out.Finished++
		}
	}
	q := past.Question(out.Remaining, true)
	out.BasisDays, out.PerDay, out.GrowthPerDay = len(q.Basis), perDay(q.Basis), perDay(q.Growth)
	if out.Enough = out.Finished >= flow.Least; !out.Enough {
		out.Reason = fmt.Sprintf("not enough history: %d of %d finished", out.Finished, flow.Least)
		return out
	}
	if out.Remaining == 0 {
		out.Reason = "nothing is left to do"
		return out
	}
	out.Runs = q.Runs
	grown := datesOf(today, q.When())
	q.Growth = nil
	plainDays := datesOf(today, q.When())
	out.BackTest = past.BackTest(out.Remaining)
	out.WithGrowth = &grown
	if o.Growth {
		plainDays = grown
	}
	out.setDates(plainDays)
	if o.By != nil {
		out.By = howMany(q, *o.By, today)
	}
	return out
}

// setDates sets the days that are the answer.
func (f *Forecast) setDates(d Dates) {
	f.P50, f.P85, f.P95 = d.P50, d.P85, d.P95
	if f.P85 == nil {
		f.Reason = fmt.Sprintf("not done within %d days at this pace", flow.Horizon)
	}
}

func perDay(days []int) float64 {
	n := 0
	for _, one := range days {
		n += one
	}
	return rounded(float64(n)/float64(max(len(days), 1)), 100)
}

// datesOf turns the days of runs, counted from today, into dates.
func datesOf(today flow.Day, days []int) (d Dates) {
	at := func(p int) *flow.Day {
		n := flow.Percentile(days, p)
		if n >= flow.Never {
			return nil
		}
		day := today + flow.Day(n)
		return &day
	}
	return Dates{at(50), at(85), at(95)}
}

func howMany(q flow.Question, by, today flow.Day) *ByDate {
	done, all := q.HowMany(int(by-today) + 1)
	return &ByDate{by, flow.Percentile(done, 50), flow.Percentile(done, 15), flow.Percentile(done, 5), rounded(float64(all)/float64(q.Runs)*100, 10)}
}
