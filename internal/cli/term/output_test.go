package term

import (
	"bytes"
	"os"
	"testing"
)

func env(pairs ...string) func(string) string {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return func(name string) string { return m[name] }
}

func TestDetectPipe(t *testing.T) {
	tests := []struct {
		name string
		env  func(string) string
		want Output
	}{
		{"nothing set", env("LANG", "C"), Output{Width: 80}},
		{"columns", env("LANG", "C", "COLUMNS", "132"), Output{Width: 132}},
		{"columns not a width", env("LANG", "C", "COLUMNS", "-4"), Output{Width: 80}},
		{"columns not a number", env("LANG", "C", "COLUMNS", "wide"), Output{Width: 80}},
		{"forced", env("LANG", "C", "CLICOLOR_FORCE", "1"), Output{Width: 80, Color: true}},
		{"forced the other way", env("LANG", "C", "FORCE_COLOR", "3"), Output{Width: 80, Color: true}},
		{"force off", env("LANG", "C", "FORCE_COLOR", "0"), Output{Width: 80}},
		{"NO_COLOR wins", env("LANG", "C", "NO_COLOR", "1", "FORCE_COLOR", "1"), Output{Width: 80}},
		{"UTF-8", env("LANG", "de_DE.UTF-8"), Output{Width: 80, Unicode: true}},
		{"utf8", env("LANG", "C.utf8"), Output{Width: 80, Unicode: true}},
		{"LC_ALL over LANG", env("LC_ALL", "C", "LANG", "de_DE.UTF-8"), Output{Width: 80}},
		{"LC_CTYPE over LANG", env("LC_CTYPE", "en_US.UTF-8", "LANG", "C"), Output{Width: 80, Unicode: true}},
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Detect(w, tt.env); got != tt.want {
				t.Errorf("os.Pipe: %+v, want %+v", got, tt.want)
			}
			if got := Detect(&bytes.Buffer{}, tt.env); got != tt.want {
				t.Errorf("buffer: %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestPaint(t *testing.T) {
	color := Output{Color: true}
	tests := []struct {
		out   Output
		style Style
		s     string
		want  string
	}{
		{color, Red, "x", "\x1b[31mx\x1b[0m"},
		{color, Cyan, "x", "\x1b[36mx\x1b[0m"},
		{color, Dim, "x", "\x1b[2mx\x1b[0m"},
		{color, Bold | Green, "x", "\x1b[1m\x1b[32mx\x1b[0m"},
		{color, 0, "x", "x"},
		{color, Red, "", ""},
		{Output{Terminal: true}, Red, "x", "x"},
	}
	for _, tt := range tests {
		if got := tt.out.Paint(tt.style, tt.s); got != tt.want {
			t.Errorf("Paint(%b, %q) = %q, want %q", tt.style, tt.s, got, tt.want)
		}
	}
}
