package term

import (
	"fmt"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// openTerminal returns a pseudo-terminal of the kernel, of 97 columns.
func openTerminal(t *testing.T) *os.File {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	t.Cleanup(func() { master.Close() })
	fd := int(master.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 97}); err != nil {
		t.Fatal(err)
	}
	tty, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tty.Close() })
	return tty
}

func TestDetectTerminal(t *testing.T) {
	tty := openTerminal(t)
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
