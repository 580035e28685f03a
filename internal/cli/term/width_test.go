package term

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWidth(t *testing.T) {
	tests := []struct {
		s    string
		want int
	}{
		{"", 0},
		{"plain", 5},
		{"naïve", 5},
		{"e\u0301", 1},
		{"漢字", 4},
		{"한글", 4},
		{"\u1112\u1161\u11ab", 2}, // one syllable in three pieces
		{"ｆｕｌｌ", 8},
		{"████░░", 6},
		{"…", 1},
		{"🚀", 2},
		{"👍🏽", 2},
		{"👩‍💻", 2},
		{"👨‍👩‍👧‍👦!", 3},
		{"❤️", 2},
		{"❤", 1},
		{"❤️‍🔥", 2},
		{"🇩🇪🇫🇷", 4},
		{"1️⃣", 2},
		{"می\u200cخواهم", 7},
		{"a\u200db\u200dc", 3},
		{strings.Repeat("🚀\u200d", 10), 2 + 2 + 2}, // four, four and two pictures
		{"\x1b", 0},
		{"\xff\xff", 2},
	}
	for _, tt := range tests {
		if got := Width(tt.s); got != tt.want {
			t.Errorf("Width(%+q) = %d, want %d", tt.s, got, tt.want)
		}
	}
}

func TestTruncate(t *testing.T) {
	tests := []struct {
		s    string
		w    int
		want string
	}{
		{"plain", 5, "plain"},
		{"plain", 4, "pla…"},
		{"plain text", 7, "plain…"},
		{"plain", 1, "…"},
		{"plain", 0, ""},
		{"plain", -3, ""},
		{"漢字漢字", 8, "漢字漢字"},
		{"漢字漢字", 7, "漢字漢…"},
		{"漢字漢字", 6, "漢字…"},
		{"👩‍💻👩‍💻", 3, "👩‍💻…"},
		{"👩‍💻👩‍💻", 2, "…"},
		{"e\u0301e\u0301e\u0301", 2, "e\u0301…"},
		{"", 3, ""},
	}
	for _, tt := range tests {
		if got := Truncate(tt.s, tt.w); got != tt.want {
			t.Errorf("Truncate(%q, %d) = %q, want %q", tt.s, tt.w, got, tt.want)
		}
	}
}

func TestTruncateWithDots(t *testing.T) {
	for w, want := range []string{"", ".", "..", "...", "p...", "pl...", "plain tx"} {
		s := "plain text"
		if w == 6 {
			s, w = "plain tx", 8
		}
		if got := truncate(s, w, "..."); got != want {
			t.Errorf("truncate(%q, %d) = %q, want %q", s, w, got, want)
		}
	}
}

func TestTruncateFits(t *testing.T) {
	for i, s := range hostile(5000) {
		s, w := Clean(s), i%25
		got := Truncate(s, w)
		switch {
		case Width(got) > w:
			t.Fatalf("Truncate(%+q, %d) = %+q takes %d cells", s, w, got, Width(got))
		case w > 0 && (got == s) != (Width(s) <= w):
			t.Fatalf("Truncate(%+q, %d) = %+q, of %d cells", s, w, got, Width(s))
		case got != s && !strings.HasPrefix(s, strings.TrimSuffix(got, "…")):
			t.Fatalf("Truncate(%+q, %d) = %+q is not its beginning", s, w, got)
		case !utf8.ValidString(got):
			t.Fatalf("Truncate(%+q, %d) = %+q is not UTF-8", s, w, got)
		}
	}
}

func FuzzTruncate(f *testing.F) {
	f.Add("漢字 plain 👩‍💻", 7)
	f.Fuzz(func(t *testing.T, s string, w int) {
		if got := Truncate(s, w); Width(got) > max(w, 0) {
			t.Fatalf("Truncate(%+q, %d) = %+q takes %d cells", s, w, got, Width(got))
		}
	})
}
