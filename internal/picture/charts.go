// Package picture makes pictures of answers: charts of insights, graphs of
// what waits for what. Every surface shows the same ones.
package picture

import (
	"fmt"
	"strconv"
	"time"

	"pm/internal/chart"
	"pm/internal/flow"
	"pm/internal/insight"
	"pm/internal/plan"
	"pm/internal/svg"
)

// Charts returns the charts of insights, as many as these have figures for, in
// the order of insight.Charts.
func Charts(in insight.Insights) []chart.Chart {
	one := maker{in}
	var all []chart.Chart
	for _, c := range []struct {
		there bool
		make  func() chart.Chart
	}{
		{in.Burnup != nil, one.burnup}, {in.Flow != nil, one.flow}, {in.Cycle != nil, one.cycle}, {in.Throughput != nil, one.throughput},
		{in.Aging != nil, one.aging}, {in.Time != nil, one.time},
	} {
		if c.there {
			all = append(all, c.make())
		}
	}
	return all
}

type maker struct{ in insight.Insights }

// days is a chart with the days of the window.
func (m maker) days(name, title string) chart.Chart {
	return chart.Chart{Name: name, Title: title, First: m.in.From.Date(), Days: int(m.in.To-m.in.From) + 1}
}

// last says how many days the window has.
func (m maker) last() string {
	if n := int(m.in.To-m.in.From) + 1; n > 1 {
		return fmt.Sprintf("last %d days", n)
	}
	return "today"
}

func values[T any](of []T, get func(T) int) []float64 {
	out := make([]float64, len(of))
	for i, one := range of {
		out[i] = float64(get(one))
	}
	return out
}

func (m maker) burnup() chart.Chart {
	c := m.days("burnup", "Burn-up")
	end := m.in.Burnup[len(m.in.Burnup)-1]
	c.Sub = fmt.Sprintf("%s of %s done, %s", chart.Number(end.Done), chart.Number(end.Scope), m.last())
	c.Series = []chart.Series{
		{Name: "done", Role: svg.Done, Form: chart.Area, Values: values(m.in.Burnup, func(d insight.BurnupDay) int { return d.Done }), Last: chart.Number(end.Done)},
		{Name: "scope", Role: svg.Soft, Values: values(m.in.Burnup, func(d insight.BurnupDay) int { return d.Scope }), Last: chart.Number(end.Scope)},
	}
	if end.Scope == 0 {
		c.Empty = "nothing is planned yet"
	}
	return c
}

func (m maker) flow() chart.Chart {
	c := m.days("flow", "Cumulative flow")
	end := m.in.Flow[len(m.in.Flow)-1]
	c.Sub = fmt.Sprintf("%s started and not finished, %s", chart.Number(end.Started-end.Finished), m.last())
	for _, s := range []struct {
		name string
		role svg.Role
		get  func(insight.FlowDay) int
		now  int
	}{
		{"done", svg.Done, func(d insight.FlowDay) int { return d.Finished }, end.Finished},
		{"in review", svg.Review, func(d insight.FlowDay) int { return d.Submitted }, end.Submitted - end.Finished},
		{"started", svg.Doing, func(d insight.FlowDay) int { return d.Started }, end.Started - end.Submitted},
		{"to do", svg.Todo, func(d insight.FlowDay) int { return d.Arrived }, end.Arrived - end.Started},
	} {
		c.Series = append(c.Series, chart.Series{Name: s.name, Role: s.role, Form: chart.Area, Values: values(m.in.Flow, s.get), Last: chart.Number(s.now)})
	}
	if end.Arrived == 0 {
		c.Empty = "nothing is planned yet"
	}
	return c
}

// percentiles are rules at times of at least a second, as the dots are.
func percentiles(p50, p85, p95 int64) []chart.Rule {
	return []chart.Rule{{Name: "P50", At: float64(max(p50, 1))}, {Name: "P85", At: float64(max(p85, 1))}, {Name: "P95", At: float64(max(p95, 1))}}
}

