package render

import (
	"fmt"
	"strconv"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/depgraph"
	"pm/internal/picture"
	"pm/internal/plan"
)

// graph writes what waits for what as a tree: below each node what waits for
// it. A node that waits for several stands whole below the first of them.
func (p *printer) graph(g depgraph.Graph) {
	if !p.out.Terminal {
		p.graphRows(g)
		return
	}
	if len(g.Edges) == 0 {
		p.none("no dependencies here; to add one: pm dep add TASK DEPENDENCY")
		return
	}
	if len(g.CriticalPath) > 1 {
		p.para(term.Bold, 0, fmt.Sprintf("critical path: %s, %s %s", term.Plural(len(g.CriticalPath), "item"), number64(g.Length), term.Clean(g.Unit)))
		arrow := " -> "
		if p.out.Unicode {
			arrow = " → "
		}
		var keys []string
		for _, k := range g.CriticalPath {
			keys = append(keys, k.String())
		}
		p.para(0, 2, strings.Join(keys, arrow))
		p.WriteByte('\n')
	}
	t := newGraphText(p, g)
	for _, n := range g.Nodes {
		if n.Layer == 0 && len(t.after[n.Key]) > 0 {
			t.node(n.Key, "", "", plan.Key{})
		}
	}
	for _, n := range g.Nodes { // of a circle
		if !t.seen[n.Key] && len(t.after[n.Key]) > 0 {
			t.node(n.Key, "", "", plan.Key{})
		}
	}
	if alone := t.alone(); alone > 0 {
		p.para(term.Dim, 0, fmt.Sprintf("%s without dependencies", term.Plural(alone, "item")))
	}
}

// A graphText is a graph as it is written.
type graphText struct {
	p     *printer
	of    map[plan.Key]depgraph.Node
	after map[plan.Key][]plan.Key
	waits map[plan.Key][]plan.Key
	seen  map[plan.Key]bool
	order []plan.Key
}

func newGraphText(p *printer, g depgraph.Graph) *graphText {
	t := &graphText{p: p, of: map[plan.Key]depgraph.Node{}, after: map[plan.Key][]plan.Key{}, waits: map[plan.Key][]plan.Key{}, seen: map[plan.Key]bool{}}
	for _, n := range g.Nodes {
		t.of[n.Key], t.order = n, append(t.order, n.Key)
	}
	for _, e := range g.Edges {
		t.after[e.From], t.waits[e.To] = append(t.after[e.From], e.To), append(t.waits[e.To], e.From)
	}
	return t
}

func (t *graphText) alone() (n int) {
	for _, k := range t.order {
		if len(t.after[k])+len(t.waits[k]) == 0 {
			n++
		}
	}
	return n
}

// node writes a node and what waits for it. Chains are long, and a chain of one
// needs no deeper indent, so what waits alone stands at the same depth.
func (t *graphText) node(k plan.Key, first, rest string, from plan.Key) {
	again := t.seen[k]
	t.seen[k] = true
	t.line(k, first, from, again)
	if again {
		return
	}
	branch, last, down := "|- ", "`- ", "|  "
	if t.p.out.Unicode {
		branch, last, down = "├─ ", "└─ ", "│  "
	}
	after := t.after[k]
	for i, next := range after {
		if i < len(after)-1 {
			t.node(next, rest+branch, rest+down, k)
		} else {
			t.node(next, rest+last, rest+"   ", k)
		}
	}
}

// line writes one node, cut to the width of the terminal.
func (t *graphText) line(k plan.Key, lead string, from plan.Key, again bool) {
	n := t.of[k]
	mark := t.p.mark(picture.StatusOf(n))
	title := n.Title
	if n.Total > 0 {
		title += fmt.Sprintf(" (%d/%d)", n.Completed, n.Total)
	}
	var also []string
	for _, on := range t.waits[k] {
		if on != from {
			also = append(also, on.String())
		}
	}
	switch {
	case again:
		title = "see above"
	case len(also) == 1:
		title += ", also after " + also[0]
	case len(also) > 1:
		title += fmt.Sprintf(", also after %s and %d more", also[0], len(also)-1)
	}
	head := lead + mark + " " + k.String()
	text := term.Clean(title)
	text = t.p.out.Truncate(text, t.p.out.Width-term.Width(head)-2)
	style := term.Style(0)
	switch {
	case n.Critical:
		style = term.Bold
	case again, picture.StatusOf(n) == plan.Completed, n.Outside:
		style = term.Dim
	}
	if term.Width(head) > t.p.out.Width { // deep in the tree, on a narrow terminal
		t.p.WriteString(t.p.out.Truncate(head, t.p.out.Width) + "\n")
		return
	}
	t.p.WriteString(lead + t.p.out.Paint(taskStyle(picture.StatusOf(n)), mark) + " " + t.p.out.Paint(style, strings.TrimRight(k.String()+"  "+text, " ")) + "\n")
}

func (p *printer) graphRows(g depgraph.Graph) {
	for _, n := range g.Nodes {
		p.row("node", n.Key.String(), string(n.Status), strconv.Itoa(n.Layer), strconv.FormatBool(n.Critical), n.Title)
	}
	for _, e := range g.Edges {
		p.row("edge", e.From.String(), e.To.String(), strconv.FormatBool(e.Critical))
	}
	for _, k := range g.CriticalPath {
		p.row("critical", k.String())
	}
}
