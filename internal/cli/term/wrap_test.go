package term

import (
	"strings"
	"testing"
)

func TestWrap(t *testing.T) {
	tests := []struct {
		name  string
		s     string
		width int
		want  string
	}{
		{"fits", "one two", 7, "one two"},
		{"breaks at spaces", "one two three", 8, "one two\nthree"},
		{"keeps line breaks", "one\n\ntwo three\n", 5, "one\n\ntwo\nthree\n"},
		{"keeps indentation", "  one two three", 9, "  one two\n  three"},
		{"caps indentation", "          one two", 6, "  one\n  two"},
		{"keeps what fits", "a   b  ", 9, "a   b  "},
		{"long word", "see abcdefghij end", 4, "see\nabcd\nefgh\nij\nend"},
		{"wide characters", "漢字漢字漢", 5, "漢字\n漢字\n漢"},
		{"wide at the edge", "b8한글", 3, "b8\n한\n글"},
		{"wider than the width", "漢字", 1, "漢\n字"},
		{"several spaces", "one    two", 5, "one\ntwo"},
		{"only spaces", "          ", 4, ""},
		{"tabs", "a\tb", 20, "a       b"},
		{"tab as indentation", "\tone two", 16, "        one two"},
		{"no width", "one two\tthree", 0, "one two\tthree"},
		{"empty", "", 5, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Wrap(tt.s, tt.width); got != tt.want {
				t.Errorf("Wrap(%q, %d) = %q, want %q", tt.s, tt.width, got, tt.want)
			}
		})
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("  see abcdefghij\tend\n\n漢字 👩‍💻", 9)
	f.Fuzz(func(t *testing.T, s string, width int) { checkWrap(t, s, width) })
}

func TestWrapHostile(t *testing.T) {
	for i, s := range hostile(5000) {
		checkWrap(t, s, 2+i%40)
	}
}

// checkWrap holds Wrap to two laws: every line fits, and only space changes.
func checkWrap(t *testing.T, s string, width int) {
	t.Helper()
	if width < 2 || width > 1000 {
		return
	}
	s = CleanText(s)
	got := Wrap(s, width)
	for _, line := range strings.Split(got, "\n") {
		if Width(line) > width {
			t.Fatalf("Wrap(%+q, %d): line %+q takes %d cells", s, width, line, Width(line))
		}
	}
	if ink(got) != ink(s) {
		t.Fatalf("Wrap(%+q, %d) = %+q: characters differ", s, width, got)
	}
}

func ink(s string) string { return strings.NewReplacer(" ", "", "\n", "", "\t", "").Replace(s) }
