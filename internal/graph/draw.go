package graph

import (
	"fmt"
	"strings"

	"pm/internal/plan"
	"pm/internal/svg"
)

// A Node is an item in a picture.
type Node struct {
	Key      string
	Title    string
	Status   plan.TaskStatus
	Right    string // said at the right end of the first line
	Critical bool   // on the critical path
	Outside  bool   // not in what the picture is of
}

// A Picture is a graph that can be drawn.
type Picture struct {
	Name     string
	Nodes    []Node
	Edges    []Edge
	Critical []int // the nodes of the critical path, in order
}

var usual = Size{Width: 216, Height: 48, GapX: 56, GapY: 14}

const margin = 24

// critical returns the edges of the critical path.
func (g Picture) critical() map[Edge]bool {
	on := map[Edge]bool{}
	for i := 1; i < len(g.Critical); i++ {
		on[Edge{g.Critical[i-1], g.Critical[i]}] = true
	}
	return on
}

// SVG draws the graph. An embedded picture takes its colours from the page.
func (g Picture) SVG(embedded bool) string {
	l := Lay(len(g.Nodes), g.Edges, usual)
	width, height := max(l.Width, 320)+2*margin, max(l.Height, usual.Height)+2*margin
	p := svg.New(width, height, g.Name, g.about(), embedded)
	if len(g.Nodes) == 0 {
		p.Text(width/2, height/2+4, svg.Faint, "nothing to show", `text-anchor="middle"`)
		return p.Close()
	}
	fmt.Fprintf(p, `<g transform="translate(%d %d)">`+"\n", margin, margin)
	critical := g.critical()
	for _, bold := range []bool{false, true} { // those of the critical path lie above
		for i, e := range g.Edges {
			if critical[e] == bold {
				g.edge(p, l.Routes[i], bold)
			}
		}
	}
	for i, n := range g.Nodes {
		n.draw(p, l.Nodes[i])
	}
	p.WriteString("</g>\n")
	return p.Close()
}

// about says in words what the picture shows.
func (g Picture) about() string {
	s := fmt.Sprintf("%d items, %d dependencies.", len(g.Nodes), len(g.Edges))
	if len(g.Critical) > 1 {
		keys := make([]string, len(g.Critical))
		for i, at := range g.Critical {
			keys[i] = g.Nodes[at].Key
		}
		s += " Critical path: " + strings.Join(keys, ", ") + "."
	}
	return s
}

func (g Picture) edge(p *svg.Picture, points []Point, bold bool) {
	role, width := svg.Line2, "1.25"
	if bold {
		role, width = svg.Accent, "2"
	}
	var d strings.Builder
	fmt.Fprintf(&d, "M%s %s", svg.Num(points[0].X), svg.Num(points[0].Y))
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		if i == len(points)-1 {
			b.X -= 5 // the head's
		}
		if a.Y == b.Y && b.X > a.X {
			fmt.Fprintf(&d, "H%s", svg.Num(b.X))
			continue
		}
		bend := max((b.X-a.X)/2, 24)
		fmt.Fprintf(&d, "C%s %s %s %s %s %s", svg.Num(a.X+bend), svg.Num(a.Y), svg.Num(b.X-bend), svg.Num(b.Y), svg.Num(b.X), svg.Num(b.Y))
	}
	fmt.Fprintf(p, `<path d="%s" fill="none" stroke-width="%s"%s/>`+"\n", d.String(), width, p.Stroke(role))
	end := points[len(points)-1]
	fmt.Fprintf(p, `<path d="M%s %sl-6 -3.5v7z"%s/>`+"\n", svg.Num(end.X), svg.Num(end.Y), p.Fill(role))
}

func (n Node) draw(p *svg.Picture, at Point) {
	role, more := svg.Line2, ""
	if n.Critical {
		role, more = svg.Accent, ` stroke-width="1.75"`
	}
	if n.Outside {
		more += ` stroke-dasharray="4 3"`
	}
	fmt.Fprintf(p, `<g class="pm-node" data-key="%s" transform="translate(%s %s)">`+"\n", svg.Escape(n.Key), svg.Num(at.X), svg.Num(at.Y))
	w, h := svg.Num(usual.Width), svg.Num(usual.Height)
	fmt.Fprintf(p, `<rect width="%s" height="%s" rx="7"%s/><rect width="%s" height="%s" rx="7" fill="none"%s%s/>`+"\n", w, h, p.Fill(svg.Card), w, h, p.Stroke(role), more)
	mark(p, n.Status)
	p.Text(28, 18.5, svg.Faint, n.Key, `font-size="11" font-family="`+svg.Mono+`"`)
	ink := svg.Ink
	if n.Status == plan.Completed || n.Status == plan.Archived {
		ink = svg.Faint
	}
	p.Text(12, 37, ink, svg.Fit(n.Title, usual.Width-24, 13), "")
	if n.Right != "" {
		p.Text(usual.Width-12, 18.5, svg.Soft, svg.Fit(n.Right, 64, 11), `font-size="11" text-anchor="end"`)
	}
	fmt.Fprintf(p, "<title>%s  %s (%s)</title></g>\n", svg.Escape(n.Key), svg.Escape(n.Title), n.Status)
}

// mark draws the sign of a status: a shape that tells it without colour.
func mark(p *svg.Picture, s plan.TaskStatus) {
	const x, y = 17.0, 14.5
	ring := func(r svg.Role) {
		fmt.Fprintf(p, `<circle cx="%g" cy="%g" r="5" fill="none" stroke-width="1.5"%s/>`, x, y, p.Stroke(r))
	}
	switch s {
	case plan.InProgress:
		ring(svg.Doing)
		fmt.Fprintf(p, `<path d="M%g %gv-6a3 3 0 0 1 0 6z"%s/>`, x, y+3, p.Fill(svg.Doing))
	case plan.ReadyForReview:
		ring(svg.Review)
		fmt.Fprintf(p, `<path d="M%g %gv-3a3 3 0 1 1 -3 3z"%s/>`, x, y, p.Fill(svg.Review))
	case plan.Blocked:
		fmt.Fprintf(p, `<rect x="%g" y="%g" width="10" height="10" rx="2"%s/>`, x-5, y-5, p.Fill(svg.Stop))
		fmt.Fprintf(p, `<path d="M%g %gh5" stroke-width="1.75"%s/>`, x-2.5, y, p.Stroke(svg.Card))
	case plan.Completed:
		fmt.Fprintf(p, `<circle cx="%g" cy="%g" r="5.5"%s/>`, x, y, p.Fill(svg.Done))
		fmt.Fprintf(p, `<path d="M%g %gl1.8 1.8 3.2 -3.6" fill="none" stroke-width="1.5"%s/>`, x-2.5, y+0.2, p.Stroke(svg.Card))
	case plan.Archived:
		fmt.Fprintf(p, `<path d="M%g %gh8" stroke-width="1.5"%s/>`, x-4, y, p.Stroke(svg.Faint))
	default:
		ring(svg.Todo)
	}
	p.WriteByte('\n')
}
