package plan

import (
	"cmp"
	"iter"
	"slices"
)

// A Graph holds which tasks depend on which: many of them, in little memory.
// The zero Graph is empty.
type Graph struct {
	edges   []ordinals
	ordered bool // and none is there twice
}

// An ordinals is an edge: the ordinals of a task and of one that it depends
// on.
type ordinals struct{ task, on int64 }

// Add adds a dependency, if it is not already there.
func (g *Graph) Add(task, on Key) {
	g.edges, g.ordered = append(g.edges, ordinals{task.Ordinal(), on.Ordinal()}), false
}

func (g *Graph) order() {
	if g.ordered {
		return
	}
	slices.SortFunc(g.edges, func(a, b ordinals) int { return cmp.Or(cmp.Compare(a.task, b.task), cmp.Compare(a.on, b.on)) })
	g.edges, g.ordered = slices.Compact(g.edges), true
}

// Edges returns each dependency as a pair of tasks, in key order.
func (g *Graph) Edges() iter.Seq2[Key, Key] {
	g.order()
	return func(yield func(task, on Key) bool) {
		for _, e := range g.edges {
			if !yield(KeyOf(e.task), KeyOf(e.on)) {
				return
			}
		}
	}
}

// Cycle returns one dependency cycle, with its first task repeated at the end,
// or nil if there is none. The same graph always gives the same cycle. It does
// not recurse: a chain can have a hundred thousand tasks.
func (g *Graph) Cycle() []Key {
	w := g.waiting()
	w.release()
	return w.circle()
}

// Cycle is Graph.Cycle for a map from each task to its dependencies.
func Cycle(dependsOn map[Key][]Key) []Key {
	var g Graph
	for task, on := range dependsOn {
		for _, k := range on {
			g.Add(task, k)
		}
	}
	return g.Cycle()
}
