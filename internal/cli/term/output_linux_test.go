package term

import (
	"testing"

	"pm/internal/cli/term/termtest"
)

func TestDetectTerminal(t *testing.T) {
	master, tty := termtest.Open(t, 97, 24)
	t.Cleanup(func() { tty.Close(); master.Close() })
	tests := []struct {
		name string
		env  func(string) string
		want Output
	}{
		{"plain", env("TERM", "xterm"), Output{Terminal: true, Width: 97, Height: 24, Color: true}},
		{"columns", env("TERM", "xterm", "COLUMNS", "40"), Output{Terminal: true, Width: 40, Height: 24, Color: true}},
		{"lines", env("TERM", "xterm", "LINES", "50"), Output{Terminal: true, Width: 97, Height: 50, Color: true}},
		{"NO_COLOR", env("TERM", "xterm", "NO_COLOR", "1"), Output{Terminal: true, Width: 97, Height: 24}},
		{"NO_COLOR empty", env("NO_COLOR", ""), Output{Terminal: true, Width: 97, Height: 24, Color: true}},
		{"dumb", env("TERM", "dumb"), Output{Terminal: true, Dumb: true, Width: 97, Height: 24}},
		{"dumb, forced", env("TERM", "dumb", "FORCE_COLOR", "1"), Output{Terminal: true, Dumb: true, Width: 97, Height: 24, Color: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Detect(tty, tt.env); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}
