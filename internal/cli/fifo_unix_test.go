//go:build unix

package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestStalledInput has every command that reads a pipe wait in the middle of
// it, while another one writes: nothing of the plan is held while input is
// read. An import once waited for a second writer of its pipe, in its turn.
func TestStalledInput(t *testing.T) {
	eachEngine(t, func(t *testing.T, w workspace) {
		w.plan()
		w.stdin = strings.Repeat("long ", 40_000)
		w.pm("task", "create", "E01-F01", "Refunds", "-d", "-")
		w.stdin = ""
		export := w.pm("export")
		pipe := filepath.Join(w.dir, "pipe")
		if err := syscall.Mkfifo(pipe, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			command []string
			input   string
			stdin   bool // else the pipe is named
		}{
			{[]string{"import", "pipe"}, export, false},
			{[]string{"import", "pipe", "--dry-run"}, export, false},
			{[]string{"import", "-"}, export, true},
			{[]string{"task", "create", "--from", "pipe"}, `{"feature":"E01-F01","title":"A"}` + "\n" + `{"feature":"E01-F01","title":"B","description":"` + strings.Repeat("x", 200_000) + "\"}\n", false},
			{[]string{"note", "T-E01-F01-001", "-F", "pipe"}, strings.Repeat("note ", 40_000), false},
			{[]string{"note", "T-E01-F01-001", "-"}, strings.Repeat("note ", 40_000), true},
			{[]string{"update", "T-E01-F01-001", "--file", "pipe"}, strings.Repeat("text ", 40_000), false},
		} {
			var stderr bytes.Buffer
			cmd := exec.Command("pm", c.command...)
			cmd.Dir, cmd.Env, cmd.Stderr = w.dir, w.env, &stderr
			var to *os.File
			if c.stdin {
				from, in, err := os.Pipe()
				if err != nil {
					t.Fatal(err)
				}
				cmd.Stdin, to = from, in
				defer from.Close()
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if !c.stdin {
				var err error
				if to, err = os.OpenFile(pipe, os.O_WRONLY, 0); err != nil { // waits for pm
					t.Fatal(err)
				}
			}
			half := len(c.input) / 2 // more than a pipe holds: pm is in the middle of it
			if _, err := to.WriteString(c.input[:half]); err != nil {
				t.Fatal(err)
			}
			w.pm("update", "E01", "--title", "Payments")
			if _, err := to.WriteString(c.input[half:]); err != nil {
				t.Fatal(err)
			}
			to.Close()
			if err := cmd.Wait(); err != nil {
				t.Errorf("pm %v: %v: %s", c.command, err, &stderr)
			}
		}
		if out := w.pm("list", "--fields", "title", "--limit", "0"); !strings.Contains(out, "A\nB\n") {
			t.Errorf("the batch is not there:\n%s", out)
		}
		if left, _ := filepath.Glob(filepath.Join(w.dir, "pm-*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
}
