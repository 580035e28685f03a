package graph

import (
	"cmp"
	"slices"
)

// sweeps is how often the layers are sorted to and fro; more changes little.
const sweeps = 12

// sort orders each layer so that few edges cross: each node goes to the mean of
// its neighbours in the layer before, then in the one after, again and again.
// The order with the fewest crossings is kept.
func (s *sheet) sort() {
	place := make([]float64, len(s.layer))
	number := func(row []int) {
		for i, at := range row {
			place[at] = float64(i)
		}
	}
	for _, row := range s.rows {
		number(row)
	}
	best, fewest := cloneRows(s.rows), s.crossings(place)
	for n := 0; n < sweeps && fewest > 0; n++ {
		for i := range s.rows {
			row, near := s.rows[i], s.left
			if n%2 == 1 {
				row, near = s.rows[len(s.rows)-1-i], s.right
			}
			byMean(row, near, place)
			number(row)
		}
		if c := s.crossings(place); c < fewest {
			best, fewest = cloneRows(s.rows), c
		}
	}
	s.rows = best
}

func cloneRows(rows [][]int) [][]int {
	out := make([][]int, len(rows))
	for i, row := range rows {
		out[i] = slices.Clone(row)
	}
	return out
}

// byMean sorts a row by the mean place of the neighbours; nodes without any
// keep their place.
func byMean(row []int, near [][]int, place []float64) {
	means := make(map[int]float64, len(row))
	for _, at := range row {
		means[at] = place[at]
		if len(near[at]) > 0 {
			sum := 0.0
			for _, other := range near[at] {
				sum += place[other]
			}
			means[at] = sum / float64(len(near[at]))
		}
	}
	slices.SortStableFunc(row, func(a, b int) int { return cmp.Compare(means[a], means[b]) })
}

// crossings counts the crossings between neighbouring layers: of the edges in
// the order of their left ends the inversions of their right ends.
func (s *sheet) crossings(place []float64) (n int) {
	for l := 0; l+1 < len(s.rows); l++ {
		var ends []int
		for _, at := range s.rows[l] {
			first := len(ends)
			for _, to := range s.right[at] {
				ends = append(ends, int(place[to]))
			}
			slices.Sort(ends[first:])
		}
		n += inversions(ends, len(s.rows[l+1]))
	}
	return n
}

// inversions counts the pairs that are out of order, of numbers below most, in
// a Fenwick tree.
func inversions(of []int, most int) (n int) {
	tree := make([]int, most+1)
	for i, v := range of {
		below := 0
		for at := v + 1; at > 0; at -= at & -at {
			below += tree[at]
		}
		n += i - below
		for at := v + 1; at <= most; at += at & -at {
			tree[at]++
		}
	}
	return n
}
