package plan_test

import (
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
