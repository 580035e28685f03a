package tui

import (
	"strings"
	"unicode/utf8"

	"pm/internal/cli/term"
)

// A prompt is a line that is typed at the foot, or a choice of one key.
type prompt struct {
	label   string
	typed   string
	choices []choice // one of them, instead of a line
	enter   func(m *model, typed string) work
}

// A choice is made with one key.
type choice struct {
	key, what string
	run       func(m *model) work
}

// ask puts a prompt at the foot; typed is what stands in it already.
func (m *model) ask(label, typed string, enter func(*model, string) work) work {
	m.prompt = &prompt{label: label, typed: typed, enter: enter}
	return nil
}

// choose asks for one of several.
func (m *model) choose(label string, choices ...choice) work {
	m.prompt = &prompt{label: label, choices: choices}
	return nil
}

func (p *prompt) insert(s string) {
	p.typed += strings.Join(strings.Fields(term.Clean(s)), " ")
}

// lastOf is the end of a text, of at most n characters: what is pasted may be long.
func lastOf(s string, n int) string {
	at := len(s)
	for ; at > 0 && n > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(s[:at])
		at -= size
	}
	return s[at:]
}

// key takes a key while the prompt is open.
func (p *prompt) key(m *model, k key) work {
	name := k.name
	if name == "esc" || name == "ctrl+c" {
		m.prompt = nil
		return nil
	}
	if p.choices != nil {
		for _, c := range p.choices {
			if c.key == name {
				m.prompt = nil
				return c.run(m)
			}
		}
		m.say(true, "press one of the keys shown, or Esc")
		return nil
	}
	switch name {
	case "enter":
		m.prompt = nil
		return p.enter(m, strings.TrimSpace(p.typed))
	case "backspace":
		_, size := utf8.DecodeLastRuneInString(p.typed)
		p.typed = p.typed[:len(p.typed)-size]
	case "ctrl+u":
		p.typed = ""
	case "ctrl+w":
		p.typed = strings.TrimRight(p.typed, " ")
		p.typed = p.typed[:strings.LastIndex(p.typed, " ")+1]
	default:
		p.typed += k.text
	}
	return nil
}

// line is how the prompt looks in a width; its end is always seen.
func (p *prompt) line(width int) string {
	if p.choices != nil {
		parts := make([]string, len(p.choices))
		for i, c := range p.choices {
			parts[i] = c.key + " " + c.what
		}
		return term.Truncate(p.label+"  "+strings.Join(parts, "   "), width)
	}
	room := max(1, width-term.Width(p.label)-2)
	typed := term.Clean(lastOf(p.typed, 4*room))
	for term.Width(typed) > room {
		_, size := utf8.DecodeRuneInString(typed)
		typed = typed[size:]
	}
	return term.Truncate(p.label+" "+typed+"▏", width)
}
