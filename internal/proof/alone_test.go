package proof

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestOneProgramAlone watches a session on a plan in a file from outside: pm runs
// no other program, such as git, connects to nothing, and leaves nothing but .pm behind.
func TestOneProgramAlone(t *testing.T) {
	if !straceWorks() {
		t.Skip("strace is missing here or may not trace")
	}
	w := world{engine: "sqlite", dir: t.TempDir()}
	w.address = filepath.Join(w.dir, ".pm", "pm.db")
	for _, args := range [][]string{{"init"}, {"epic", "create", "Shop"}, {"feature", "create", "E01", "Cards"}, {"task", "create", "E01-F01", "Validate"},
		{"next", "--claim", "--context"}, {"complete", "T-E01-F01-001"}, {"status"}, {"undo"}, {"backup", "create"}, {"export"}, {"doctor"}} {
		trace := filepath.Join(t.TempDir(), "trace")
		pm := w.inside(t, args...)
		cmd := exec.CommandContext(t.Context(), "strace", append([]string{"-f", "--seccomp-bpf", "-qq", "-o", trace, "-e", "signal=none", "-e", "trace=execve,socket,connect,setsid", pm.Path}, pm.Args[1:]...)...)
		cmd.Dir, cmd.Env = pm.Dir, pm.Env
		if a := finish(t, cmd, nil); a.code != 0 {
			t.Fatalf("pm %s: %s", strings.Join(args, " "), a)
		}
		calls, err := os.ReadFile(trace)
		if err != nil {
			t.Fatal(err)
		}
		seen := slices.DeleteFunc(strings.Split(strings.TrimSpace(string(calls)), "\n"), func(line string) bool {
			return strings.HasSuffix(line, "???( <detached ...>") // a thread that ended before strace saw any call of it
		})
		if len(seen) != 1 || !strings.Contains(seen[0], "execve(") {
			t.Errorf("pm %s does more than start itself:\n%s", strings.Join(args, " "), calls)
		}
	}
	left, err := os.ReadDir(w.dir) // which is the home directory, too
	if err != nil || len(left) != 1 || left[0].Name() != ".pm" {
		t.Errorf("pm leaves more than .pm: %v %v", left, err)
	}
}
