package tracker

import (
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// findCycle returns a cycle among the edges, its first task also last, or nil.
// It does not recurse: a chain may have a hundred thousand tasks.
func findCycle(edges []store.Edge) []plan.Key {
	dependsOn := map[plan.Key][]plan.Key{}
	dependants := map[plan.Key][]plan.Key{}
	waits := map[plan.Key]int{}
	for _, e := range edges {
		dependsOn[e.Task] = append(dependsOn[e.Task], e.DependsOn)
		dependants[e.DependsOn] = append(dependants[e.DependsOn], e.Task)
		waits[e.Task]++
	}
	// Take away, again and again, the tasks that wait for nothing that is left.
	var free []plan.Key
	for k := range dependants {
		if waits[k] == 0 {
			free = append(free, k)
		}
	}
	for len(free) > 0 {
		k := free[len(free)-1]
		free = free[:len(free)-1]
		for _, d := range dependants[k] {
			if waits[d]--; waits[d] == 0 {
				free = append(free, d)
			}
		}
	}
	// Each task that is left waits for one that is left: some way along them
	// must come back to itself.
	var left []plan.Key
	for k, n := range waits {
		if n > 0 {
			left = append(left, k)
		}
	}
	if len(left) == 0 {
		return nil
	}
	var path []plan.Key
	at := map[plan.Key]int{}
	for k := slices.MinFunc(left, byOrdinal); ; {
		if i, again := at[k]; again {
			return append(path[i:], k)
		}
		at[k] = len(path)
		path = append(path, k)
		k = dependsOn[k][slices.IndexFunc(dependsOn[k], func(on plan.Key) bool { return waits[on] > 0 })]
	}
}
