package term_test

import (
	"strings"
	"testing"

	"pm/internal/cli/term"
)

// A line without an end is passed on in parts, which together are what CleanText
// makes of the whole, and is not held.
func TestLinesAreNotHeldWhole(t *testing.T) {
	for name, part := range map[string]string{
		"letters":    "a long line ",
		"umlauts":    "öäü",
		"keycaps":    "1\ufe0f\u20e3 ",
		"families":   "\U0001F468\u200d\U0001F469\u200d\U0001F467",
		"escapes":    "\x1b[31mred\r",
		"carriages":  "\r",
		"half runes": "\xe2\x82 \xff",
	} {
		whole := strings.Repeat(part, 1<<20/len(part))
		var out strings.Builder
		l := &term.Lines{W: &out}
		for text := whole; text != ""; {
			n := min(len(text), 1021)
			if _, err := l.Write([]byte(text[:n])); err != nil {
				t.Fatal(err)
			}
			text = text[n:]
		}
		if held := len(whole) - out.Len(); held > 128<<10 {
			t.Errorf("%s: %d bytes are held", name, held)
		}
		if err := l.Flush(); err != nil {
			t.Fatal(err)
		}
		if want := term.CleanText(whole); out.String() != want {
			t.Errorf("%s: the parts are not the whole: %.80q", name, out.String())
		}
	}
}
