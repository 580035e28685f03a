package cli_test

import (
	"bytes"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"golang.org/x/sys/unix"
)

// TestBoard runs the board on a terminal: a key changes the plan, a change by
// another process shows, and the terminal is as it was once the board has
// ended, by a key or by a signal.
func TestBoard(t *testing.T) {
	w := newWorkspace(t)
	w.env = append(w.env, "TERM=xterm-256color", "LANG=C.UTF-8")
	w.plan()
	w.pm("task", "create", "E01-F01", "Refund")
	for name, end := range map[string]func(*boardRun){
		"by a key":    func(b *boardRun) { b.press("q") },
		"by a signal": func(b *boardRun) { b.cmd.Process.Signal(syscall.SIGTERM) },
	} {
		t.Run(name, func(t *testing.T) {
			b := w.board(t)
			b.await("Refund")
			w.pm("task", "update", "T-E01-F01-001", "--title", "Repay")
			b.await("Repay")
			b.press("tRefund\x15Refund\r")
			b.await("▌Refund")
			end(b)
			if err := b.cmd.Wait(); err != nil {
				t.Errorf("it ended with %v", err)
			}
			if out := b.all(); !strings.Contains(out, "\x1b[?1049l") || !strings.Contains(out, "\x1b[?25h") {
				t.Errorf("the terminal was left as it was not found: %q", out[max(0, len(out)-300):])
			}
			if after := b.state(); after.Lflag != b.before.Lflag {
				t.Errorf("the terminal's modes are %x, and were %x", after.Lflag, b.before.Lflag)
			}
		})
	}
}

// A boardRun is a board on a terminal of its own.
type boardRun struct {
	*testing.T
	cmd    *exec.Cmd
	press  func(string)
	out    chan []byte
	screen *vt.Emulator
	drawn  bytes.Buffer
	before *unix.Termios
	state  func() *unix.Termios
}

func (w workspace) board(t *testing.T) *boardRun {
	t.Helper()
	master, tty := openTerminal(t)
	b := &boardRun{T: t, cmd: exec.Command("pm", "board"), out: make(chan []byte, 1000), screen: vt.NewEmulator(80, 24)}
	go io.Copy(io.Discard, b.screen)
	b.press = func(s string) {
		if _, err := master.WriteString(s); err != nil {
			t.Fatal(err)
		}
	}
	b.state = func() *unix.Termios {
		s, err := unix.IoctlGetTermios(int(master.Fd()), unix.TCGETS)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	b.before = b.state()
	b.cmd.Dir, b.cmd.Env = w.dir, w.env
	b.cmd.Stdin, b.cmd.Stdout, b.cmd.Stderr = tty, tty, tty
	if err := b.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(b.out)
		for {
			part := make([]byte, 4096)
			n, err := master.Read(part)
			if err != nil {
				return
			}
			b.out <- part[:n]
		}
	}()
	t.Cleanup(func() { b.cmd.Process.Kill(); tty.Close(); master.Close() })
	return b
}

// await waits until the text is on the screen.
func (b *boardRun) await(text string) {
	b.Helper()
	limit := time.After(time.Minute)
	for !strings.Contains(b.screen.String(), text) {
		select {
		case part := <-b.out:
			b.take(part)
		case <-limit:
			b.Fatalf("%q is not on the screen:\n%s", text, b.screen.String())
		}
	}
}

func (b *boardRun) take(part []byte) {
	b.drawn.Write(part)
	b.screen.Write(part)
}

// all is everything that was written to the terminal.
func (b *boardRun) all() string {
	for {
		select {
		case part := <-b.out:
			b.take(part)
		case <-time.After(200 * time.Millisecond):
			return b.drawn.String()
		}
	}
}
