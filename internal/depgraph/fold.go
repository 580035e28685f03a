package depgraph

import (
	"maps"
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// fold lets features stand for the nodes under them where there are too many,
// and epics where there still are.
func (d *drawing) fold(out *Graph) error {
	for _, level := range []plan.Level{plan.LevelFeature, plan.LevelEpic} {
		if len(d.nodes) <= mostNodes {
			break
		}
		d.foldTo(level)
		out.Folded = level
	}
	if out.Folded == "" {
		return nil
	}
	titles, err := d.tx.Titles(slices.Collect(maps.Keys(d.nodes)))
	for k, n := range d.nodes {
		if n.Title = titles[k]; n.Status == "" {
			n.Status = plan.AnyStatus(plan.PlanActive)
			if n.Total > 0 && n.Completed == n.Total {
				n.Status = plan.AnyStatus(plan.PlanCompleted)
			}
		}
		d.nodes[k] = n
	}
	return err
}

func (d *drawing) foldTo(level plan.Level) {
	parent := func(k plan.Key) plan.Key {
		switch {
		case level == plan.LevelEpic:
			return k.EpicKey()
		case k.Level() == plan.LevelTask:
			return k.FeatureKey()
		}
		return k
	}
	nodes := map[plan.Key]Node{}
	for k, n := range d.nodes {
		p := parent(k)
		if _, there := nodes[p]; !there {
			nodes[p] = Node{Key: p, Outside: n.Outside}
		}
	}
	for k, n := range d.nodes {
		one := nodes[parent(k)]
		one.add(n)
		nodes[parent(k)] = one
	}
	edges := map[store.Edge]bool{}
	for e := range d.edges {
		if e = (store.Edge{Task: parent(e.Task), DependsOn: parent(e.DependsOn)}); e.Task != e.DependsOn {
			edges[e] = true
		}
	}
	d.nodes, d.edges = nodes, edges
}

// add takes a node under this one in.
func (n *Node) add(part Node) {
	switch {
	case part.Key == n.Key:
		n.Status = part.Status
		n.Total, n.Completed, n.weight = max(n.Total, part.Total), max(n.Completed, part.Completed), max(n.weight, part.weight)
		return
	case part.Key.Level() != plan.LevelTask:
		n.Total, n.Completed = n.Total+part.Total, n.Completed+part.Completed
	default:
		n.Total++
		if part.Status == plan.AnyStatus(plan.Completed) {
			n.Completed++
		}
	}
	n.weight += part.weight
	n.Outside = n.Outside && part.Outside
}
