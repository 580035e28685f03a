package interchange

import (
	"slices"
	"testing"

	"pm/internal/plan"
)

// chain makes n tasks, each depending on the next.
func chain(n int) []TaskDoc {
	f := plan.MustKey("E01-F01")
	tasks := make([]TaskDoc, n)
	for i := range tasks {
		tasks[i].Key = f.Child(i + 1)
		if i+1 < n {
			tasks[i].DependsOn = []plan.Key{f.Child(i + 2)}
		}
	}
	return tasks
}

func TestCycle(t *testing.T) {
	f := plan.MustKey("E01-F01")
	if got := Cycle(chain(100_000)); got != nil {
		t.Errorf("a chain has the cycle %v", got)
	}
	tasks := chain(4)
	tasks[0].DependsOn = append(tasks[0].DependsOn, f.Child(4)) // a diamond is no cycle
	if got := Cycle(tasks); got != nil {
		t.Errorf("a diamond has the cycle %v", got)
	}
	tasks[3].DependsOn = []plan.Key{f.Child(9), f.Child(2)}
	want := []plan.Key{f.Child(2), f.Child(3), f.Child(4), f.Child(2)}
	if got := Cycle(tasks); !slices.Equal(got, want) {
		t.Errorf("cycle %v, want %v", got, want)
	}
	long := chain(100_000)
	long[99_999].DependsOn = []plan.Key{f.Child(1)}
	if got := Cycle(long); len(got) != 100_001 || got[0] != got[100_000] {
		t.Errorf("a long cycle has %d keys", len(got))
	}
}
