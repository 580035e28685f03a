//go:build unix

package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// moreThanAPipe is more than a pipe holds while nobody reads it.
const moreThanAPipe = 1 << 18

// TestInterrupt interrupts commands while they wait for the rest of their
// standard input, or of a named pipe. They end at once, with the code of an interrupt, and have
// changed nothing.
func TestInterrupt(t *testing.T) {
	for _, line := range []string{"note T-E01-F01-001 -", "task create --from -", "import -", "handoff T-E01-F01-001 -",
		"import pipe", "note T-E01-F01-001 -F pipe", "task create --from pipe"} {
		t.Run(line, func(t *testing.T) {
			// By now pm listens for interrupts, and ends by itself.
			if ended := interrupt(t, line, 500*time.Millisecond); ended.ExitCode() != 130 {
				t.Errorf("it ended with %v", ended)
			}
		})
		t.Run(line+" at once", func(t *testing.T) {
			// The system may end pm, which a shell reports as 128 and the number of the signal.
			ended := interrupt(t, line, 0)
			if s := ended.Sys().(syscall.WaitStatus); ended.ExitCode() != 130 && s.Signal() != syscall.SIGINT {
				t.Errorf("it ended with %v", ended)
			}
		})
	}
}

// interrupt starts a command line on a plan of one task, interrupts it some
// time after it has begun to read its input, checks that the plan is
// unchanged, and returns how the command ended.
func interrupt(t *testing.T, line string, after time.Duration) *os.ProcessState {
	t.Helper()
	w := newWorkspace(t)
	w.plan()
	w.pm("task", "create", "E01-F01", "One")
	before := w.pm("export")
	cmd := exec.Command("pm", strings.Fields(line)...)
	scratch := t.TempDir()
	cmd.Dir, cmd.Env = w.dir, append(slices.Clone(w.env), "TMPDIR="+scratch)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	pipe := filepath.Join(w.dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(line, "pipe") {
		if in, err = os.OpenFile(pipe, os.O_WRONLY, 0); err != nil {
			t.Fatal(err)
		}
		defer in.Close()
	}
	// When all this is written, pm is reading, and waits for more.
	if _, err := in.Write(bytes.Repeat([]byte{' '}, moreThanAPipe)); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	if now := w.pm("export"); now != before {
		t.Errorf("it changed the plan to %s", now)
	}
	if left, err := os.ReadDir(scratch); err != nil || len(left) > 0 {
		t.Errorf("it left %v, %v", left, err)
	}
	return cmd.ProcessState
}
