package cli_test

import (
	"os/exec"
	"syscall"
	"testing"

	"pm/internal/cli/term/termtest"
)

// TestBoard runs the board on a terminal: a key changes the plan, a change by
// another process shows, and the terminal is as it was once the board has
// ended, by a key or by a signal.
func TestBoard(t *testing.T) {
	w := newWorkspace(t)
	w.env = append(w.env, "TERM=xterm-256color", "LANG=C.UTF-8")
	w.plan()
	w.pm("task", "create", "E01-F01", "Refund")
	for name, end := range map[string]func(*termtest.Terminal){
		"by a key":    func(b *termtest.Terminal) { b.Press("q") },
		"by a signal": func(b *termtest.Terminal) { b.Cmd.Process.Signal(syscall.SIGTERM) },
	} {
		t.Run(name, func(t *testing.T) {
			b := w.board(t)
			b.Await("Refund")
			w.pm("task", "update", "T-E01-F01-001", "--title", "Repay")
			b.Await("Repay")
			b.Press("tRefund\x15Refund\r")
			b.Await("▌Refund")
			end(b)
			if err := b.Cmd.Wait(); err != nil {
				t.Errorf("it ended with %v", err)
			}
			b.Left()
		})
	}
}

// board runs the board on a terminal of 80 by 24.
func (w workspace) board(t *testing.T) *termtest.Terminal {
	t.Helper()
	cmd := exec.Command("pm", "board")
	cmd.Dir, cmd.Env = w.dir, w.env
	return termtest.Start(t, cmd, 80, 24)
}
