package term

import (
	"strings"
	"testing"
)

func TestClean(t *testing.T) {
	tests := []struct{ name, in, line, text string }{
		{"plain", "Fix the build", "Fix the build", "Fix the build"},
		{"empty", "", "", ""},
		{"escape", "a\x1b[31mb", `a\x1b[31mb`, `a\x1b[31mb`},
		{"clipboard", "\x1b]52;c;eA==\a", `\x1b]52;c;eA==\a`, `\x1b]52;c;eA==\a`},
		{"C1 as UTF-8", "\u009b2J", `\u009b2J`, `\u009b2J`},
		{"C1 as a byte", "\x9b2J", `\x9b2J`, `\x9b2J`},
		{"delete", "a\x7f", `a\x7f`, `a\x7f`},
		{"line feed and tab", "a\n\tb", `a\n\tb`, "a\n\tb"},
		{"CRLF", "a\r\nb\r\n", `a\r\nb\r\n`, "a\nb\n"},
		{"carriage return", "good\rbad\r\r\n", `good\rbad\r\r\n`, `good\rbad\r` + "\n"},
		{"not UTF-8", "a\xffb\xe2\x82", `a\xffb\xe2\x82`, `a\xffb\xe2\x82`},
		{"surrogate", "\xed\xa0\x80", `\xed\xa0\x80`, `\xed\xa0\x80`},
		{"bidi", "x\u202egnp.exe\u2066", `x\u202egnp.exe\u2066`, `x\u202egnp.exe\u2066`},
		{"marks", "\u200e\u200f\u061c", `\u200e\u200f\u061c`, `\u200e\u200f\u061c`},
		{"zero width", "a\u200bb\u2060\ufeff", `a\u200bb\u2060\ufeff`, `a\u200bb\u2060\ufeff`},
		{"tags", "a\U000e0041", `a\U000e0041`, `a\U000e0041`},
		{"separators", "a\u2028b\u2029", `a\u2028b\u2029`, `a\u2028b\u2029`},
		{"family", "👩🏽‍❤️‍👩 ok", "👩🏽‍❤️‍👩 ok", "👩🏽‍❤️‍👩 ok"},
		{"keycap", "1️⃣", "1️⃣", "1️⃣"},
		{"persian", "می\u200cخواهم", "می\u200cخواهم", "می\u200cخواهم"},
		{"arabic number sign", "\u0600١٢", "\u0600١٢", "\u0600١٢"},
		{"ideograph variant", "葛\U000e0100", "葛\U000e0100", "葛\U000e0100"},
		{"hidden data", "a\U000e0100\ufe0f\ufe01", `a\U000e0100\ufe0f\ufe01`, `a\U000e0100\ufe0f\ufe01`},
		{"selectors in a run", "a\ufe0f\ufe01\ufe02", "a\ufe0f" + `\ufe01\ufe02`, "a\ufe0f" + `\ufe01\ufe02`},
		{"joiner first", "\u200da", `\u200da`, `\u200da`},
		{"joiners in a run", "a\u200d\u200d", "a\u200d" + `\u200d`, "a\u200d" + `\u200d`},
		{"accents and private use", "é e\u0301 \ue0b0 漢", "é e\u0301 \ue0b0 漢", "é e\u0301 \ue0b0 漢"},
		{"replacement character", "\ufffd", "\ufffd", "\ufffd"},
		{"no character", "a\uffff\ufdd0", `a\uffff\ufdd0`, `a\uffff\ufdd0`},
		{"backslash", `\x1b`, `\x1b`, `\x1b`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Clean(tt.in); got != tt.line {
				t.Errorf("Clean(%+q) = %+q, want %+q", tt.in, got, tt.line)
			}
			if got := CleanText(tt.in); got != tt.text {
				t.Errorf("CleanText(%+q) = %+q, want %+q", tt.in, got, tt.text)
			}
		})
	}
}

func TestCleanEveryCharacter(t *testing.T) {
	for r := range rune(0x110000) {
		if r >= 0x20000 && r < 0xe0000 || r >= 0xf0000 {
			continue // ideographs, nothing, and private use
		}
		in := "a" + string(r) + "b"
		checkSafe(t, in, Clean(in), "")
	}
	for c := range 256 {
		in := "a" + string([]byte{byte(c)}) + "b"
		checkSafe(t, in, Clean(in), "")
		checkSafe(t, in, CleanText(in), "\n\t")
	}
}

func TestCleanHostile(t *testing.T) {
	for _, s := range hostile(5000) {
		checkClean(t, s)
	}
}

func checkClean(t *testing.T, s string) {
	t.Helper()
	line, text := Clean(s), CleanText(s)
	checkSafe(t, s, line, "")
	checkSafe(t, s, text, "\n\t")
	if again := Clean(line); again != line {
		t.Fatalf("Clean of its result %+q is %+q", line, again)
	}
	if again := CleanText(text); again != text {
		t.Fatalf("CleanText of its result %+q is %+q", text, again)
	}
	if want := strings.Count(s, "\n"); strings.Count(text, "\n") != want {
		t.Fatalf("CleanText(%+q) = %+q, want %d line feeds", s, text, want)
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range pieces {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkClean(t, s) })
}

func TestCleanAllocatesNothing(t *testing.T) {
	for _, s := range []string{strings.Repeat("plain ", 50), "naïve 漢字 👩‍💻 text"} {
		if n := testing.AllocsPerRun(100, func() { Clean(s) }); n != 0 {
			t.Errorf("Clean(%q) allocates %v times", s, n)
		}
	}
}

func BenchmarkClean(b *testing.B) {
	for name, s := range map[string]string{
		"ascii":   "Add the retry loop to the importer and test it",
		"unicode": "Füge die Schleife für 漢字 hinzu 👩‍💻 und prüfe",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Clean(s)
			}
		})
	}
}

// TestLines: text is cleaned however it is cut, and all of it is passed on.
func TestLines(t *testing.T) {
	in := "a\x1b[2Jb\n\u202ec 👩\u200d🚀\n\tlast \u200b\x07"
	for cut := range len(in) {
		var b strings.Builder
		l := &Lines{W: &b}
		for _, part := range []string{in[:cut], in[cut:]} {
			if n, err := l.Write([]byte(part)); n != len(part) || err != nil {
				t.Fatal(n, err)
			}
		}
		if err := l.Flush(); err != nil || b.String() != CleanText(in) {
			t.Errorf("cut at %d: %q, %v", cut, b.String(), err)
		}
	}
}
