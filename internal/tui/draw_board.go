package tui

import (
	"strconv"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/plan"
)

// narrowest is how wide a column of the board is at least.
const narrowest = 24

// columnHead is the lines of a column above its first card.
const columnHead = 2

// drawBoard draws the columns that fit, the current one among them.
func (m *model) drawBoard(width, height int) []string {
	b := &m.board
	n := max(1, min(len(b.columns), width/(narrowest+2)))
	first := max(0, min(b.col-n+1, len(b.columns)-n))
	if b.col < n {
		first = 0
	}
	each := (width - 2*(n-1)) / n
	cells := make([][]string, n)
	for i := range cells {
		beyond := ""
		if i == n-1 {
			beyond = m.beyond(first, len(b.columns)-first-n)
		}
		cells[i] = m.drawColumn(first+i, each, height, beyond)
	}
	lines := make([]string, height)
	for y := range lines {
		parts := make([]string, n)
		for i := range cells {
			parts[i] = cells[i][y]
		}
		lines[y] = strings.TrimRight(strings.Join(parts, "  "), " ")
	}
	return lines
}

// cardsIn is how many cards a column of a height shows below its head; the
// empty line below the last one may be missing.
func cardsIn(height int) int { return max(1, (height-columnHead+1)/cardHeight) }

// beyond says how many columns there are to the left and to the right of those
// that are seen.
func (m *model) beyond(left, right int) string {
	var parts []string
	if left > 0 {
		parts = append(parts, m.shape("‹", "<")+" "+strconv.Itoa(left))
	}
	if right > 0 {
		parts = append(parts, strconv.Itoa(right)+" "+m.shape("›", ">"))
	}
	return strings.Join(parts, "  ")
}

// drawColumn draws one column: a heading, at whose end stands what is beyond, an
// empty line, and the cards that are seen, each cell as wide as the column.
func (m *model) drawColumn(i, width, height int, beyond string) []string {
	c := &m.board.columns[i]
	mark, style := "▸", term.Dim
	if c.stage == "" && c.status != "" {
		mark, style = markOf(c.status)
	}
	name := " " + term.Clean(c.name) + " " + term.Count(c.count)
	head := term.Truncate(name, max(1, width-3-term.Width(beyond)))
	gap := strings.Repeat(" ", max(0, width-2-term.Width(head)-term.Width(beyond)))
	lines := []string{" " + m.mark(mark, style) + m.paint(term.Bold, head) + gap + m.paint(term.Dim, beyond), strings.Repeat(" ", width)}
	fit := cardsIn(height)
	c.top = max(min(c.top, c.at), c.at-fit+1, 0)
	for j := c.top; j < len(c.tasks) && j < c.top+fit; j++ {
		lines = append(lines, m.drawCard(c.tasks[j], width, i == m.board.col && j == c.at, c.status == "")...)
	}
	if len(c.tasks) == 0 {
		lines = append(lines, m.cell(term.Dim, m.emptyWord(c), width))
	}
	for len(lines) < height {
		lines = append(lines, strings.Repeat(" ", width))
	}
	return lines[:height]
}

// emptyWord is what stands in a column without cards.
func (m *model) emptyWord(c *column) string {
	switch {
	case c.status == plan.Completed && c.count > 0:
		return "  none in the last 14 days"
	case (c.status == plan.Todo || c.stage != "") && m.filter == "":
		return "  N adds a task"
	case m.filter != "":
		return "  none that match"
	}
	return "  none"
}

// drawCard draws a card: its key and how urgent it is, with its status where
// the column does not say that, its title, what else there is to know, and an
// empty line.
func (m *model) drawCard(t plan.Task, width int, current, mixed bool) []string {
	edge := m.edge(t.Key, current)
	inner := width - 1
	status := ""
	if mixed {
		shape, style := markOf(t.Status)
		status = m.mark(shape, style) + " "
		inner -= 2
	}
	urgent := strings.Repeat("!", max(0, 4-t.Priority))
	key := term.Truncate(t.Key.String(), max(1, inner-len(urgent)-1))
	top := m.paint(term.Dim, key) + strings.Repeat(" ", max(1, inner-term.Width(key)-len(urgent))) + m.paint(term.Red, urgent)
	style := term.Style(0)
	if current {
		style = term.Bold
	}
	below, hot := m.detailOf(t)
	color := term.Dim
	if hot {
		color = term.Red
	}
	if mixed {
		inner += 2
	}
	return []string{edge + status + top, edge + m.cell(style, term.Clean(t.Title), inner), edge + m.cell(color, below, inner), strings.Repeat(" ", width)}
}

// cell cuts text to a width, pads it, and paints it.
func (m *model) cell(s term.Style, text string, width int) string {
	text = term.Truncate(text, width)
	return m.paint(s, text) + strings.Repeat(" ", max(0, width-term.Width(text)))
}

// detailOf is the last line of a card, and whether it is urgent.
func (m *model) detailOf(t plan.Task) (line string, urgent bool) {
	now := m.o.Now()
	switch {
	case t.Status == plan.Blocked:
		return term.Clean(t.BlockedReason), false
	case t.Held() && t.LeaseExpired(now):
		return term.Clean(t.AssignedAgent) + ", " + lease(t, now), true
	}
	if t.Held() && t.LeaseUntil != nil {
		left := strings.TrimPrefix(term.Ago(now, *t.LeaseUntil), "in ")
		who := t.AssignedAgent
		t.AssignedAgent = ""
		return strings.TrimSpace(term.Clean(who) + " " + left + "  " + detail(t)), false
	}
	return detail(t), !t.Done() && t.Due != "" && t.Due.End(now.Location()).Before(now)
}

// detail is what is known of a task besides its title, in a few words.
func detail(t plan.Task) string {
	var parts []string
	add := func(s string) {
		if s != "" {
			parts = append(parts, term.Clean(s))
		}
	}
	if t.OpenDependencies > 0 && t.Status == plan.Todo {
		add("waits for " + strconv.Itoa(t.OpenDependencies))
	}
	add(plan.CheckProgress(t.Checks))
	add(t.AssignedAgent)
	if t.Assignee != "" && t.Assignee != t.AssignedAgent {
		add("for " + t.Assignee)
	}
	if t.Due != "" {
		add("due " + string(t.Due))
	}
	add(strings.Join(t.Labels, " "))
	add(t.AgentType)
	return strings.Join(parts, "  ")
}
