package tui

import (
	"strings"

	"pm/internal/cli/term"
	"pm/internal/plan"
)

// The lines above and below the body: the head and its rule, the rule and the foot.
const frame = 4

// title is that of the terminal's window.
func (m *model) title() string { return term.Clean("pm " + m.o.Title) }

// screen is the whole screen: as many lines as it is high, none wider than it.
func (m *model) screen() string {
	if m.width == 0 {
		return ""
	}
	if m.width < 20 || m.height < 8 {
		return term.Truncate("too small", m.width)
	}
	rule := m.paint(term.Dim, strings.Repeat(m.shape("─", "-"), m.width))
	lines := append([]string{m.head(), rule}, m.body(m.bodyHeight())...)
	for len(lines) < m.height-2 {
		lines = append(lines, "")
	}
	return strings.Join(append(lines, rule, m.foot()), "\n")
}

func (m *model) bodyHeight() int { return max(1, m.height-frame) }

// head has the name of the plan, the views, the filter, and whether what is
// seen is live.
func (m *model) head() string {
	state := m.state()
	room := m.width - term.Width(state) - 2
	left, used := m.tabs(room)
	right := state
	if free := room - used - 3; m.filter != "" && free > 6 {
		right = term.Truncate(term.Clean(m.filter), free) + "  " + state
	}
	gap := strings.Repeat(" ", max(1, m.width-used-term.Width(right)-1))
	style := term.Dim
	if m.broken != nil || m.failed {
		style = term.Red
	}
	return left + gap + m.paint(style, right)
}

// tabs are the name of the plan and the views, in a width: where there is too
// little room, the views around the present one without the name. It returns
// them with the room they take.
func (m *model) tabs(room int) (line string, used int) {
	var names []string
	at := 0
	for i, p := range pages() {
		name := p.name
		if n := m.counts[p.view]; n > 0 && p.view == inboxView {
			name += " " + term.Count(n)
		}
		if p.view == m.view || p.view == boardView && m.view == taskView {
			at = i
		}
		names = append(names, name)
	}
	size := func(names []string) int { return len(strings.Join(names, "  ")) }
	title := term.Truncate(term.Clean(m.o.Title), 24)
	put := func(style term.Style, text string) {
		line, used = line+m.paint(style, text), used+term.Width(text)
	}
	put(0, " ")
	from, to := 0, len(names)
	if 3+term.Width(title)+size(names) <= room {
		put(term.Bold, title)
		put(0, "  ")
	} else {
		for to-from > 1 && 5+size(names[from:to]) > room { // with a sign at either end
			if to-1 > at {
				to--
			} else {
				from++
			}
		}
	}
	sign := m.shape("…", ".")
	if from > 0 {
		put(term.Dim, sign)
		put(0, " ")
	}
	for i := from; i < to; i++ {
		style := term.Dim
		if i == at {
			style = term.Bold
		}
		if i > from {
			put(0, "  ")
		}
		put(style, names[i])
	}
	if to < len(names) {
		put(0, " ")
		put(term.Dim, sign)
	}
	return line, used
}

// hints are the keys that a line tells of: as many as fit in a width, and always
// the one that tells of all.
func (m *model) hints(width int, keys string) string {
	line := "? all keys"
	if shown := fitting(keys, width-len("  "+line), false); shown != "" {
		line = shown + "  " + line
	}
	return m.paint(term.Dim, line)
}

func (m *model) state() string {
	switch {
	case m.broken != nil:
		return "not live"
	case m.said == "saving":
		return "saving"
	}
	return "live"
}

