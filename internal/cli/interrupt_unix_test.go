//go:build unix

package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// moreThanAPipe is more than a pipe holds while nobody reads it.
const moreThanAPipe = 1 << 18

// TestInterrupt interrupts commands while they wait for the rest of their
// standard input. They end at once, with the code of an interrupt, and have
// changed nothing.
func TestInterrupt(t *testing.T) {
	for _, line := range []string{"note T-E01-F01-001 -", "task create --from -", "import -", "handoff T-E01-F01-001 -"} {
		t.Run(line, func(t *testing.T) {
			w := newWorkspace(t)
			w.plan()
			w.pm("task", "create", "E01-F01", "One")
			before := w.pm("export")
			cmd := exec.Command("pm", strings.Fields(line)...)
			cmd.Dir, cmd.Env = w.dir, w.env
			in, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			// When all this is written, pm is reading, and waits for more.
			if _, err := in.Write(bytes.Repeat([]byte{' '}, moreThanAPipe)); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			if cmd.Wait(); cmd.ProcessState.ExitCode() != 130 {
				t.Errorf("it ended with %v", cmd.ProcessState)
			}
			if after := w.pm("export"); after != before {
				t.Errorf("it changed the plan to %s", after)
			}
		})
	}
}
