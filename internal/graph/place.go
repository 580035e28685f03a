package graph

import (
	"math"
	"slices"
)

// dummyHeight is how much room an edge takes that passes between nodes.
const dummyHeight = 10

// height is the room that a node takes.
func (s *sheet) height(at int, size Size) float64 {
	if at >= s.real {
		return dummyHeight
	}
	return size.Height
}

// place gives each node its height: as near to its neighbours as the order of
// its layer allows. The layers are gone through to and fro, and a chain of
// dummies pulls harder than other edges, which keeps long edges straight.
func (s *sheet) place(size Size) {
	for _, row := range s.rows {
		y := 0.0
		for _, at := range row {
			s.y[at] = y
			y += s.height(at, size) + size.GapY
		}
	}
	for n := range 8 {
		for i := range s.rows {
			row, near := s.rows[i], s.left
			if n%2 == 1 {
				row, near = s.rows[len(s.rows)-1-i], s.right
			}
			s.settle(row, near, size)
		}
	}
	for _, row := range s.rows { // at last by both sides
		s.settleBoth(row, size)
	}
	low := math.Inf(1)
	for _, row := range s.rows {
		for _, at := range row {
			low = min(low, s.y[at])
		}
	}
	for at := range s.y {
		s.y[at] = math.Round(s.y[at] - low)
	}
}

func (s *sheet) middle(at int, size Size) float64 { return s.y[at] + s.height(at, size)/2 }

// pull is the height at which the neighbours would have a node, and how hard
// they pull.
func (s *sheet) pull(at int, near []int, size Size) (y, weight float64) {
	for _, other := range near {
		w := 1.0
		if at >= s.real && other >= s.real {
			w = 8
		}
		y += w * s.middle(other, size)
		weight += w
	}
	if weight == 0 {
		return s.y[at], 0.1
	}
	return y/weight - s.height(at, size)/2, weight
}

func (s *sheet) settle(row []int, near [][]int, size Size) {
	s.spread(row, size, func(at int) (float64, float64) { return s.pull(at, near[at], size) })
}

func (s *sheet) settleBoth(row []int, size Size) {
	s.spread(row, size, func(at int) (float64, float64) {
		return s.pull(at, slices.Concat(s.left[at], s.right[at]), size)
	})
}

// A block is neighbours in a layer that touch each other and move together.
type block struct {
	first       int
	sum, weight float64 // of where its nodes want to be, each less its distance from the first
}

// spread puts the nodes of a row where they want to be, as nearly as their
// order and the gaps allow: the least squares under that constraint, by pooling
// adjacent violators.
func (s *sheet) spread(row []int, size Size, wants func(at int) (y, weight float64)) {
	offset := make([]float64, len(row)) // from the first of the row, all touching
	var blocks []block
	for i, at := range row {
		if i > 0 {
			offset[i] = offset[i-1] + s.height(row[i-1], size) + size.GapY
		}
		y, w := wants(at)
		blocks = append(blocks, block{i, w * (y - offset[i]), w})
		for len(blocks) > 1 {
			a, b := blocks[len(blocks)-2], blocks[len(blocks)-1]
			if a.sum/a.weight <= b.sum/b.weight {
				break
			}
			blocks = append(blocks[:len(blocks)-2], block{a.first, a.sum + b.sum, a.weight + b.weight})
		}
	}
	for n, b := range blocks {
		end := len(row)
		if n+1 < len(blocks) {
			end = blocks[n+1].first
		}
		for i := b.first; i < end; i++ {
			s.y[row[i]] = b.sum/b.weight + offset[i]
		}
	}
}

// layout reads the places off the sheet. Nodes without an edge stand below the
// others, side by side.
func (s *sheet) layout(edges []Edge, size Size) Layout {
	l := Layout{Nodes: make([]Point, s.real), Layers: s.layer[:s.real], Routes: make([][]Point, len(edges))}
	x := func(at int) float64 { return float64(s.layer[at]) * (size.Width + size.GapX) }
	connected := s.real - len(s.alone)
	for _, row := range s.rows {
		for _, at := range row {
			if at < s.real {
				l.Nodes[at] = Point{x(at), s.y[at]}
			}
			l.Width, l.Height = max(l.Width, x(at)+size.Width), max(l.Height, s.y[at]+s.height(at, size))
		}
	}
	for i, chain := range s.chains {
		l.Routes[i] = s.route(chain, x, size)
	}
	s.below(&l, connected > 0, size)
	return l
}

func (s *sheet) route(chain []int, x func(int) float64, size Size) (points []Point) {
	for i, at := range chain {
		y := s.middle(at, size)
		switch {
		case i == 0:
			points = append(points, Point{x(at) + size.Width, y})
		case i == len(chain)-1:
			points = append(points, Point{x(at), y})
		default:
			points = append(points, Point{x(at), y}, Point{x(at) + size.Width, y})
		}
	}
	return points
}

// below places the nodes without an edge in a grid.
func (s *sheet) below(l *Layout, more bool, size Size) {
	columns := max(int((l.Width+size.GapX)/(size.Width+size.GapX)), min(4, len(s.alone)))
	top := 0.0
	if more {
		top = l.Height + 3*size.GapY
	}
	narrow := size.GapX / 2
	for i, at := range s.alone {
		p := Point{float64(i%columns) * (size.Width + narrow), top + float64(i/columns)*(size.Height+size.GapY)}
		l.Nodes[at] = p
		l.Width, l.Height = max(l.Width, p.X+size.Width), max(l.Height, p.Y+size.Height)
	}
}
