package tui

import (
	"errors"
	"slices"
	"strings"

	"pm/internal/cli/term"
)

// A ranMsg is what a command answered.
type ranMsg struct {
	args  []string
	page  bool // its answer is a page of its own
	whole bool // it had the terminal
	ran   Ran
	err   error
}

// change runs a command that changes the plan, beside the board.
func (m *model) change(command string, more ...string) work {
	args := append(strings.Fields(command), more...)
	m.said, m.failed = "saving", false
	return m.start(ranMsg{args: args})
}

// changeTargets is change on the chosen items, or on the current one.
func (m *model) changeTargets(command string, more ...string) work {
	keys := m.targets()
	if len(keys) == 0 {
		return m.nothingHere()
	}
	return m.change(command, slices.Concat(keys, more)...)
}

// changeEach is changeTargets for a command that takes one key.
func (m *model) changeEach(command string, more ...string) work {
	var all []work
	for _, k := range m.targets() {
		all = append(all, m.change(command, append([]string{k}, more...)...))
	}
	return func() event { return inTurn(all) }
}

func (m *model) start(msg ranMsg) work {
	out, run := m.pageOut(), m.o.Run
	return func() event {
		msg.ran = run(m.ctx, msg.args, out)
		return msg
	}
}

// command runs what was typed behind ":".
func (m *model) command(typed string) work {
	args, err := term.Words(strings.TrimPrefix(typed, "pm "))
	switch {
	case err != nil:
		m.say(true, err.Error())
		return nil
	case len(args) == 0:
		return nil
	case slices.Contains([]string{"board", "serve", "mcp", "web"}, args[0]):
		m.say(true, "pm "+args[0]+" needs a terminal of its own")
		return nil
	case args[0] == "edit":
		return lend(m.o.Whole(args), func(err error) event { return ranMsg{whole: true, err: err} })
	}
	m.say(false, "running pm "+args[0])
	return m.start(ranMsg{args: args, page: true})
}

// ran shows what a command answered.
func (m *model) ran(msg ranMsg) work {
	m.said = ""
	switch {
	case msg.whole && msg.err != nil:
		m.say(true, "the editor exited with an error: "+msg.err.Error())
	case msg.whole:
	case msg.ran.Code != 0:
		m.say(true, ranError(msg.ran).Error())
	case msg.page:
		return m.show(msg.ran.Stdout + msg.ran.Stderr)
	default:
		clear(m.chosen)
		answer := strings.TrimRight(unpainted(msg.ran.Stdout), "\n")
		first, _, _ := strings.Cut(answer, "\n")
		m.say(false, first)
	}
	return m.reload()
}

// ranError is what a command said that failed: its sentence and its hint.
func ranError(r Ran) error {
	s := strings.TrimPrefix(strings.TrimSpace(unpainted(r.Stderr)), "pm: ")
	return errors.New(strings.ReplaceAll(s, "\nhint: ", "; "))
}

// unpainted takes the colours out of what pm printed.
func unpainted(s string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "\x1b[")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, s, _ = strings.Cut(rest, "m")
	}
}
