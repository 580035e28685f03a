package cli_test

import (
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"pm/internal/cli/term/termtest"
)

// TestTerminal is what a person sees: tables and colour, the talk behind the
// answer, a question before something is deleted.
func TestTerminal(t *testing.T) {
	w := newWorkspace(t)
	w.env = append(w.env, "TERM=xterm", "LANG=C.UTF-8")
	w.plan()
	w.pm("task", "create", "E01-F01", "Validate card numbers", "--agent-type", "backend")
	w.pm("task", "create", "E01-F01", "Charge the card", "--description", "\x1b]52;c;aGVsbG8=\a and \u202e more")

	t.Run("a list is a table", func(t *testing.T) {
		_, out := w.terminal(t, "", "list")
		for _, want := range []string{"KEY", "STATUS", "TITLE", "T-E01-F01-001", "Validate card numbers", "\x1b["} {
			if !strings.Contains(out, want) {
				t.Errorf("no %q in %q", want, out)
			}
		}
		if strings.Contains(out, "\t") {
			t.Errorf("a tab in %q", out)
		}
	})
	t.Run("an estimate has the unit of the project", func(t *testing.T) {
		w.pm("update", "T-E01-F01-001", "--estimate", "2.5")
		if _, out := w.terminal(t, "", "show", "T-E01-F01-001"); !strings.Contains(out, "2.5 hours") {
			t.Errorf("no unit in %q", out)
		}
		w.pm("project", "set", "estimate_unit", "points")
		if _, out := w.terminal(t, "", "show", "E01"); !strings.Contains(out, "0 of 2.5 points done") {
			t.Errorf("no unit in %q", out)
		}
	})
	t.Run("NO_COLOR", func(t *testing.T) {
		w := w
		w.env = append(w.env, "NO_COLOR=1")
		for _, args := range [][]string{{"list"}, {"tree"}, {"status"}, {"show", "T-E01-F01-001"}, {"show", "E09"}} {
			if _, out := w.terminal(t, "", args...); strings.Contains(out, "\x1b") || out == "" {
				t.Errorf("%v: %q", args, out)
			}
		}
	})
	t.Run("TERM=dumb", func(t *testing.T) {
		w := w
		w.env = append(w.env, "TERM=dumb")
		if _, out := w.terminal(t, "", "list"); strings.Contains(out, "\x1b") || !strings.Contains(out, "KEY") {
			t.Errorf("%q", out)
		}
	})
	t.Run("COLUMNS", func(t *testing.T) {
		w := w
		w.env = append(w.env, "NO_COLOR=1", "COLUMNS=40")
		_, out := w.terminal(t, "", "list")
		for line := range strings.Lines(out) {
			if len([]rune(strings.TrimRight(line, "\r\n"))) > 40 {
				t.Errorf("wider than 40: %q", line)
			}
		}
	})
	t.Run("what is left out is said behind the list", func(t *testing.T) {
		_, out := w.terminal(t, "", "list", "--limit", "1")
		if !strings.Contains(out, "+1 more") {
			t.Errorf("%q", out)
		}
	})
	t.Run("nothing steers the terminal", func(t *testing.T) {
		for _, args := range [][]string{{"show", "T-E01-F01-002"}, {"show", "T-E01-F01-002", "--context"}, {"show", "T-E01-F01-002", "--jq", ".description"}, {"show", "T-E01-F01-002", "--fields", "description"}} {
			_, out := w.terminal(t, "", args...)
			if strings.Contains(out, "\x1b]") || strings.Contains(out, "\a") || strings.Contains(out, "\u202e") || !strings.Contains(out, "and") {
				t.Errorf("%v: %q", args, out)
			}
		}
	})
	t.Run("JSON has no colour", func(t *testing.T) {
		if _, out := w.terminal(t, "", "list", "--json"); strings.Contains(out, "\x1b") || !strings.HasPrefix(out, `{"items":[`) {
			t.Errorf("%q", out)
		}
	})
	t.Run("a text is not read from a terminal", func(t *testing.T) {
		for _, args := range [][]string{{"note", "T-E01-F01-001", "-"}, {"update", "E01", "-d", "-"}, {"epic", "create", "-"}, {"block", "T-E01-F01-001", "-F", "-"},
			{"task", "create", "--from", "-"}, {"import", "-"}} {
			code, out := w.terminal(t, "typed\n\x04", args...)
			if code != 2 || !strings.Contains(out, "from stdin: it is a terminal") || !strings.Contains(out, "pipe it in, or ") {
				t.Errorf("%v: exit code %d: %q", args, code, out)
			}
		}
	})
	t.Run("trusting asks", func(t *testing.T) {
		w := newWorkspace(t)
		w.env = append(w.env, "TERM=dumb")
		if err := os.Mkdir(w.dir+"/.pm", 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(w.dir+"/.pm/config.toml", []byte(`database = "postgres://pm:s3cret@127.0.0.1:1/pm"`), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, answer := range []string{"\n", "n\n", "\x04"} {
			code, out := w.terminal(t, answer, "trust")
			if code != 0 || !strings.Contains(out, "names the database postgres://pm:***@127.0.0.1:1/pm") || !strings.Contains(out, "trust it? [y/N]") || !strings.Contains(out, "nothing was changed") {
				t.Errorf("%q: exit code %d, %q", answer, code, out)
			}
		}
		if code, _, stderr := w.run("list"); code != 6 {
			t.Errorf("before it is trusted: exit code %d, %q", code, stderr)
		}
		if code, out := w.terminal(t, "y\n", "trust"); code != 0 || !strings.Contains(out, "trusted postgres://pm:***@127.0.0.1:1/pm") {
			t.Errorf("exit code %d, %q", code, out)
		}
		if code, _, stderr := w.run("list"); code != 75 || strings.Contains(stderr, "s3cret") {
			t.Errorf("once it is trusted: exit code %d, %q", code, stderr)
		}
	})
	t.Run("deleting asks", func(t *testing.T) {
		for _, answer := range []string{"n\n", "\n", "\x04"} {
			code, out := w.terminal(t, answer, "delete", "T-E01-F01-002")
			if code != 0 || !strings.Contains(out, "delete? [y/N]") || !strings.Contains(out, "nothing was deleted") {
				t.Errorf("%q: exit code %d: %q", answer, code, out)
			}
		}
		w.pm("show", "T-E01-F01-002")
		if _, out := w.terminal(t, "", "delete", "T-E01-F01-002", "--dry-run"); strings.Contains(out, "[y/N]") {
			t.Errorf("a dry run asks: %q", out)
		}
		code, out := w.terminal(t, "y\n", "delete", "T-E01-F01-002")
		if code != 0 || !strings.Contains(out, "pm restore ") {
			t.Errorf("exit code %d: %q", code, out)
		}
		if code, _, _ := w.run("show", "T-E01-F01-002"); code != 3 {
			t.Errorf("it is still there: %d", code)
		}
		if _, out := w.terminal(t, "", "delete", "T-E01-F01-001", "--yes"); strings.Contains(out, "[y/N]") {
			t.Errorf("--yes asks: %q", out)
		}
	})
}

// terminal runs pm on a terminal of 80 columns on which somebody types, and
// returns what can be seen there.
func (w workspace) terminal(t *testing.T, typed string, args ...string) (code int, out string) {
	t.Helper()
	master, tty := termtest.Open(t, 80, 24)
	defer master.Close()
	cmd := exec.Command("pm", args...)
	cmd.Dir, cmd.Env = w.dir, w.env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	if _, err := master.WriteString(typed); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	tty.Close() // the last one to close it ends the reading below
	seen, _ := io.ReadAll(master)
	_ = cmd.Wait()
	return cmd.ProcessState.ExitCode(), string(seen)
}
