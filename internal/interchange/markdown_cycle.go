package interchange

import "pm/internal/plan"

// Cycle returns the keys of one circle of dependencies among tasks, each
// depending on the next, the first repeated at the end; nil when there is none.
func Cycle(tasks []TaskDoc) []plan.Key {
	const (
		unseen = iota
		onPath
		done
	)
	needs := make(map[plan.Key][]plan.Key, len(tasks))
	for _, t := range tasks {
		needs[t.Key] = t.DependsOn
	}
	state := make(map[plan.Key]int, len(tasks))
	for _, t := range tasks {
		if state[t.Key] != unseen {
			continue
		}
		path := []plan.Key{t.Key}
		next := []int{0} // which dependency of path[i] is looked at next
		state[t.Key] = onPath
		for len(path) > 0 {
			top := len(path) - 1
			key := path[top]
			if next[top] == len(needs[key]) {
				state[key] = done
				path, next = path[:top], next[:top]
				continue
			}
			on := needs[key][next[top]]
			next[top]++
			switch state[on] {
			case onPath:
				return closed(path, on)
			case unseen:
				state[on] = onPath
				path, next = append(path, on), append(next, 0)
			}
		}
	}
	return nil
}

// closed returns the end of path from key on, and key once more.
func closed(path []plan.Key, key plan.Key) []plan.Key {
	for i, k := range path {
		if k == key {
			return append(append([]plan.Key(nil), path[i:]...), key)
		}
	}
	return nil
}
