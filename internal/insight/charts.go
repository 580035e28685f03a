package insight

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"pm/internal/flow"
	"pm/internal/plan"
)

// insights returns the figures of the last days, of one chart or of all.
func (s flowing) insights(days int, chart string) Insights {
	today := flow.DayOf(s.now, s.now.Location())
	c := flow.Calendar{Zone: s.now.Location(), First: today, Last: today}
	out := Insights{To: today, Zone: c.Zone.String(), Tasks: s.rest.Tasks(), Finished: s.rest.Finished}
	for i := range s.tasks {
		t := &s.tasks[i]
		c.First = min(c.First, flow.DayOf(t.Arrived(), c.Zone))
		if t.Dropped.IsZero() {
			out.Tasks++
		}
		if !t.Finish.IsZero() {
			out.Finished++
		}
	}
	c.First = max(min(c.First, s.rest.First(today-flow.Day(days), today)), today-flow.Day(days)+1)
	out.From = c.First
	finished := func(t *flow.Task) bool {
		day := flow.DayOf(t.Finish, c.Zone)
		return !t.Finish.IsZero() && day >= c.First && day <= c.Last
	}
	window := s.those(finished)
	out.Enough = out.Finished >= flow.Least
	if !out.Enough {
		out.Reason = fmt.Sprintf("not enough history: %d of %d finished", out.Finished, flow.Least)
	}
	for name, add := range map[string]func(){
		chartBurnup:     func() { out.Burnup = s.burnup(c) },
		chartFlow:       func() { out.Flow = s.cumulative(c) },
		chartCycle:      func() { out.Cycle = cycleTimes(window) },
		chartAging:      func() { out.Aging = s.aging(flow.CycleTimes(window)) },
		chartThroughput: func() { out.Throughput = s.throughput(c) },
		chartTime:       func() { out.Time = stageTimes(s.those(func(t *flow.Task) bool { return t.Underway() || finished(t) })) },
	} {
		if chart == "" || chart == name {
			add()
		}
	}
	return out
}

// those returns the tasks that are as asked.
func (s flowing) those(is func(*flow.Task) bool) (all []*flow.Task) {
	for i := range s.tasks {
		if is(&s.tasks[i]) {
			all = append(all, &s.tasks[i])
		}
	}
	return all
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

func cycleTimes(finished []*flow.Task) *CycleTimes {
	sorted := flow.CycleTimes(finished)
	out := &CycleTimes{Count: len(sorted), P50: seconds(flow.Percentile(sorted, 50)), P85: seconds(flow.Percentile(sorted, 85)),
		P95: seconds(flow.Percentile(sorted, 95)), Points: []CyclePoint{}}
	for _, t := range finished {
		if d, is := t.Cycle(); is {
			out.Points = append(out.Points, CyclePoint{t.Key, t.Finish, seconds(d)})
		}
	}
	plan.Sort(out.Points, func(a, b CyclePoint) int { return cmp.Or(a.Finished.Compare(b.Finished), a.Key.Compare(b.Key)) })
	out.Points = out.Points[max(len(out.Points)-mostPoints, 0):]
	return out
}

func (s flowing) throughput(c flow.Calendar) *Throughput {
	out := &Throughput{}
	for i, n := range c.Throughput(s.tasks) {
		out.Count += n
		out.Days = append(out.Days, ThroughputDay{c.First + flow.Day(i), n})
	}
	out.PerDay = rounded(float64(out.Count)/float64(len(out.Days)), 100)
	return out
}

// rounded rounds to one part of so many.
func rounded(f, parts float64) float64 { return math.Round(f*parts) / parts }

func (s flowing) burnup(c flow.Calendar) (days []BurnupDay) {
	b := c.Burnup(s.tasks).Plus(s.rest, c)
	for i := range b.Scope {
		days = append(days, BurnupDay{c.First + flow.Day(i), b.Scope[i], b.Done[i]})
	}
	return days
}

func (s flowing) cumulative(c flow.Calendar) (days []FlowDay) {
	all := c.Cumulative(s.tasks).Plus(s.rest, c)
	for i := range all.Arrived {
		days = append(days, FlowDay{c.First + flow.Day(i), all.Arrived[i], all.Started[i], all.Submitted[i], all.Finished[i]})
	}
	return days
}

func (s flowing) aging(past []time.Duration) *Aging {
	p50, p85, p95 := flow.Percentile(past, 50), flow.Percentile(past, 85), flow.Percentile(past, 95)
	out := &Aging{P50: seconds(p50), P85: seconds(p85), P95: seconds(p95), Items: []AgingTask{}}
	var oldest []*flow.Task
	older := func(a, b *flow.Task) int { return cmp.Or(a.Start.Compare(b.Start), a.Key.Compare(b.Key)) }
	for i := range s.tasks {
		t := &s.tasks[i]
		if !t.Underway() {
			continue
		}
		if len(past) > 0 && s.now.Sub(t.Start) > p85 {
			out.Old++
		}
		at, _ := slices.BinarySearchFunc(oldest, t, older)
		if len(oldest) == mostAging {
			out.More++
			if at == mostAging {
				continue
			}
			oldest = oldest[:mostAging-1]
		}
		oldest = slices.Insert(oldest, at, t)
	}
	for _, t := range oldest {
		age := s.now.Sub(t.Start)
		one := AgingTask{Key: t.Key, Title: s.titles[t.Key], Status: t.Status, Agent: t.Agent, Seconds: seconds(age)}
		switch {
		case len(past) == 0:
		case age > p95:
			one.Over = "p95"
		case age > p85:
			one.Over = "p85"
		case age > p50:
			one.Over = "p50"
		}
		if t.Status == plan.Todo {
			one.Agent = ""
		}
		out.Items = append(out.Items, one)
	}
	return out
}

// stageTimes is where the time of tasks went.
func stageTimes(of []*flow.Task) *StageTimes {
	sum := flow.Stages(of)
	out := &StageTimes{Held: seconds(sum.Held), Waiting: seconds(sum.Waiting), Blocked: seconds(sum.Blocked), Review: seconds(sum.Review),
		Efficiency: rounded(sum.Efficiency(), 100), Agents: []AgentTime{}}
	for _, a := range flow.ByAgent(of) {
		out.Agents = append(out.Agents, AgentTime{a.Agent, a.Finished, seconds(a.Held), seconds(a.P50()), seconds(a.P85())})
	}
	return out
}
