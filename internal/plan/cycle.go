package plan

import "slices"

// A waiting is the tasks of a graph that depend on something, by their
// positions in the order of the graph. Only they can be part of a cycle.
type waiting struct {
	edges      []ordinals
	tasks      []int64
	first      []int32 // where the edges of each begin, and the end
	on         []int32 // how many of these tasks each waits for
	behind     []int32 // where in dependants those of each begin, and the end
	dependants []int32
}

func (g *Graph) waiting() *waiting {
	g.order()
	w := &waiting{edges: g.edges}
	for i, e := range g.edges {
		if i == 0 || e.task != g.edges[i-1].task {
			w.tasks, w.first = append(w.tasks, e.task), append(w.first, int32(i))
		}
	}
	w.first = append(w.first, int32(len(g.edges)))
	w.on, w.behind = make([]int32, len(w.tasks)), make([]int32, len(w.tasks)+1)
	for task := range w.tasks {
		w.each(task, func(on int) bool {
			w.on[task]++
			w.behind[on]++
			return true
		})
	}
	for i := range w.tasks {
		w.behind[i+1] += w.behind[i]
	}
	w.dependants = make([]int32, w.behind[len(w.tasks)])
	for task := range w.tasks {
		w.each(task, func(on int) bool {
			w.behind[on]-- // from the end of its dependants to their beginning
			w.dependants[w.behind[on]] = int32(task)
			return true
		})
	}
	return w
}

// each calls f with the tasks that a task waits for, until it returns false.
func (w *waiting) each(task int, f func(on int) bool) {
	for _, e := range w.edges[w.first[task]:w.first[task+1]] {
		if on, is := slices.BinarySearch(w.tasks, e.on); is && !f(on) {
			return
		}
	}
}

// release repeatedly removes the tasks that wait for nothing that is left.
func (w *waiting) release() {
	var free []int32
	for task, n := range w.on {
		if n == 0 {
			free = append(free, int32(task))
		}
	}
	for len(free) > 0 {
		task := free[len(free)-1]
		free = free[:len(free)-1]
		for _, d := range w.dependants[w.behind[task]:w.behind[task+1]] {
			if w.on[d]--; w.on[d] == 0 {
				free = append(free, d)
			}
		}
	}
}

// circle returns a cycle among the remaining tasks. Each of them waits for
// another remaining one, so following these leads back to a task already seen.
func (w *waiting) circle() (path []Key) {
	task := slices.IndexFunc(w.on, func(n int32) bool { return n > 0 })
	if task < 0 {
		return nil
	}
	for at := map[int]int{}; ; {
		if i, again := at[task]; again {
			return append(path[i:], KeyOf(w.tasks[task]))
		}
		at[task], path = len(path), append(path, KeyOf(w.tasks[task]))
		w.each(task, func(on int) bool {
			if w.on[on] > 0 {
				task = on
			}
			return w.on[on] == 0
		})
	}
}
