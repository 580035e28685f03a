package cli_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"pm/internal/bench"
	"pm/internal/cli/term/termtest"
)

// TestBoard runs the board on a terminal: a key changes the plan, a change by
// another process shows, and the terminal is as it was once the board has
// ended, by a key or by a signal.
func TestBoard(t *testing.T) {
	w := boardWorkspace(t)
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

// TestBoardPauses: Ctrl+Z and the signals of a shell leave the terminal as it was
// and take it again, and so does a stop that nobody announced.
func TestBoardPauses(t *testing.T) {
	w := boardWorkspace(t)
	b := w.board(t)
	b.Await("Refund")
	for i, stop := range []func(){
		func() { b.Press("\x1a") },
		func() { b.Cmd.Process.Signal(syscall.SIGTSTP) },
		func() { b.Cmd.Process.Signal(syscall.SIGSTOP) },
	} {
		stop()
		var status syscall.WaitStatus
		if _, err := syscall.Wait4(b.Cmd.Process.Pid, &status, syscall.WUNTRACED, nil); err != nil || !status.Stopped() {
			t.Fatalf("stop %d: %v, %v", i, status, err)
		}
		if i < 2 {
			b.Left()
		}
		title := fmt.Sprintf("Repay %d", i)
		w.pm("task", "update", "T-E01-F01-001", "--title", title)
		b.Cmd.Process.Signal(syscall.SIGCONT)
		b.Await(title)
	}
	quit(t, b)
	b.Left()
}

// TestBoardPausesWithItsEditor: an editor that is stopped by Ctrl+Z stops the board
// with it, so that the shell has the terminal.
func TestBoardPausesWithItsEditor(t *testing.T) {
	w := newWorkspace(t)
	editor := filepath.Join(w.dir, "editor")
	if err := os.WriteFile(editor, []byte("#!/bin/sh\nkill -TSTP 0\nsed -i s/Refund/Repay/ \"$1\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	w.env = append(w.env, "TERM=xterm-256color", "LANG=C.UTF-8", "VISUAL="+editor)
	w.plan()
	w.pm("task", "create", "E01-F01", "Refund")
	b := w.board(t)
	b.Await("Refund")
	b.Press("e")
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(b.Cmd.Process.Pid, &status, syscall.WUNTRACED, nil); err != nil || !status.Stopped() {
		t.Fatalf("%v, %v", status, err)
	}
	syscall.Kill(-b.Cmd.Process.Pid, syscall.SIGCONT)
	b.Await("Repay")
	quit(t, b)
}

// TestBoardInAStorm: sizes come faster than frames, with keys between them; what
// is seen at the end is what a new board shows.
func TestBoardInAStorm(t *testing.T) {
	w := newWorkspace(t)
	w.env = append(w.env, "TERM=xterm-256color", "LANG=C.UTF-8")
	w.plan()
	for _, title := range []string{"Refund", "支付网关的错误处理", "e\u0301te\u0301 café", "👩‍💻 of all", "مراجعة رسائل"} {
		w.pm("task", "create", "E01-F01", title)
	}
	b := w.board(t)
	b.Await("Refund")
	for i := range 150 {
		b.Resize(1+(i*37)%140, 1+(i*13)%50)
		b.Press("jjk")
	}
	b.Resize(80, 24)
	b.Press("\x1b[H")
	still := w.board(t)
	still.Await("Refund")
	still.Press("j\x1b[H")
	b.Until("the screen of a new board is", func(screen string) bool { return screen == still.Screen() })
	quit(t, b)
	b.Left()
}

// TestBoardWithoutItsPlan: while the database is away the board says so and stays,
// and it goes on when that is back.
func TestBoardWithoutItsPlan(t *testing.T) {
	w := boardWorkspace(t)
	b := w.board(t)
	b.Await("Refund")
	there, away := filepath.Join(w.dir, ".pm"), filepath.Join(w.dir, "away")
	if err := os.Rename(there, away); err != nil {
		t.Fatal(err)
	}
	b.Await("not live")
	b.Until("what is wrong is, beside what was read last,", func(screen string) bool {
		return strings.Contains(screen, "cannot be read") && strings.Contains(screen, "Refund")
	})
	if err := os.Rename(away, there); err != nil {
		t.Fatal(err)
	}
	w.pm("task", "update", "T-E01-F01-001", "--title", "Repay")
	b.Await("Repay")
	quit(t, b)
}

// TestBoardPlain: without colours nothing is painted, and a terminal that can do
// nothing gets the list.
func TestBoardPlain(t *testing.T) {
	w := newWorkspace(t)
	w.plan()
	w.pm("task", "create", "E01-F01", "Refund")
	env := w.env
	w.env = append(slices.Clone(env), "TERM=xterm-256color", "LANG=C.UTF-8", "NO_COLOR=1")
	b := w.board(t)
	b.Await("Refund")
	if painted := regexp.MustCompile(`\x1b\[(3|4|9|10)[0-9]m`).FindString(b.Written()); painted != "" {
		t.Errorf("it is painted: %q", painted)
	}
	b.Press("q")
	b.Cmd.Wait()
	w.env = append(slices.Clone(env), "TERM=dumb")
	b = w.board(t)
	b.Await("pm list")
	var exit *exec.ExitError
	if err := b.Cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 2 {
		t.Errorf("on a dumb terminal it ended with %v", err)
	}
}

// TestKeysOfTheBoard: every command in its table of keys is one, with its flag.
func TestKeysOfTheBoard(t *testing.T) {
	doc, err := os.ReadFile("../../docs/terminal.md")
	if err != nil {
		t.Fatal(err)
	}
	w, n := newWorkspace(t), 0
	for _, one := range regexp.MustCompile("(?m)^\\| .* \\| `pm ([^`]*)` \\|$").FindAllStringSubmatch(string(doc), -1) {
		var words []string
		flag := ""
		for _, word := range strings.Fields(one[1]) {
			if strings.HasPrefix(word, "--") {
				flag = word
			} else {
				words = append(words, word)
			}
		}
		code, help, _ := w.run(append(words, "--help")...)
		if n++; code != 0 || !strings.Contains(help, "pm "+strings.Join(words, " ")) || !strings.Contains(help, flag) {
			t.Errorf("pm %s: %.200s", one[1], help)
		}
	}
	if n < 15 {
		t.Errorf("only %d commands", n)
	}
}

// board runs the board on a terminal of 80 by 24.
func (w workspace) board(t *testing.T) *termtest.Terminal {
	t.Helper()
	cmd := exec.Command("pm", "board")
	cmd.Dir, cmd.Env, cmd.SysProcAttr = w.dir, w.env, &syscall.SysProcAttr{Setpgid: true} // so that it can be stopped alone
	return termtest.Start(t, cmd, 80, 24)
}

// boardWorkspace is one with a task and a terminal of 256 colours.
func boardWorkspace(t *testing.T) workspace {
	t.Helper()
	w := newWorkspace(t)
	w.env = append(w.env, "TERM=xterm-256color", "LANG=C.UTF-8")
	w.plan()
	w.pm("task", "create", "E01-F01", "Refund")
	return w
}

// quit ends a board by its key.
func quit(t *testing.T, b *termtest.Terminal) {
	t.Helper()
	b.Press("q")
	if err := b.Cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// TestBenchTerminal measures the board on a small plan: how fast it is does not
// matter here, what is measured and by what it is judged does.
func TestBenchTerminal(t *testing.T) {
	w := newWorkspace(t)
	_, stdout, stderr := w.run("bench", "--terminal", "--tasks", "100", "--rounds", "6", "--json")
	var r bench.Report
	if err := json.Unmarshal([]byte(stdout), &r); err != nil {
		t.Fatalf("%v in %q, %q", err, stdout, stderr)
	}
	var rows []string
	for _, row := range r.Rows {
		rows = append(rows, fmt.Sprintf("%s, p%d of %d under %g", row.Name, row.Percentile, row.Count, row.Limit))
	}
	want := []string{"a frame after a key, p99 of 6 under 16", "start, to the first card, p95 of 3 under 1000", "start, beyond that of pm list, p95 of 3 under 40"}
	if !slices.Equal(rows, want) {
		t.Errorf("measured are %q", rows)
	}
	if c := r.Terminal; c == nil || c.Memory < 5 || len(c.Beside) != 2 || c.Beside[0].Writers != 16 || c.Beside[0].Alone <= 0 || c.Beside[1].Writers != 64 || c.Beside[1].Alone <= 0 {
		t.Errorf("it costs %+v", c)
	}
}
