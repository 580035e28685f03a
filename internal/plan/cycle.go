package plan

import (
	"maps"
	"slices"
)

// Cycle returns one circle of dependencies, its first task repeated at the
// end, or nil if there is none: dependsOn says for each task what it depends
// on. The same graph gives the same answer. It does not recurse: a chain may
// have a hundred thousand tasks.
func Cycle(dependsOn map[Key][]Key) []Key {
	dependants := map[Key][]Key{}
	waits := map[Key]int{}
	for k, on := range dependsOn {
		for _, d := range on {
			dependants[d] = append(dependants[d], k)
			waits[k]++
		}
	}
	// Take away, again and again, the tasks that wait for nothing that is left.
	var free []Key
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
	// Each task that is left waits for one that is left: the way along them
	// must come back to itself.
	left := slices.Collect(maps.Keys(waits))
	left = slices.DeleteFunc(left, func(k Key) bool { return waits[k] == 0 })
	if len(left) == 0 {
		return nil
	}
	first := slices.MinFunc(left, func(a, b Key) int { return int(min(max(a.Ordinal()-b.Ordinal(), -1), 1)) })
	var path []Key
	at := map[Key]int{}
	for k := first; ; {
		if i, again := at[k]; again {
			return append(path[i:], k)
		}
		at[k] = len(path)
		path = append(path, k)
		k = dependsOn[k][slices.IndexFunc(dependsOn[k], func(on Key) bool { return waits[on] > 0 })]
	}
}
