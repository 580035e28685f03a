package term

import "strings"

// Wrap breaks the lines of s that are wider than width cells, at spaces. The
// line breaks of s stay, and a line that fits stays as it is. Lines that a
// break makes begin with the indentation of their origin, cut to less than
// half of the width. A word wider than the room is broken between characters.
// Tabs become spaces, to the next multiple of eight. With width 0 or less s is
// returned as it is.
func Wrap(s string, width int) string {
	if width <= 0 {
		return s
	}
	var b strings.Builder
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		line = expandTabs(line)
		if Width(line) <= width {
			b.WriteString(line)
			continue
		}
		wrapLine(&b, line, width)
	}
	return b.String()
}

func wrapLine(b *strings.Builder, line string, width int) {
	rest := strings.TrimLeft(line, " ")
	indent := strings.Repeat(" ", min(len(line)-len(rest), (width-1)/2))
	room := width - len(indent)
	sep := ""
	for rest = strings.TrimRight(rest, " "); rest != ""; {
		n := breakAt(rest, room)
		b.WriteString(sep + indent + strings.TrimRight(rest[:n], " "))
		rest = strings.TrimLeft(rest[n:], " ")
		sep = "\n"
	}
}

// breakAt returns how many bytes of s go on a line of room cells: as many
// words as fit, else as many characters, but never none.
func breakAt(s string, room int) int {
	used, word := 0, 0
	for i := 0; i < len(s); {
		if s[i] == ' ' {
			word = i
		}
		n, w := cluster(s[i:])
		if used+w > room {
			switch {
			case word > 0:
				return word
			case i > 0:
				return i
			}
			return n
		}
		i, used = i+n, used+w
	}
	return len(s)
}

func expandTabs(line string) string {
	if !strings.Contains(line, "\t") {
		return line
	}
	var b strings.Builder
	used := 0
	for i, part := range strings.Split(line, "\t") {
		if i > 0 {
			n := 8 - used%8
			b.WriteString(strings.Repeat(" ", n))
			used += n
		}
		b.WriteString(part)
		used += Width(part)
	}
	return b.String()
}
