package agents

import "strings"

// Edits of a JSON text put an item in or take one out, and leave every other
// byte as it is: comments, blanks, commas behind the last item.

// insert returns the text with an item more at the end of v, laid out as the
// items before it are. In an empty v it stands right behind the bracket.
func (v *value) insert(text, item string) string {
	if len(v.items) == 0 {
		return text[:v.begin+1] + item + text[v.begin+1:]
	}
	last := len(v.items) - 1
	end, comma := v.items[last].end, v.commas[last]
	if comma >= 0 { // and so there is one behind the last item
		at := lineTail(text, comma+1)
		return text[:at] + v.between(text, text[comma+1:at], item) + "," + text[at:]
	}
	at := lineTail(text, end)
	return text[:end] + "," + text[end:at] + v.between(text, text[end:at], item) + text[at:]
}

// between returns the item with what sets it apart from the one before it, and
// from the comments behind that.
func (v *value) between(text, comments, item string) string {
	gap := text[v.begin+1 : v.from[0]]
	i := strings.LastIndexByte(gap, '\n')
	switch {
	case i < 0 && strings.Contains(comments, "//"): // which end only with the line
		return "\n" + item
	case i < 0:
		return " " + item
	}
	rest := gap[i+1:]
	eol, indent := lineEnd(gap), rest[:len(rest)-len(strings.TrimLeft(rest, " \t"))]
	return eol + indent + indented(item, indent, unitOf(text), eol)
}

// lineTail returns where the comments end that follow on the same line: they
// belong to what stands before them. Without any that is at itself.
func lineTail(text string, at int) int {
	end := at
	for i := at; i < len(text); {
		rest := text[i:]
		switch {
		case rest[0] == ' ' || rest[0] == '\t':
			i++
		case strings.HasPrefix(rest, "//"):
			if n := strings.IndexAny(rest, "\r\n"); n >= 0 {
				return i + n
			}
			return len(text)
		case strings.HasPrefix(rest, "/*"):
			n := comment(rest)
			if strings.Contains(rest[:n], "\n") {
				return end
			}
			i += n
			end = i
		default:
			return end
		}
	}
	return end
}

// without returns the text without one of the items of v, and without the
// comma that set it apart.
func (v *value) without(text string, item *value) string {
	for i, one := range v.items {
		if one != item {
			continue
		}
		last, after := i == len(v.items)-1, one.end
		if v.commas[i] >= 0 {
			after = v.commas[i] + 1
		}
		switch {
		case i > 0 && last && v.commas[i] < 0:
			comma := v.commas[i-1]
			tail := lineTail(text, comma+1)
			return text[:comma] + text[comma+1:tail] + text[after:]
		case i > 0:
			return text[:lineTail(text, v.commas[i-1]+1)] + text[after:]
		case !last:
			return text[:v.from[0]] + strings.TrimLeft(text[after:], " \t\r\n")
		}
		return text[:v.from[0]] + text[after:]
	}
	return text
}

// unitOf returns by how much a JSON text sets in what is nested: the blanks
// before its first member.
func unitOf(text string) string {
	if _, rest, found := strings.Cut(text, "\n"); found {
		if unit := rest[:len(rest)-len(strings.TrimLeft(rest, " \t"))]; unit != "" {
			return unit
		}
	}
	return "  "
}
