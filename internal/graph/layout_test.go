package graph_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pm/internal/graph"
	"pm/internal/plan"
)

// randomGraph returns a graph without circles.
func randomGraph(r *rand.Rand, most int) (n int, edges []graph.Edge) {
	n = 1 + r.IntN(most)
	order := r.Perm(n)
	for to := range n {
		for from := range to {
			if r.IntN(n) < 2 {
				edges = append(edges, graph.Edge{From: order[from], To: order[to]})
			}
		}
	}
	return n, edges
}

var size = graph.Size{Width: 100, Height: 30, GapX: 40, GapY: 10}

// Whatever the graph: nodes do not lie on each other, edges run to the right
// from side to side, and nothing lies outside.
func TestLayouts(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 0))
	for range 150 {
		n, edges := randomGraph(r, 40)
		l := graph.Lay(n, edges, size)
		for i, a := range l.Nodes {
			if a.X < 0 || a.Y < 0 || a.X+size.Width > l.Width+0.5 || a.Y+size.Height > l.Height+0.5 {
				t.Errorf("node %d lies outside: %v of %v x %v", i, a, l.Width, l.Height)
			}
			for j, b := range l.Nodes[:i] {
				if a.X < b.X+size.Width && b.X < a.X+size.Width && a.Y < b.Y+size.Height && b.Y < a.Y+size.Height {
					t.Errorf("nodes %d and %d lie on each other: %v, %v", i, j, a, b)
				}
			}
		}
		for i, e := range edges {
			route := l.Routes[i]
			from, to := l.Nodes[e.From], l.Nodes[e.To]
			first, last := route[0], route[len(route)-1]
			if first != (graph.Point{X: from.X + size.Width, Y: from.Y + size.Height/2}) || last != (graph.Point{X: to.X, Y: to.Y + size.Height/2}) {
				t.Errorf("edge %d runs from %v to %v, its nodes are %v, %v", i, first, last, from, to)
			}
			if l.Layers[e.From] >= l.Layers[e.To] || !slices.IsSortedFunc(route, func(a, b graph.Point) int { return int(a.X - b.X) }) {
				t.Errorf("edge %d runs back: %v", i, route)
			}
		}
		again := graph.Lay(n, edges, size)
		if fmt.Sprint(again) != fmt.Sprint(l) {
			t.Error("another layout of the same graph")
		}
		if t.Failed() {
			t.Fatalf("seed %d: %d nodes, %v", seed, n, edges)
		}
	}
}

// A node is in the first layer behind all that lead to it.
func TestLayersAndLongestPath(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		n, edges := randomGraph(r, 9)
		layers := graph.Layers(n, edges)
		weight := make([]float64, n)
		for i := range weight {
			weight[i] = float64(r.IntN(4))
		}
		best, deepest := 0.0, make([]int, n)
		var depth func(at int) int
		depth = func(at int) (d int) {
			for _, e := range edges {
				if e.To == at {
					d = max(d, depth(e.From)+1)
				}
			}
			return d
		}
		var longest func(at int) float64
		longest = func(at int) float64 {
			if weight[at] == 0 {
				return 0
			}
			m := 0.0
			for _, e := range edges {
				if e.From == at {
					m = max(m, longest(e.To))
				}
			}
			return m + weight[at]
		}
		for i := range n {
			deepest[i], best = depth(i), max(best, longest(i))
		}
		if !slices.Equal(layers, deepest) {
			t.Fatalf("layers %v, not %v: %v", layers, deepest, edges)
		}
		path, total := graph.Longest(n, edges, weight)
		sum := 0.0
		for i, at := range path {
			sum += weight[at]
			if i > 0 && !slices.Contains(edges, graph.Edge{From: path[i-1], To: at}) {
				t.Fatalf("%v is no path: %v", path, edges)
			}
		}
		if sum != total || total != best {
			t.Fatalf("the longest path %v has %v, said to be %v, best %v: %v %v", path, sum, total, best, edges, weight)
		}
	}
}

// A circle, which no plan has but a folded graph may, is drawn all the same.
func TestCircles(t *testing.T) {
	edges := []graph.Edge{{From: 0, To: 1}, {From: 1, To: 2}, {From: 2, To: 0}, {From: 2, To: 3}, {From: 3, To: 3}}
	l := graph.Lay(4, edges, size)
	if len(l.Routes) != 5 || len(l.Routes[2]) < 2 || l.Layers[3] <= l.Layers[2] {
		t.Errorf("%+v", l)
	}
	if path, total := graph.Longest(4, edges, []float64{1, 1, 1, 1}); total < 3 || len(path) < 3 {
		t.Errorf("%v %v", path, total)
	}
	graph.Picture{Nodes: make([]graph.Node, 4), Edges: edges}.SVG(true)
}

// hostile is what a title may hold.
const hostile = "\"><script>alert(1)</script>&amp;<!--]]>\x00\x1b\u202e\u061c\n%0a\\\" ] --> x;#quot; `a` |"

// Texts of the plan are texts in every form.
func TestTextsStayTexts(t *testing.T) {
	g := graph.Picture{Name: hostile, Nodes: []graph.Node{{Key: "T-E01-F01-001", Title: hostile, Right: hostile, Status: plan.Todo}, {Key: "E01", Title: hostile, Status: plan.Completed}},
		Edges: []graph.Edge{{From: 0, To: 1}}, Critical: []int{0, 1}}
	for _, embedded := range []bool{true, false} {
		d := xml.NewDecoder(strings.NewReader(g.SVG(embedded)))
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if e, is := token.(xml.StartElement); is && !slices.Contains([]string{"svg", "g", "rect", "path", "circle", "text", "title", "desc", "style"}, e.Name.Local) {
				t.Errorf("an element %s", e.Name.Local)
			}
		}
	}
	if lines := strings.Count(g.DOT(), "\n"); lines != 7 || strings.Contains(strings.ReplaceAll(strings.ReplaceAll(g.DOT(), `\\`, ""), `\"`, ""), `"><`) {
		t.Errorf("%d lines: %s", lines, g.DOT())
	}
	if m := g.Mermaid(); strings.Contains(m, "script>") || strings.Count(m, "\n") != 6 || strings.Count(m, "\"") != 4 {
		t.Errorf("%s", m)
	}
	for _, text := range []string{g.SVG(true), g.DOT(), g.Mermaid()} {
		if strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }) {
			t.Errorf("turns the direction of its text: %q", text)
		}
	}
}

func BenchmarkLay(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	var edges []graph.Edge
	for to := 1; to < 1000; to++ {
		for range 1 + r.IntN(2) {
			edges = append(edges, graph.Edge{From: max(0, to-1-r.IntN(60)), To: to})
		}
	}
	for b.Loop() {
		graph.Lay(1000, edges, size)
	}
}