// foot has the prompt, what was said last, or the keys of the view.
func (m *model) foot() string {
	width := m.width - 1
	switch {
	case m.prompt != nil && m.said != "" && m.failed:
		return " " + m.paint(term.Red, term.Truncate(m.said, width))
	case m.prompt != nil:
		return " " + m.prompt.line(width)
	case m.broken != nil:
		return " " + m.paint(term.Red, term.Truncate("the plan cannot be read: "+lineOf(m.broken), width))
	case m.said != "" && m.failed:
		return " " + m.paint(term.Red, term.Truncate(m.said, width))
	case m.said != "":
		return " " + term.Truncate(m.said, width)
	case len(m.chosen) > 0:
		return " " + term.Truncate(term.Plural(len(m.chosen), "item")+" chosen: s status  p priority  a assign  + label  m move  D trash  esc none", width)
	case m.isText():
		return " " + m.hints(width, "esc back  j k scroll  s status  n note  e edit")
	}
	return " " + m.hints(width, "enter open  / query  s status  m move  space peek  p priority  a assign  : command  q quit")
}

// body draws the view in height lines, and beside it what is peeked at; below it
// where there is no room beside it.
func (m *model) body(height int) []string {
	switch {
	case !m.peek || m.isText():
		return m.draw(m.width, height)
	case m.width < 80:
		below := height * 2 / 5
		lines := append(m.draw(m.width, height-below-1), m.paint(term.Dim, strings.Repeat(m.shape("─", "-"), m.width)))
		for _, line := range m.peeked(m.width-1, below) {
			lines = append(lines, " "+line)
		}
		return lines
	}
	right := min(60, m.width/2)
	left := m.draw(m.width-right-1, height)
	shown := m.peeked(right-1, height)
	for i := range left {
		line := ""
		if i < len(shown) {
			line = shown[i]
		}
		left[i] = m.fill(left[i], m.width-right-1) + m.paint(term.Dim, m.shape("│", "|")) + " " + line
	}
	return left
}

// draw draws the view in a width, in exactly height lines.
func (m *model) draw(width, height int) []string {
	var lines []string
	switch {
	case m.view == boardView:
		lines = m.drawBoard(width, height)
	case m.isText():
		t := m.textOf(m.view)
		t.scroll(0, height)
		for i := t.top; i < len(t.lines) && len(lines) < height; i++ {
			lines = append(lines, " "+t.lines[i])
		}
	default:
		lines = m.drawRows(m.rowsOf(m.view), width, height)
	}
	for len(lines) < height {
		lines = append(lines, "")
	}
	return lines[:height]
}

// fill pads a painted line to a width.
func (m *model) fill(line string, width int) string {
	return line + strings.Repeat(" ", max(0, width-term.Width(unpainted(line))))
}

func (m *model) paint(s term.Style, text string) string { return m.o.Out.Paint(s, text) }

// shape is a character, or what stands for it where the terminal shows ASCII only.
func (m *model) shape(unicode, ascii string) string {
	if m.o.Out.Unicode {
		return unicode
	}
	return ascii
}

// edge is the cell in front of an item: whether the cursor is on it, or it is
// among those chosen.
func (m *model) edge(k plan.Key, current bool) string {
	switch {
	case current:
		return m.paint(term.Cyan, m.shape("▌", ">"))
	case m.chosen[k]:
		return m.paint(term.Yellow, m.shape("▪", "*"))
	}
	return " "
}

// markOf is the shape and the colour of a status.
func markOf(s plan.TaskStatus) (string, term.Style) {
	switch s {
	case plan.InProgress:
		return "◐", term.Blue
	case plan.ReadyForReview:
		return "◕", term.Magenta
	case plan.Blocked:
		return "▪", term.Red
	case plan.Completed:
		return "●", term.Green
	case plan.Archived:
		return "×", term.Dim
	}
	return "○", term.Dim
}

// asciiMarks stand for the shapes where the terminal shows ASCII only.
var asciiMarks = map[string]string{"◐": "~", "◕": "?", "▪": "!", "●": "x", "×": "-", "○": "o", "▸": ">"}

func (m *model) mark(shape string, style term.Style) string {
	if ascii, is := asciiMarks[shape]; is && !m.o.Out.Unicode {
		shape = ascii
	}
	return m.paint(style, shape)
}
