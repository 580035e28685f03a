package tui

import (
	"io"
	"strings"
	"testing"

	"github.com/charmbracelet/x/vt"
)

// TestFrames draws one frame over another: the screen is the second one, to
// the last cell, and little more was written than what differs.
func TestFrames(t *testing.T) {
	e := vt.NewEmulator(10, 4)
	defer e.Close()
	go io.Copy(io.Discard, e)
	var written strings.Builder
	term := &terminal{out: io.MultiWriter(e, &written)}
	io.WriteString(term.out, enter)
	for _, frame := range []string{"0123456789\nab\ncd\nef", "0123456789\nab\nxy漢z\nef", "0\n1", "\x1b[1mbold\x1b[0m 6789\n1\n2"} {
		written.Reset()
		term.draw("t", frame)
		want := strings.ReplaceAll(strings.ReplaceAll(frame, "\x1b[1m", ""), "\x1b[0m", "")
		var seen []string
		for _, line := range strings.Split(e.String(), "\n") {
			seen = append(seen, strings.TrimRight(line, " \r"))
		}
		if got := strings.TrimRight(strings.Join(seen, "\n"), "\n"); got != want {
			t.Errorf("the screen is\n%s\nwant\n%s", got, want)
		}
	}
	written.Reset()
	if term.draw("t", "\x1b[1mbold\x1b[0m 6789\n1\n2"); written.Len() > 0 {
		t.Errorf("the same frame again wrote %q", written.String())
	}
}