func (m maker) cycle() chart.Chart {
	c := m.days("cycle", "Cycle time")
	cycle := m.in.Cycle
	c.Unit = chart.Seconds
	if cycle.Count == 0 {
		c.Empty = "no task was started and finished in this time"
		return c
	}
	c.Sub = fmt.Sprintf("%s finished tasks, %s; 85 of 100 took at most %s", chart.Number(cycle.Count), m.last(), chart.Duration(float64(max(cycle.P85, 1))))
	c.Rules = percentiles(cycle.P50, cycle.P85, cycle.P95)
	zone, err := time.LoadLocation(m.in.Zone)
	if err != nil {
		zone = time.Local
	}
	for _, p := range cycle.Points {
		at := p.Finished.In(zone)
		x := float64(flow.DayOf(at, zone)-m.in.From) + float64(at.Hour()*60+at.Minute())/(24*60)
		role := svg.Accent
		if p.Seconds > cycle.P95 {
			role = svg.Stop
		}
		c.Dots = append(c.Dots, chart.Dot{X: x, Y: max(float64(p.Seconds), 1), Role: role, Label: p.Key.String() + ": " + chart.Duration(float64(p.Seconds))})
	}
	return c
}

// mostRows is how many rows a chart shows.
const mostRows = 20

func (m maker) aging() chart.Chart {
	aging := m.in.Aging
	c := chart.Chart{Name: "aging", Title: "Ageing work", Unit: chart.Seconds}
	if len(aging.Items) == 0 {
		c.Empty = "nothing is in progress"
		return c
	}
	if aging.P85 > 0 {
		c.Rules = percentiles(aging.P50, aging.P85, aging.P95)
	}
	n := len(aging.Items) + aging.More
	c.Sub = fmt.Sprintf("%s started and not finished, %s older than P85 of the finished ones", chart.Number(n), chart.Number(aging.Old))
	for _, t := range aging.Items[:min(len(aging.Items), mostRows)] {
		role := svg.Doing
		switch {
		case t.Over == "p95":
			role = svg.Stop
		case t.Status == plan.ReadyForReview:
			role = svg.Review
		case t.Status == plan.Todo:
			role = svg.Todo
		}
		note := chart.Duration(float64(t.Seconds))
		if t.Agent != "" {
			note += "  " + t.Agent
		}
		c.Rows = append(c.Rows, chart.Row{Key: t.Key.String(), Label: t.Title, Dot: max(float64(t.Seconds), 1), Role: role, Note: note})
	}
	if n > len(c.Rows) {
		c.Sub += fmt.Sprintf("; the oldest %d", len(c.Rows))
	}
	return c
}

func (m maker) throughput() chart.Chart {
	c := m.days("throughput", "Throughput")
	c.Sub = fmt.Sprintf("%s finished, %s; %s a day", chart.Number(m.in.Throughput.Count), m.last(), strconv.FormatFloat(m.in.Throughput.PerDay, 'f', -1, 64))
	c.Series = []chart.Series{{Name: "finished", Role: svg.Done, Form: chart.Bars, Values: values(m.in.Throughput.Days, func(d insight.ThroughputDay) int { return d.Finished })}}
	if m.in.Throughput.Count == 0 {
		c.Empty = "nothing was finished in this time"
	}
	return c
}

func (m maker) time() chart.Chart {
	t := m.in.Time
	c := chart.Chart{Name: "time", Title: "Time by stage and agent", Unit: chart.Seconds}
	all := t.Held + t.Waiting + t.Blocked + t.Review
	if all == 0 {
		c.Empty = "nobody has held a task in this time"
		return c
	}
	c.Sub = fmt.Sprintf("somebody worked in %.0f of 100 hours between start and finish, %s", t.Efficiency, m.last())
	for _, s := range []struct {
		name string
		role svg.Role
		took int64
	}{{"in progress", svg.Doing, t.Held}, {"waiting", svg.Todo, t.Waiting}, {"blocked", svg.Stop, t.Blocked}, {"in review", svg.Review, t.Review}} {
		share := fmt.Sprintf("%s  %.0f%%", chart.Duration(float64(s.took)), float64(s.took)/float64(all)*100)
		c.Rows = append(c.Rows, chart.Row{Label: s.name, Note: share, Parts: []chart.Part{{Name: s.name, Role: s.role, Value: float64(s.took)}}})
	}
	for _, a := range t.Agents[:min(len(t.Agents), mostRows-len(c.Rows))] {
		c.Rows = append(c.Rows, chart.Row{Label: a.Agent, Note: fmt.Sprintf("%s  %s done", chart.Duration(float64(a.Held)), chart.Number(a.Finished)),
			Parts: []chart.Part{{Name: a.Agent, Role: svg.Accent, Value: float64(a.Held)}}})
	}
	return c
}
