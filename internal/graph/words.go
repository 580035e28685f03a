package graph

import (
	"fmt"
	"strings"

	"pm/internal/plan"
	"pm/internal/svg"
)

// DOT writes the graph for Graphviz.
func (g Picture) DOT() string {
	var b strings.Builder
	b.WriteString("digraph plan {\n\trankdir=LR;\n\tnode [shape=box, style=rounded, fontname=\"Helvetica\"];\n")
	for i, n := range g.Nodes {
		more := ""
		if n.Critical {
			more += ", penwidth=2"
		}
		if n.Outside {
			more += ", style=\"rounded,dashed\""
		}
		fmt.Fprintf(&b, "\tn%d [label=\"%s\\n%s\\n%s\"%s];\n", i, dotText(n.Key), dotText(n.Title), n.Status, more)
	}
	critical := g.critical()
	for _, e := range g.Edges {
		more := ""
		if critical[e] {
			more = " [penwidth=2]"
		}
		fmt.Fprintf(&b, "\tn%d -> n%d%s;\n", e.From, e.To, more)
	}
	return b.String() + "}\n"
}

// dotText escapes a text for a quoted string of DOT.
func dotText(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(oneLine(s))
}

// Mermaid writes the graph for Mermaid, as Markdown on many sites draws it.
func (g Picture) Mermaid() string {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	for i, n := range g.Nodes {
		fmt.Fprintf(&b, "    n%d[\"%s<br>%s\"]\n", i, mermaidText(n.Key), mermaidText(n.Title))
	}
	critical := g.critical()
	for _, e := range g.Edges {
		arrow := "-->"
		if critical[e] {
			arrow = "==>"
		}
		fmt.Fprintf(&b, "    n%d %s n%d\n", e.From, arrow, e.To)
	}
	for _, class := range []struct {
		name, style string
		is          func(Node) bool
	}{
		{"critical", "stroke-width:3px", func(n Node) bool { return n.Critical }},
		{"outside", "stroke-dasharray:4 3", func(n Node) bool { return n.Outside }},
		{"done", "opacity:0.6", func(n Node) bool { return n.Status == plan.Completed || n.Status == plan.Archived }},
	} {
		var of []string
		for i, n := range g.Nodes {
			if class.is(n) {
				of = append(of, fmt.Sprintf("n%d", i))
			}
		}
		if len(of) > 0 {
			fmt.Fprintf(&b, "    classDef %s %s\n    class %s %s\n", class.name, class.style, strings.Join(of, ","), class.name)
		}
	}
	return b.String()
}

// mermaidText writes a text for a quoted label: what Mermaid, Markdown in it or
// HTML could take for something else becomes an entity of Mermaid's.
func mermaidText(s string) string {
	var b strings.Builder
	for _, r := range oneLine(s) {
		if strings.ContainsRune("\"#&<>;`*_~[](){}|\\%$@", r) {
			fmt.Fprintf(&b, "#%d;", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// oneLine replaces what controls a terminal or ends a line, and leaves out what
// turns the direction of the text around or is not seen.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029:
			return ' '
		case svg.Unseen(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
}
