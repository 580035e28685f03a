package insight

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"pm/internal/flow"
	"pm/internal/plan"
	"pm/internal/store"
)

// A Schedule is what the simulation of the open tasks gave, with what they wait
// for and the agents that there are per trade.
type Schedule struct {
	Dates
	Runs     int               `json:"runs"`
	Tasks    int               `json:"tasks"` // with those elsewhere that they wait for
	Trades   []ScheduleTrade   `json:"trades"`
	Features []ScheduleFeature `json:"features"`         // those with open tasks, in the order of their keys
	Before   *Dates            `json:"before,omitempty"` // with the agents that there are and all tasks, where the question changes them
}

// A ScheduleTrade is a trade with its agents: those that were seen at work in
// the last 90 days, or as many as the question says.
type ScheduleTrade struct {
	Trade  string `json:"trade"`
	Agents int    `json:"agents"`
	Tasks  int    `json:"tasks"`
}

// A ScheduleFeature is when the open tasks of a feature are done.
type ScheduleFeature struct {
	Key         plan.Key  `json:"key"`
	Title       string    `json:"title"`
	Tasks       int       `json:"tasks"`
	P50         *flow.Day `json:"p50"`
	P85         *flow.Day `json:"p85"`
	Criticality float64   `json:"criticality_pct"` // in how many runs it decided the end
}

// mostSimulated bounds the tasks that are simulated times the runs: two
// thousand tasks are simulated a thousand times, more of them less often.
const (
	mostSimulated = 2000 * flow.ScheduleRuns
	leastRuns     = 50
)

// addSchedule adds the simulation of the schedule to a forecast. If the
// question changes agents, its days are the answer.
func (s flowing) addSchedule(tx *store.Tx, out *Forecast, o Outlook, full []flow.Task) error {
	n, err := s.network(tx, o.Without)
	if err != nil {
		return err
	}
	trades, at := flow.TradesOf(full, s.now)
	for name := range o.Agents {
		if _, there := at[name]; !there {
			return plan.Errorf(plan.Invalid, "no task has the agent type %q", name).WithCode("bad_agents").WithHint("the agent types are %s", joinNames(slices.Sorted(maps.Keys(at))))
		}
	}
	one := n.schedule(trades, at)
	var before *Dates
	if len(o.Agents) > 0 || len(o.Without) > 0 {
		m := n
		if len(o.Without) > 0 {
			if m, err = (flowing{tasks: full, titles: s.titles, now: s.now}).network(tx, nil); err != nil {
				return err
			}
		}
		d := s.datesIn(m.schedule(trades, at).Simulate().Ends)
		before = &d
	}
	for name, number := range o.Agents {
		one.Trades[at[name]].Workers = number
	}
	outcome := one.Simulate()
	sched := &Schedule{Dates: s.datesIn(outcome.Ends), Runs: one.Runs, Tasks: len(n.tasks), Before: before, Trades: []ScheduleTrade{}}
	for name, i := range at {
		if tasks := n.ofTrade(name); tasks > 0 {
			sched.Trades = append(sched.Trades, ScheduleTrade{name, one.Trades[i].Workers, tasks})
		}
	}
	plan.Sort(sched.Trades, func(a, b ScheduleTrade) int { return cmp.Compare(a.Trade, b.Trade) })
	if sched.Features, err = s.features(tx, n, outcome, one.Runs); err != nil {
		return err
	}
	if out.Schedule = sched; len(o.Agents) > 0 {
		out.Method, out.Reason, out.Runs = bySchedule, "", one.Runs
		out.setDates(sched.Dates)
	}
	return nil
}

func joinNames(names []string) (s string) {
	for i, n := range names {
		if i > 0 {
			s += ", "
		}
		s += cmp.Or(n, `"" (none)`)
	}
	return s
}

// datesIn turns hours from now into days.
func (s flowing) datesIn(hours []float64) Dates {
	return Dates{s.dayIn(flow.Percentile(hours, 50)), s.dayIn(flow.Percentile(hours, 85)), s.dayIn(flow.Percentile(hours, 95))}
}

func (s flowing) dayIn(hours float64) *flow.Day {
	if math.IsInf(hours, 1) || hours > flow.Horizon*24 {
		return nil
	}
	day := flow.DayOf(s.now.Add(time.Duration(hours*float64(time.Hour))), s.now.Location())
	return &day
}

// features are the features of a network with what a simulation says of them.
func (s flowing) features(tx *store.Tx, n network, o flow.Outcome, runs int) ([]ScheduleFeature, error) {
	titles, err := tx.Titles(n.groups)
	if err != nil {
		return nil, err
	}
	out := make([]ScheduleFeature, len(n.groups))
	for i, k := range n.groups {
		d := s.datesIn(o.Groups[i])
		out[i] = ScheduleFeature{Key: k, Title: titles[k], P50: d.P50, P85: d.P85, Criticality: rounded(float64(o.Critical[i])/float64(runs)*100, 10)}
	}
	for _, t := range n.tasks {
		out[n.group[t.Key.FeatureKey()]].Tasks++
	}
	return out, nil
}
