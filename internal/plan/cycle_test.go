package plan_test

import (
	"fmt"
	"slices"
	"testing"

	"pm/internal/plan"
)

// chain returns n tasks, each depending on the next.
func chain(n int) map[plan.Key][]plan.Key {
	f := plan.MustKey("E01-F01")
	graph := map[plan.Key][]plan.Key{}
	for i := 1; i < n; i++ {
		graph[f.Child(i)] = []plan.Key{f.Child(i + 1)}
	}
	return graph
}

func TestCycle(t *testing.T) {
	f := plan.MustKey("E01-F01")
	if got := plan.Cycle(chain(100_000)); got != nil {
		t.Errorf("a chain has the cycle %v", got)
	}
	graph := chain(4)
	graph[f.Child(1)] = append(graph[f.Child(1)], f.Child(4)) // a diamond is no cycle
	if got := plan.Cycle(graph); got != nil {
		t.Errorf("a diamond has the cycle %v", got)
	}
	graph[f.Child(4)] = []plan.Key{f.Child(9), f.Child(2)}
	want := []plan.Key{f.Child(2), f.Child(3), f.Child(4), f.Child(2)}
	if got := plan.Cycle(graph); !slices.Equal(got, want) {
		t.Errorf("cycle %v, want %v", got, want)
	}
	long := chain(100_000)
	long[f.Child(100_000)] = []plan.Key{f.Child(1)}
	if got := plan.Cycle(long); len(got) != 100_001 || got[0] != got[100_000] {
		t.Errorf("a long cycle has %d keys", len(got))
	}
}

func TestGraph(t *testing.T) {
	var g plan.Graph
	f := plan.MustKey("E01-F01")
	for _, e := range [][2]int{{3, 1}, {1, 9}, {3, 2}, {1, 2}, {3, 1}} {
		g.Add(f.Child(e[0]), f.Child(e[1]))
	}
	edges := ""
	for task, on := range g.Edges() {
		edges += fmt.Sprint(" ", task.Task, ">", on.Task)
	}
	if want := " 1>2 1>9 3>1 3>2"; edges != want || g.Cycle() != nil {
		t.Errorf("edges%s, want%s; cycle %v", edges, want, g.Cycle())
	}
	g.Add(f.Child(9), f.Child(3))
	if got := plan.JoinKeys(g.Cycle(), " "); got != "T-E01-F01-001 T-E01-F01-009 T-E01-F01-003 T-E01-F01-001" {
		t.Errorf("cycle %s", got)
	}
}
