package term

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// pieces are what hostile text is made of, with harmless text between.
var pieces = []string{
	"\x1b", "\x1b[2J", "\x1b[31m", "\x1b]52;c;ZXZpbA==\x07", "\x1b]0;title\x1b\\",
	"\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\", "\x1bP+q\x1b\\", "\x1b[6n", "\x1bc",
	"\u009b31m", "\u009d52;c;YQ==\u009c", "\u0085", "\x9b2J", "\x90", "\x00", "\a", "\b\b\b", "\v", "\f", "\x7f",
	"\n", "\r", "\r\n", "\t", "\u2028", "\u2029",
	"\u202e", "\u202a", "\u202c", "\u2066", "\u2069", "\u200e", "\u200f", "\u061c",
	"\u200b", "\u2060", "\ufeff", "\u00ad", "\u3164", "\U000e0041", "\U000e007f", "\U000e0101",
	"\u200d", "\u200d\u200d", "\u200c", "\ufe0f", "\ufe0f\ufe0f",
	"\xff", "\xc0\xaf", "\xe2\x82", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\ufffd", "\uffff",
	"e\u0301", "漢字", "한글", "👩‍💻", "❤️", "🇩🇪", "👍🏽", "naïve", "مرحبا", " ", "  ", "plain text", "\\x1b",
}

// hostile returns n strings, the same ones on every run.
func hostile(n int) []string {
	rnd := rand.New(rand.NewPCG(1, 2))
	all := make([]string, n)
	for i := range all {
		var b strings.Builder
		for range rnd.IntN(12) {
			switch rnd.IntN(6) {
			case 0:
				b.WriteByte(byte(rnd.IntN(256)))
			case 1:
				b.WriteRune(rune(rnd.IntN(0x110000)))
			default:
				b.WriteString(pieces[rnd.IntN(len(pieces))])
			}
		}
		all[i] = b.String()
	}
	return all
}

// danger returns the first character of s that a terminal or a reader could be
// misled by, other than those of allowed. It is written down apart from the
// code that it checks.
func danger(s, allowed string) (rune, bool) {
	if !utf8.ValidString(s) {
		return utf8.RuneError, true
	}
	for _, r := range s {
		if strings.ContainsRune(allowed, r) {
			continue
		}
		switch {
		case r < 0x20, r >= 0x7f && r <= 0x9f,
			r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069,
			r == 0x200e, r == 0x200f, r == 0x61c,
			r == 0x200b, r == 0x2060, r == 0xfeff, r == 0x3164,
			r == 0x2028, r == 0x2029,
			r >= 0xe0000 && r <= 0xe00ff:
			return r, true
		}
	}
	return 0, false
}

func checkSafe(t *testing.T, in, out, allowed string) {
	t.Helper()
	if r, bad := danger(out, allowed); bad {
		t.Fatalf("%+q came out as %+q, with %U", in, out, r)
	}
}

func TestDangerIsSeen(t *testing.T) {
	for _, s := range []string{"\x1b", "a\u009b", "\xff", "\u202e", "\n", "\U000e0041"} {
		if _, bad := danger(s, "\t"); !bad {
			t.Errorf("danger(%+q) saw nothing", s)
		}
	}
}
