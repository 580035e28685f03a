package cli_test

import (
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestKilledUndo kills pm undo and pm redo with SIGKILL at any moment: each
// leaves all of its change or nothing, and the plan sound.
func TestKilledUndo(t *testing.T) {
	eachEngine(t, func(t *testing.T, w workspace) {
		w.plan()
		var lines strings.Builder
		for range 200 {
			lines.WriteString(`{"feature":"E01-F01","title":"t"}` + "\n")
		}
		w.stdin = lines.String()
		w.pm("task", "create", "--from", "-")
		keys := strings.Fields(w.pm("list", "--limit", "0", "-q"))
		w.pm(append([]string{"update", "--priority", "1"}, keys...)...)
		for round := range 12 {
			cmd := exec.Command("pm", []string{"undo", "redo"}[round%2])
			cmd.Dir, cmd.Env = w.dir, w.env
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			timer := time.AfterFunc(time.Duration(5+7*round)*time.Millisecond, func() { cmd.Process.Kill() })
			cmd.Wait()
			timer.Stop()
			if n := strings.TrimSpace(w.pm("list", "priority:1", "--count")); n != "0" && n != "200" {
				t.Fatalf("round %d: %s of 200 tasks are taken back", round, n)
			}
		}
		w.pm("doctor")
	})
}
