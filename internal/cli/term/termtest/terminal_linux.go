package termtest

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"pm/internal/pty"

	"github.com/charmbracelet/x/vt"
	"golang.org/x/sys/unix"
)

// Open is pty.Open; where there are no pseudo-terminals it skips the test.
func Open(t testing.TB, columns, rows int) (master, tty *os.File) {
	t.Helper()
	master, tty, err := pty.Open(columns, rows)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	return master, tty
}

// A Terminal is a program on a terminal of its own, whose screen is kept.
type Terminal struct {
	testing.TB
	Cmd    *exec.Cmd
	master *os.File
	before *unix.Termios

	mu      sync.Mutex
	screen  *vt.Emulator
	drawn   bytes.Buffer
	changed chan struct{} // closed at the next change
}

// Start starts a program on a terminal, and ends it with the test.
func Start(t testing.TB, cmd *exec.Cmd, columns, rows int) *Terminal {
	t.Helper()
	master, tty := Open(t, columns, rows)
	r := &Terminal{TB: t, Cmd: cmd, master: master, screen: vt.NewEmulator(columns, rows), changed: make(chan struct{})}
	r.before = r.state()
	go io.Copy(io.Discard, r.screen)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go r.read()
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait(); tty.Close(); master.Close() })
	return r
}

func (r *Terminal) read() {
	part := make([]byte, 1<<16)
	for {
		n, err := r.master.Read(part)
		if err != nil {
			return
		}
		r.mu.Lock()
		r.drawn.Write(part[:n])
		r.screen.Write(part[:n])
		close(r.changed)
		r.changed = make(chan struct{})
		r.mu.Unlock()
	}
}

// Press types keys.
func (r *Terminal) Press(s string) {
	r.Helper()
	if _, err := r.master.WriteString(s); err != nil {
		r.Fatal(err)
	}
}

// Resize gives the terminal another size.
func (r *Terminal) Resize(columns, rows int) {
	r.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.screen.Resize(columns, rows)
	if err := unix.IoctlSetWinsize(int(r.master.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: uint16(rows), Col: uint16(columns)}); err != nil {
		r.Fatal(err)
	}
	r.Cmd.Process.Signal(unix.SIGWINCH) // the kernel tells those alone whose controlling terminal it is
}

// Screen is what can be seen now.
func (r *Terminal) Screen() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.screen.String()
}

// Written is all that the program has written.
func (r *Terminal) Written() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.drawn.String()
}

// Await waits until the text is on the screen.
func (r *Terminal) Await(text string) {
	r.Helper()
	r.Until(fmt.Sprintf("%q is", text), func(screen string) bool { return strings.Contains(screen, text) })
}

// Until waits until the screen is as it should be; what says what that is.
func (r *Terminal) Until(what string, is func(screen string) bool) {
	r.Helper()
	if !r.Sees(time.Minute, is) {
		r.Fatalf("%s not on the screen:\n%s", what, r.Screen())
	}
}

// Sees reports whether the screen comes to be as it should be within the time.
func (r *Terminal) Sees(within time.Duration, is func(screen string) bool) bool {
	return r.wait(within, func() bool { return is(r.screen.String()) })
}

// wait waits until something holds of what was written, and perhaps of what is
// elsewhere, such as on another terminal: so it also looks when nothing is written.
func (r *Terminal) wait(within time.Duration, is func() bool) bool {
	late, again := time.After(within), time.NewTicker(100*time.Millisecond)
	defer again.Stop()
	for {
		r.mu.Lock()
		done, changed := r.whole() && is(), r.changed
		r.mu.Unlock()
		if done {
			return true
		}
		select {
		case <-changed:
		case <-again.C:
		case <-late:
			return false
		}
	}
}

// whole reports whether no frame is half drawn: a program may mark where one
// begins and ends.
func (r *Terminal) whole() bool {
	b := r.drawn.Bytes()
	return bytes.LastIndex(b, []byte("\x1b[?2026h")) <= bytes.LastIndex(b, []byte("\x1b[?2026l"))
}

// Left fails the test unless the program, which has ended, has left the
// terminal as it was: the first screen, the cursor, wrapping, no mouse, and the
// modes that the kernel keeps.
func (r *Terminal) Left() {
	r.Helper()
	for _, back := range []string{"\x1b[?1049l", "\x1b[?25h", "\x1b[?7h", "\x1b[?1006l", "\x1b[?2004l"} {
		if !r.wait(time.Minute, func() bool { return strings.Contains(r.drawn.String(), back) }) {
			r.Errorf("the terminal was not left with %q", back)
		}
	}
	if after := r.state(); after.Lflag != r.before.Lflag || after.Iflag != r.before.Iflag || after.Oflag != r.before.Oflag {
		r.Errorf("the terminal's modes are %x %x %x, and were %x %x %x", after.Lflag, after.Iflag, after.Oflag, r.before.Lflag, r.before.Iflag, r.before.Oflag)
	}
}

// state is the terminal's modes, as the kernel keeps them.
func (r *Terminal) state() *unix.Termios {
	r.Helper()
	s, err := unix.IoctlGetTermios(int(r.master.Fd()), unix.TCGETS)
	if err != nil {
		r.Fatal(err)
	}
	return s
}
