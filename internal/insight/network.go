package insight

import (
	"cmp"
	"maps"
	"slices"
	"sort"
	"time"

	"pm/internal/flow"
	"pm/internal/plan"
	"pm/internal/store"
)

// A network is the open tasks of a scope, those elsewhere that they wait for,
// and how they wait for each other.
type network struct {
	tasks  []flow.Task // in the order in which they are given out
	at     map[plan.Key]int
	edges  []store.Edge // between tasks
	levels []store.Edge // to or from a feature or an epic
	groups []plan.Key   // features, in order
	group  map[plan.Key]int
	now    time.Time
}

// network returns the network of what is open, without some items.
func (s flowing) network(tx *store.Tx, without []plan.Key) (network, error) {
	n := network{now: s.now}
	open := map[plan.Key]flow.Task{}
	var ids []int64 // whose edges are not read yet
	add := func(t flow.Task) {
		if _, known := open[t.Key]; !known && t.Open() && !underSome(t.Key, without) {
			open[t.Key] = t
			ids = append(ids, t.Key.Ordinal())
		}
	}
	for _, t := range s.tasks {
		add(t)
	}
	levels, err := tx.LevelEdges()
	if err != nil {
		return n, err
	}
	done := map[plan.Key]bool{} // features and epics whose tasks are read
	for len(ids) > 0 {
		slices.Sort(ids)
		edges, err := tx.EdgesOf(ids)
		if err != nil {
			return n, err
		}
		round := ids
		ids = nil
		n.edges = append(n.edges, edges...)
		var missing []plan.Key
		for _, e := range edges {
			if _, known := open[e.DependsOn]; !known {
				missing = append(missing, e.DependsOn)
			}
		}
		more, err := tx.TasksOf(missing)
		if err != nil {
			return n, err
		}
		for _, t := range more {
			add(openTask(t))
		}
		for _, e := range levels {
			if done[e.DependsOn] || e.DependsOn.Level() == plan.LevelTask || !slices.ContainsFunc(round, func(id int64) bool { return e.Task.Contains(plan.KeyOf(id)) }) {
				continue
			}
			done[e.DependsOn] = true
			if err := tx.EachTask(store.TaskFilter{Under: e.DependsOn}, func(t plan.Task) { add(openTask(t)) }); err != nil {
				return n, err
			}
		}
	}
	n.levels = slices.DeleteFunc(levels, func(e store.Edge) bool { return !done[e.DependsOn] })
	n.order(open)
	return n, nil
}

// openTask is a task elsewhere, of whose moves nothing is known.
func openTask(t plan.Task) flow.Task {
	out := flowTask(&t)
	out.Start, out.Finish = out.Started, out.Done
	if t.Status == plan.Archived && out.Finish.IsZero() {
		out.Dropped = out.Updated
	}
	return out
}

// order puts the tasks into the order in which they are given out: the most
// urgent first, then the oldest.
func (n *network) order(open map[plan.Key]flow.Task) {
	n.tasks = slices.Collect(maps.Values(open))
	sort.Slice(n.tasks, func(i, j int) bool {
		a, b := &n.tasks[i], &n.tasks[j]
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), a.Created.Compare(b.Created), cmp.Compare(a.Key.Ordinal(), b.Key.Ordinal())) < 0
	})
	n.at, n.group = make(map[plan.Key]int, len(n.tasks)), map[plan.Key]int{}
	for i, t := range n.tasks {
		n.at[t.Key] = i
		n.group[t.Key.FeatureKey()] = 0
	}
	n.groups = slices.SortedFunc(maps.Keys(n.group), plan.Key.Compare)
	for i, k := range n.groups {
		n.group[k] = i
	}
}

// ofTrade counts the tasks of a trade.
func (n network) ofTrade(name string) (tasks int) {
	for i := range n.tasks {
		if n.tasks[i].Trade == name {
			tasks++
		}
	}
	return tasks
}

// schedule is the network as it is simulated. What waits for a whole feature or
// epic waits for a job that takes no time and needs all its tasks.
func (n network) schedule(trades []flow.Trade, at map[string]int) flow.Schedule {
	s := flow.Schedule{Trades: slices.Clone(trades), Groups: len(n.groups), Runs: min(flow.ScheduleRuns, max(mostSimulated/max(len(n.tasks), 1), leastRuns))}
	gate := len(s.Trades)
	s.Trades = append(s.Trades, flow.Trade{Workers: len(n.levels) + 1, Idle: 1})
	other := -1 // for the trades of tasks elsewhere
	for i := range n.tasks {
		t := &n.tasks[i]
		trade, known := at[t.Trade]
		if !known {
			if other < 0 {
				other = len(s.Trades)
				s.Trades = append(s.Trades, flow.Trade{Name: t.Trade, Workers: 1, Hours: trades[0].Hours, Idle: 1})
			}
			trade = other
		}
		j := flow.Job{Trade: trade, Group: n.group[t.Key.FeatureKey()]}
		if j.Held = t.Status == plan.InProgress || t.Status == plan.ReadyForReview; j.Held && !t.Start.IsZero() {
			j.Age = max(n.now.Sub(t.Start).Hours(), 0)
		}
		s.Jobs = append(s.Jobs, j)
	}
	for _, e := range n.edges {
		if on, open := n.at[e.DependsOn]; open {
			if task, open := n.at[e.Task]; open {
				s.Jobs[task].Needs = append(s.Jobs[task].Needs, int32(on))
			}
		}
	}
	n.addGates(&s, gate)
	return s
}

func (n network) addGates(s *flow.Schedule, trade int) {
	gates := map[plan.Key]int32{}
	for _, e := range n.levels {
		if _, there := gates[e.DependsOn]; !there {
			job := flow.Job{Trade: trade, Group: -1}
			for i := range n.tasks {
				if e.DependsOn.Contains(n.tasks[i].Key) {
					job.Needs = append(job.Needs, int32(i))
				}
			}
			if len(job.Needs) == 0 {
				continue
			}
			gates[e.DependsOn] = int32(len(s.Jobs))
			s.Jobs = append(s.Jobs, job)
		}
		for i := range n.tasks {
			if e.Task.Contains(n.tasks[i].Key) {
				s.Jobs[i].Needs = append(s.Jobs[i].Needs, gates[e.DependsOn])
			}
		}
	}
}
