package term

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean returns s as one line that cannot steer a terminal. Control
// characters (C0 with tab and line ends, DEL, C1), bytes that are not UTF-8,
// bidirectional controls, line separators and characters that do not show are
// replaced by their Go escapes as visible text: \x1b, \n, \u202e. A joiner or
// a variation selector stays where emoji and scripts need it, behind a visible
// character, and is escaped in a run.
//
// The result is valid UTF-8 and Clean returns it unchanged. A backslash in s
// is not escaped, so the escapes are for reading, not for decoding. A string
// with nothing to replace is returned as is, without an allocation.
func Clean(s string) string { return clean(s, false) }

// CleanText is Clean for text of several lines: line feeds and tabs stay, and
// CRLF becomes a line feed. A carriage return alone is escaped.
func CleanText(s string) string { return clean(s, true) }

func clean(s string, text bool) string {
	var b strings.Builder
	done, prev := 0, none
	for i := 0; i < len(s); {
		if c := s[i]; c >= ' ' && c < 0x7f {
			prev = rune(c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if safe(r, n, prev, text) {
			prev = r
			i += n
			continue
		}
		b.WriteString(s[done:i])
		if !text || !strings.HasPrefix(s[i:], "\r\n") {
			q := strconv.QuoteToASCII(s[i : i+n])
			b.WriteString(q[1 : len(q)-1])
		}
		i += n
		done, prev = i, none
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

// none stands for the character before the first one, or one that was escaped.
const none rune = -1

const (
	zwnj = 0x200c // Persian and Indic spelling
	zwj  = 0x200d // joins emoji, shapes Indic letters
	vs16 = 0xfe0f // asks for the emoji form of the character before it
	ivs  = 0xe0100
)

// safe reports whether r, of n bytes, may be printed behind prev.
func safe(r rune, n int, prev rune, text bool) bool {
	switch {
	case r == utf8.RuneError && n == 1:
		return false
	case r == '\n', r == '\t':
		return text
	case isControl(r):
		return false
	case r < 0xad:
		return true
	case isJoiner(r):
		return prev > ' ' && !isJoiner(prev)
	case isSelector(r):
		return selects(r, prev)
	default:
		return !isInvisible(r)
	}
}

func isControl(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }

func isJoiner(r rune) bool { return r == zwj || r == zwnj }

func isSelector(r rune) bool { return unicode.Is(unicode.Variation_Selector, r) }

// selects reports whether the variation selector r has a character to act on.
// The 240 of the supplement are for ideographs only (Unicode, UTS #37);
// elsewhere they serve to hide data in a text.
func selects(r, prev rune) bool {
	if r >= ivs {
		return unicode.Is(unicode.Han, prev)
	}
	return prev > ' ' && !isJoiner(prev) && !isSelector(prev)
}

// isInvisible reports whether r only controls format (bidi, tags, separators)
// or is blank by definition. The Arabic number signs are of the category Cf,
// too, but are seen.
func isInvisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Noncharacter_Code_Point) &&
		!unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}
