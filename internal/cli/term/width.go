package term

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Width returns how many cells s takes on a terminal: two for East Asian wide
// characters and emoji, none for combining marks and controls, one for a byte
// that is not UTF-8. An emoji sequence (skin tone, joined family, flag) counts
// as the one picture that current terminals draw.
func Width(s string) int {
	if isASCII(s) {
		return len(s)
	}
	total := 0
	for s != "" {
		n, w := cluster(s)
		total += w
		s = s[n:]
	}
	return total
}

// Truncate returns s if it fits w cells, and otherwise its beginning with "…",
// at most w cells in all. No character is cut in two.
func Truncate(s string, w int) string { return truncate(s, w, "…") }

// Truncate cuts s to w cells, with an ellipsis where something is cut off. s
// must be clean.
func (o Output) Truncate(s string, w int) string { return truncate(s, w, o.ellipsis()) }

// truncate is Truncate with another mark, of one-cell characters.
func truncate(s string, w int, mark string) string {
	if w <= 0 {
		return ""
	}
	if isASCII(s) && len(s) <= w {
		return s
	}
	room := max(0, w-utf8.RuneCountInString(mark))
	keep, used := 0, 0
	for i := 0; i < len(s); {
		n, c := cluster(s[i:])
		i, used = i+n, used+c
		if used <= room {
			keep = i
		}
		if used > w {
			runes := []rune(mark)
			return strings.TrimRight(s[:keep], " ") + string(runes[:min(w, len(runes))])
		}
	}
	return s
}

// isASCII reports whether s is printable ASCII only.
func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// maxJoins is how many emoji a sequence may add to its first: the longest that
// Unicode recommends have four. Beyond it terminals draw them side by side.
const maxJoins = 3

// cluster returns the bytes and the cells of the first user-perceived
// character of s, which is not empty. It is simpler than UAX #29: only what
// changes the width.
func cluster(s string) (size, cells int) {
	base, size := utf8.DecodeRuneInString(s)
	cells = runeWidth(base)
	last, joins := base, 0
	for size < len(s) {
		r, n := utf8.DecodeRuneInString(s[size:])
		switch {
		case isControl(r):
			return size, cells
		case r == vs16 && cells == 1:
			cells = 2
		case runeWidth(r) == 0:
		case isSkinTone(r) && isEmoji(last):
		case isRegional(r) && size == n && isRegional(base):
			cells = 2
		case last == zwj && isEmoji(base) && isEmoji(r) && joins < maxJoins:
			joins++
			cells = max(cells, runeWidth(r))
		default:
			return size, cells
		}
		last = r
		size += n
	}
	return size, cells
}

func runeWidth(r rune) int {
	switch {
	case isControl(r):
		return 0
	case r < 0x300:
		return 1
	case isZeroWidth(r):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// isZeroWidth reports whether r is drawn on the character before it. Vowels
// and finals of Hangul in pieces are: macOS writes Korean that way.
func isZeroWidth(r rune) bool {
	return unicode.In(r, unicode.Mn, unicode.Me) || isInvisible(r) ||
		r >= 0x1160 && r <= 0x11ff || r >= 0xd7b0 && r <= 0xd7ff
}

func isSkinTone(r rune) bool { return r >= 0x1f3fb && r <= 0x1f3ff }

func isRegional(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

func isEmoji(r rune) bool { return r >= 0x2190 && r <= 0x2bff || r >= 0x1f000 && r <= 0x1faff }
