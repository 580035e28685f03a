package tui

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A decoder makes keys of the bytes that a terminal sends, as xterm does: its
// control sequences are those of ECMA-48.
type decoder struct {
	rest []byte
	over bool // what is read is what was pasted beyond the most that is taken
}

const (
	pasteBegins = "\x1b[200~"
	pasteEnds   = "\x1b[201~"
	mostPasted  = 1 << 20
)

// take returns the keys in what was read, behind what was left over before. An
// escape may be the first byte of a sequence: it is left over.
func (d *decoder) take(b []byte) (events []event) {
	all := append(d.rest, b...)
	if all = d.skip(all); len(all) > mostPasted && bytes.HasPrefix(all, []byte(pasteBegins)) && !bytes.Contains(all, []byte(pasteEnds)) {
		events = append(events, pasted(all[len(pasteBegins):mostPasted]))
		d.over = true
		all = d.skip(all)
	}
	for len(all) > 0 && !d.over {
		e, n := next(all)
		if n == 0 { // there must be more of it
			break
		}
		if e != nil {
			events = append(events, e)
		}
		all = all[n:]
	}
	d.rest = bytes.Clone(all)
	return events
}

// late returns the key that an escape is which nothing has followed: Esc, or one
// that was held with Alt.
func (d *decoder) late() (events []event) {
	switch {
	case !d.escaped():
		return nil
	case len(d.rest) == 1:
		events = []event{key{name: "esc"}}
	default:
		events = []event{key{name: "alt+" + string(d.rest[1])}}
	}
	d.rest = nil
	return events
}

// escaped reports whether an escape is left over that may be a key of its own.
func (d *decoder) escaped() bool {
	return len(d.rest) > 0 && len(d.rest) <= 2 && d.rest[0] == 0x1b
}

// skip drops what was pasted beyond the most that is taken, up to its end.
func (d *decoder) skip(b []byte) []byte {
	if !d.over {
		return b
	}
	if end := bytes.Index(b, []byte(pasteEnds)); end >= 0 {
		d.over = false
		return b[end+len(pasteEnds):]
	}
	return b[max(0, len(b)-len(pasteEnds)+1):] // which may begin the end
}

// next decodes what stands at the front, and returns how many bytes it takes;
// 0 where it is not whole yet.
func next(b []byte) (event, int) {
	switch c := b[0]; {
	case bytes.HasPrefix(b, []byte(pasteBegins)):
		end := bytes.Index(b, []byte(pasteEnds))
		if end < 0 {
			return nil, 0
		}
		return pasted(b[len(pasteBegins):end]), end + len(pasteEnds)
	case c == 0x1b && len(b) > 1 && (b[1] == '[' || b[1] == 'O'):
		return sequence(b)
	case c == 0x1b && len(b) > 1 && b[1] != 0x1b:
		e, n := next(b[1:])
		if k, is := e.(key); is {
			e = key{name: "alt+" + k.name}
		}
		return e, n + 1
	case c == 0x1b && len(b) > 1:
		return key{name: "esc"}, 1
	case c == 0x1b:
		return nil, 0
	case c == '\r', c == '\n':
		return key{name: "enter"}, 1
	case c == '\t':
		return key{name: "tab"}, 1
	case c == 0x7f, c == 0x08:
		return key{name: "backspace"}, 1
	case c == ' ':
		return key{"space", " "}, 1
	case c == 0:
		return key{name: "ctrl+space"}, 1
	case c < ' ':
		return key{name: "ctrl+" + string(rune('a'+c-1))}, 1
	case !utf8.FullRune(b):
		return nil, 0
	}
	r, n := utf8.DecodeRune(b)
	return key{string(r), string(r)}, n
}

// finals are the keys by the last byte of their sequence, and numbered those
// that end with ~, by the number before that.
var (
	finals   = map[byte]string{'A': "up", 'B': "down", 'C': "right", 'D': "left", 'H': "home", 'F': "end", 'Z': "shift+tab"}
	numbered = map[string]string{"1": "home", "2": "insert", "3": "delete", "4": "end", "5": "pgup", "6": "pgdown", "7": "home", "8": "end"}
)

// sequence decodes a control sequence. One that stands for no key here is
// passed over.
func sequence(b []byte) (event, int) {
	n := 2
	for n < len(b) && (b[n] < 0x40 || b[n] > 0x7e) {
		n++
	}
	if n == len(b) {
		return nil, 0
	}
	params, last := string(b[2:n]), b[n]
	n++
	if mouse, is := strings.CutPrefix(params, "<"); is {
		switch button, _, _ := strings.Cut(mouse, ";"); button {
		case "64":
			return wheel(-1), n
		case "65":
			return wheel(1), n
		}
		return nil, n
	}
	number, modifier, _ := strings.Cut(params, ";")
	name := finals[last]
	if last == '~' {
		name = numbered[number]
	}
	if name == "" {
		return nil, n
	}
	return key{name: modified(modifier) + name}, n
}

// modified names the modifiers of a key: 1 for none, and a bit for each.
func modified(parameter string) (names string) {
	bits, err := strconv.Atoi(parameter)
	if err != nil {
		return ""
	}
	bits--
	for i, name := range []string{"shift+", "alt+", "ctrl+"} {
		if bits&(1<<i) != 0 {
			names += name
		}
	}
	return names
}
