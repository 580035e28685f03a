package cli_test

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"syscall"
	"testing"

	"pm/internal/bench"
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
	if c := r.Terminal; c == nil || c.Memory < 5 || c.Writers != 16 || c.Alone <= 0 {
		t.Errorf("it costs %+v", c)
	}
}
