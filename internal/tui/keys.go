package tui

import (
	"slices"
	"strings"

	"pm/internal/cli/term"
)

// A binding is a key and what it does: the one table of keys, which the help
// shows. What changes the plan has the command that does the same.
type binding struct {
	keys    []string
	what    string
	command string // of pm; empty where the key only shows something
	run     func(*model) work
}

// bindings is the table. Two keys in a row stand with a space between them.
func bindings() []binding {
	return slices.Concat(movements(), views(), actions())
}

func movements() []binding {
	step := func(dx, dy int) func(*model) work { return func(m *model) work { return m.step(dx, dy) } }
	return []binding{
		{[]string{"j", "down"}, "down", "", step(0, 1)},
		{[]string{"k", "up"}, "up", "", step(0, -1)},
		{[]string{"h", "left"}, "to the column on the left", "", step(-1, 0)},
		{[]string{"l", "right"}, "to the column on the right", "", step(1, 0)},
		{[]string{"pgdown", "ctrl+d"}, "a page down", "", func(m *model) work { return m.step(0, m.pageSize()) }},
		{[]string{"pgup", "ctrl+u"}, "a page up", "", func(m *model) work { return m.step(0, -m.pageSize()) }},
		{[]string{"home", "g g"}, "to the first", "", step(0, -1<<30)},
		{[]string{"end", "G"}, "to the last one loaded", "", step(0, 1<<30)},
		{[]string{"enter"}, "open", "", (*model).enter},
		{[]string{"space"}, "peek at it next to the board", "", func(m *model) work { m.peek = !m.peek; return nil }},
		{[]string{"esc", "backspace"}, "back", "", func(m *model) work {
			if len(m.chosen) > 0 {
				clear(m.chosen)
				return nil
			}
			return m.leave()
		}},
		{[]string{"q", "ctrl+c"}, "quit the board", "", func(*model) work { return quit }},
		{[]string{"ctrl+z"}, "back to the shell; fg shows the board again", "", func(*model) work { return pause }},
	}
}

// pages are the views that a key leads to, as they stand in the head.
func pages() []struct {
	key, name string
	view      view
} {
	return []struct {
		key, name string
		view      view
	}{
		{"b", "Board", boardView}, {"l", "List", listView}, {"t", "Tree", treeView}, {"a", "Agents", agentsView},
		{"i", "Inbox", inboxView}, {"s", "Insights", insightsView}, {"h", "History", activityView},
	}
}

func views() (all []binding) {
	for _, p := range pages() {
		all = append(all, binding{[]string{"g " + p.key}, "go to " + strings.ToLower(p.name), "", func(m *model) work { return m.open(p.view) }})
	}
	return append(all,
		binding{[]string{"/"}, "narrow what is shown, in the query language", "list", func(m *model) work {
			return m.ask("query:", m.filter, func(m *model, typed string) work { m.filter = typed; return m.reload() })
		}},
		binding{[]string{":"}, "any pm command", "", func(m *model) work {
			return m.ask("pm", "", func(m *model, typed string) work { return m.command(typed) })
		}},
		binding{[]string{"r"}, "reload everything", "", (*model).reload},
		binding{[]string{"?"}, "these keys", "", func(m *model) work { return m.show(m.help()) }},
	)
}

// key does what a key stands for.
func (m *model) key(k key) work {
	if m.prompt != nil {
		return m.prompt.key(m, k)
	}
	m.said, m.failed = "", false
	name := k.name
	if m.first != "" {
		name, m.first = m.first+" "+name, ""
	} else if name == "g" {
		m.first = name
		return nil
	}
	for _, b := range bindings() {
		if slices.Contains(b.keys, name) {
			return b.run(m)
		}
	}
	m.say(true, name+" does nothing here; ? shows all keys")
	return nil
}

// help is the table of keys as a page. On a narrow terminal what a key does goes
// on below itself, and the command has a line of its own.
func (m *model) help() string {
	const left = 20
	room := max(8, m.pageOut().Width-left)
	var b strings.Builder
	for _, one := range bindings() {
		keys := strings.Join(one.keys, ", ")
		lines := strings.Split(term.Wrap(one.what, room), "\n")
		if command := "pm " + one.command; one.command != "" {
			if last := len(lines) - 1; term.Width(lines[last])+2+term.Width(command) <= room {
				lines[last] += m.o.Out.Paint(term.Dim, "  "+command)
			} else {
				lines = append(lines, m.o.Out.Paint(term.Dim, term.Truncate(command, room)))
			}
		}
		b.WriteString(keys + strings.Repeat(" ", max(1, left-term.Width(keys))) + strings.Join(lines, "\n"+strings.Repeat(" ", left)) + "\n")
	}
	return b.String()
}

// step moves the cursor, or scrolls a page.
func (m *model) step(dx, dy int) work {
	switch {
	case m.isText():
		if dx == 0 {
			m.textOf(m.view).scroll(dy, m.bodyHeight())
		}
	case m.view == boardView:
		if m.board.step(dx, dy) {
			return m.reload()
		}
	default:
		if r := m.rowsOf(m.view); dx == 0 && r.step(dy) {
			return m.reload()
		}
	}
	return nil
}

// pageSize is how many items fit into the body.
func (m *model) pageSize() int {
	if m.view == boardView {
		return cardsIn(m.bodyHeight())
	}
	return max(1, m.bodyHeight())
}

// enter opens what is under the cursor: a task, or the tasks of a feature.
func (m *model) enter() work {
	k := m.current()
	switch {
	case k.IsZero() || m.isText():
		return nil
	case m.view == treeView:
		return m.goTo(place{listView, "key:" + k.String()})
	}
	m.task = k
	*m.textOf(taskView) = text{}
	return m.open(taskView)
}

// show puts text onto a page of its own.
func (m *model) show(s string) work {
	t := m.textOf(outputView)
	*t = text{}
	t.set(s)
	return m.open(outputView)
}
