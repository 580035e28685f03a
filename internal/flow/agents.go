package flow

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"pm/internal/plan"
)

// An AgentTime is what one agent did: the tasks that it finished as the last
// to hold them, and how long it held tasks.
type AgentTime struct {
	Agent    string
	Finished int
	Held     time.Duration
	cycles   []time.Duration
}

// P50 and P85 are percentiles of the cycle times of what it finished.
func (a AgentTime) P50() time.Duration { return Percentile(a.cycles, 50) }

// P85 is as P50.
func (a AgentTime) P85() time.Duration { return Percentile(a.cycles, 85) }

// ByAgent returns what each agent did of the tasks, who finished most first.
func ByAgent(tasks []*Task) []AgentTime {
	by := map[string]*AgentTime{}
	of := func(agent string) *AgentTime {
		if by[agent] == nil {
			by[agent] = &AgentTime{Agent: agent}
		}
		return by[agent]
	}
	for _, t := range tasks {
		for _, s := range t.Spells {
			of(s.Agent).Held += s.Held
		}
		if t.Finish.IsZero() || t.Agent == "" {
			continue
		}
		a := of(t.Agent)
		a.Finished++
		if d, is := t.Cycle(); is {
			a.cycles = append(a.cycles, d)
		}
	}
	all := make([]AgentTime, 0, len(by))
	for _, name := range slices.Sorted(maps.Keys(by)) {
		slices.Sort(by[name].cycles)
		all = append(all, *by[name])
	}
	plan.Sort(all, func(a, b AgentTime) int {
		return cmp.Or(-cmp.Compare(a.Finished, b.Finished), -cmp.Compare(a.Held, b.Held))
	})
	return all
}

// Stages returns how long the tasks were in each stage, all together.
func Stages(tasks []*Task) (sum Times) {
	for _, t := range tasks {
		sum = sum.Plus(t.Times)
	}
	return sum
}
