package picture

import (
	"fmt"

	"pm/internal/depgraph"
	"pm/internal/graph"
	"pm/internal/plan"
)

// Graph returns the picture of what waits for what.
func Graph(in depgraph.Graph) graph.Picture {
	p := graph.Picture{Name: "Dependencies"}
	if in.Key != "" {
		p.Name += " of " + in.Key
	}
	at := map[plan.Key]int{}
	for i, n := range in.Nodes {
		at[n.Key] = i
		one := graph.Node{Key: n.Key.String(), Title: n.Title, Status: StatusOf(n), Right: n.Agent, Critical: n.Critical && len(in.CriticalPath) > 1, Outside: n.Outside}
		if n.Total > 0 {
			one.Right = fmt.Sprintf("%d/%d", n.Completed, n.Total)
		}
		p.Nodes = append(p.Nodes, one)
	}
	for _, e := range in.Edges {
		p.Edges = append(p.Edges, graph.Edge{From: at[e.From], To: at[e.To]})
	}
	for _, k := range in.CriticalPath {
		p.Critical = append(p.Critical, at[k])
	}
	return p
}

// StatusOf is the status of a task, or one that says as much of an epic or a
// feature.
func StatusOf(n depgraph.Node) plan.TaskStatus {
	switch {
	case n.Key.Level() == plan.LevelTask:
		return plan.TaskStatus(n.Status)
	case n.Status == plan.AnyStatus(plan.PlanArchived):
		return plan.Archived
	case n.Status == plan.AnyStatus(plan.PlanCompleted), n.Total > 0 && n.Completed == n.Total:
		return plan.Completed
	case n.Completed > 0:
		return plan.InProgress
	}
	return plan.Todo
}
