package tui

import (
	"strings"

	"pm/internal/cli/term"
)

// drawRows draws the lines of a list that are seen.
func (m *model) drawRows(r *rows, width, height int) []string {
	if len(r.all) == 0 {
		lines := []string{""}
		for _, line := range strings.Split(term.Wrap(m.emptyView(), max(1, width-2)), "\n") {
			lines = append(lines, " "+m.paint(term.Dim, line))
		}
		return lines
	}
	r.top = max(min(r.top, r.at), r.at-height+1, 0)
	if r.top == 1 && r.all[0].heading {
		r.top = 0
	}
	var lines []string
	for i := r.top; i < len(r.all) && len(lines) < height; i++ {
		lines = append(lines, m.drawRow(r.all[i], width, i == r.at))
	}
	return lines
}

// emptyView is what stands in a view without lines.
func (m *model) emptyView() string {
	switch {
	case m.loading:
		return "reading"
	case m.view == agentsView:
		return "nobody holds a task; an agent gets one with pm next --claim"
	case m.view == inboxView:
		return "nothing is waiting for you"
	case m.view == treeView:
		return "no plan yet; N adds a task, :epic create \"…\" creates an epic"
	}
	return "no tasks match; / changes the query"
}

func (m *model) drawRow(r row, width int, current bool) string {
	if r.heading {
		return " " + m.paint(term.Bold, term.Truncate(term.Clean(r.title), width-12)) + "  " + m.paint(term.Dim, r.more)
	}
	edge := m.edge(r.key, current)
	left := strings.Repeat("  ", r.depth)
	used := 1 + len(left)
	if r.mark != "" {
		left += m.mark(r.mark, r.style) + " "
		used += 2
	}
	key := r.key.String()
	pad := max(0, 14-2*r.depth-term.Width(key))
	left += m.paint(term.Dim, key) + strings.Repeat(" ", pad) + " "
	used += term.Width(key) + pad + 1
	// What is known besides gives way to the title, up to three fifths of the room.
	room, title := width-used-2, term.Clean(r.title)
	more, most := term.Clean(r.more), room-min(term.Width(title), room*3/5)
	if term.Width(more) > most && r.less != "" {
		more = r.less
	}
	more = fitting(more, max(0, most), r.urgent)
	style := term.Style(0)
	if current || r.mark == "" && r.depth == 0 {
		style = term.Bold
	}
	color := term.Dim
	if r.urgent {
		color = term.Red
	}
	return edge + left + m.cell(style, title, max(1, room-term.Width(more))) + " " + m.paint(color, more)
}

// fitting is as many of the parts of a text, two spaces apart, as fit in a width;
// of one that matters the beginning where not even the first does.
func fitting(text string, width int, matters bool) string {
	for term.Width(text) > width {
		at := strings.LastIndex(text, "  ")
		switch {
		case at >= 0:
			text = text[:at]
		case matters && width >= 8:
			return term.Truncate(text, width)
		default:
			return ""
		}
	}
	return text
}

// peeked is what is known of the item under the cursor, in a width.
func (m *model) peeked(width, height int) []string {
	k := m.current()
	if k.IsZero() {
		return nil
	}
	var b strings.Builder
	if t := m.board.at(); m.view == boardView && t != nil {
		b.WriteString(t.Key.String() + "\n" + term.Clean(t.Title) + "\n\n" + detail(*t) + "\n\n" + term.CleanText(t.Description))
	} else {
		r := m.rowsOf(m.view).all[m.rowsOf(m.view).at]
		b.WriteString(k.String() + "\n" + term.Clean(r.title) + "\n\n" + term.Clean(r.more))
	}
	lines := strings.Split(term.Wrap(b.String(), width), "\n")
	return lines[:min(len(lines), height)]
}
