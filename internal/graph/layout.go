// Package graph lays out what depends on what: layers from left to right, an
// order within each that crosses few edges, coordinates, and edges that go
// around what is in their way. It draws the layout as SVG, and writes graphs
// as DOT, as Mermaid and for a terminal. No I/O; the same graph gives the same
// picture.
package graph

// An Edge leads from a node to one that comes after it, by their places.
type Edge struct{ From, To int }

// A Size is how large nodes are, and how far apart.
type Size struct{ Width, Height, GapX, GapY float64 }

// A Point is a place in a layout; y grows downwards.
type Point struct{ X, Y float64 }

// A Layout is where the nodes of a graph are, by their left upper corners, and
// how its edges run: from the right side of one node through points between
// the layers to the left side of another.
type Layout struct {
	Nodes         []Point
	Layers        []int // of each node
	Routes        [][]Point
	Width, Height float64
}

// Lay lays out n nodes. Edges that would close a circle are drawn and do not
// count for the layers.
func Lay(n int, edges []Edge, size Size) Layout {
	s := newSheet(n, edges)
	s.sort()
	s.place(size)
	return s.layout(edges, size)
}

// A sheet is the graph while it is laid out. Long edges have a dummy node in
// each layer that they pass.
type sheet struct {
	real   int
	layer  []int
	rows   [][]int // the nodes of each layer, in order
	left   [][]int // neighbours in the layer before
	right  [][]int
	chains [][]int // of each edge, the nodes that it leads through, ends included
	alone  []int   // nodes without an edge, which stand by themselves below
	y      []float64
}

func newSheet(n int, edges []Edge) *sheet {
	s := &sheet{real: n, layer: Layers(n, edges)}
	touched := make([]bool, n)
	for _, e := range edges {
		touched[e.From], touched[e.To] = true, true
	}
	deepest := 0
	for i := range n {
		if !touched[i] {
			s.alone = append(s.alone, i)
			continue
		}
		deepest = max(deepest, s.layer[i])
	}
	s.rows = make([][]int, deepest+1)
	for i := range n {
		if touched[i] {
			s.rows[s.layer[i]] = append(s.rows[s.layer[i]], i)
		}
	}
	s.left, s.right = make([][]int, n), make([][]int, n)
	for _, e := range edges {
		s.thread(e)
	}
	s.y = make([]float64, len(s.layer))
	return s
}

// thread leads an edge through the layers between its ends.
func (s *sheet) thread(e Edge) {
	chain := []int{e.From}
	for l := s.layer[e.From] + 1; l < s.layer[e.To]; l++ {
		d := len(s.layer)
		s.layer, s.left, s.right = append(s.layer, l), append(s.left, nil), append(s.right, nil)
		s.rows[l] = append(s.rows[l], d)
		chain = append(chain, d)
	}
	chain = append(chain, e.To)
	s.chains = append(s.chains, chain)
	if s.layer[e.From] >= s.layer[e.To] {
		return // of a circle
	}
	for i := 1; i < len(chain); i++ {
		s.right[chain[i-1]] = append(s.right[chain[i-1]], chain[i])
		s.left[chain[i]] = append(s.left[chain[i]], chain[i-1])
	}
}

// Layers returns the layer of each node: 0 for one that nothing leads to, else
// one more than the highest before it. What is in a circle, or behind one, has
// the layer that it would have without the edges that close it.
func Layers(n int, edges []Edge) []int {
	layer, left := make([]int, n), make([]int, n)
	after := make([][]int, n)
	for _, e := range edges {
		if e.From != e.To {
			after[e.From] = append(after[e.From], e.To)
			left[e.To]++
		}
	}
	done := make([]bool, n)
	var free []int
	for i, l := range left {
		if l == 0 {
			free = append(free, i)
		}
	}
	for next := 0; ; {
		for len(free) > 0 {
			at := free[len(free)-1]
			free = free[:len(free)-1]
			if done[at] {
				continue
			}
			done[at] = true
			for _, to := range after[at] {
				if done[to] {
					continue
				}
				layer[to] = max(layer[to], layer[at]+1)
				if left[to]--; left[to] == 0 {
					free = append(free, to)
				}
			}
		}
		for next < n && done[next] {
			next++
		}
		if next == n {
			return layer
		}
		free = append(free, next) // the first of a circle
	}
}

// Longest returns the nodes of the longest path, whose weights add up to most,
// first to last: of several the one that begins first. Nodes without weight are
// not on it. The sum is that of the weights.
func Longest(n int, edges []Edge, weight []float64) (path []int, total float64) {
	layer := Layers(n, edges)
	rows := make([][]int, n+1)
	for i, l := range layer {
		rows[min(l, n)] = append(rows[min(l, n)], i)
	}
	after := make([][]int, n)
	for _, e := range edges {
		if layer[e.From] < layer[e.To] {
			after[e.From] = append(after[e.From], e.To)
		}
	}
	best, next := make([]float64, n), make([]int, n) // from a node to the end
	first := -1
	for l := n; l >= 0; l-- {
		for _, at := range rows[l] {
			next[at] = -1
			for _, to := range after[at] {
				if weight[to] > 0 && (next[at] < 0 || best[to] > best[next[at]]) {
					next[at] = to
				}
			}
			if best[at] = weight[at]; next[at] >= 0 {
				best[at] += best[next[at]]
			}
		}
	}
	for i := range n {
		if weight[i] > 0 && (first < 0 || best[i] > best[first]) {
			first = i
		}
	}
	if first < 0 {
		return nil, 0
	}
	for at := first; at >= 0; at = next[at] {
		path = append(path, at)
	}
	return path, best[first]
}
