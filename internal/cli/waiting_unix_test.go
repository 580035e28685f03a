//go:build unix

package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// A tool that gives up on a command may leave it behind. One that waits for a
// task then claims none: nobody would read of it.
func TestAWaitNobodyReadsClaimsNothing(t *testing.T) {
	eachEngine(t, func(t *testing.T, w workspace) {
		w.plan()
		r, out, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		var talk bytes.Buffer
		cmd := exec.Command("pm", "next", "--claim", "--wait", "1h")
		cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = w.dir, w.env, out, &talk
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		out.Close()
		r.Close() // the one who started it is gone
		if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != 75 || !strings.Contains(talk.String(), "nobody reads the output") {
			t.Errorf("it ended with %v: %s", err, talk.String())
		}
		w.pm("task", "create", "E01-F01", "Ready at last")
		if got := w.pm("show", "T-E01-F01-001", "--fields", "status"); got != "todo\n" {
			t.Errorf("it is %s", got)
		}
	})
}
