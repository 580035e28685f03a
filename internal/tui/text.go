package tui

import (
	"strings"

	"pm/internal/cli/term"
)

// A text is a page that is scrolled: what a command printed, or the help. Its
// lines may be painted, and are as wide as the page was when it was printed.
type text struct {
	lines []string
	top   int
}

func (t *text) set(s string) {
	t.lines = strings.Split(strings.TrimRight(s, "\n"), "\n")
}

// scroll moves the page by n lines; height is how many are seen.
func (t *text) scroll(n, height int) {
	t.top = max(0, min(t.top+n, len(t.lines)-height))
}

// pageOut describes where commands print that are shown as a page.
func (m *model) pageOut() term.Output {
	out := m.o.Out
	out.Terminal, out.Width, out.Height = true, max(20, m.width-2), 0
	return out
}
