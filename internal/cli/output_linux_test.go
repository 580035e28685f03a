package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestOutputsLast has the kernel say in which order an export is synced: the
// file before it has its name, and the directory after that. Without the
// last, 14 of 32 exports that had been acknowledged were gone after a power cut.
func TestOutputsLast(t *testing.T) {
	w := newWorkspace(t)
	w.plan()
	trace := filepath.Join(w.dir, "trace")
	code, _, stderr := w.shell("strace -f -y -e trace=fsync,rename,renameat,renameat2 -o trace pm export -o plan.jsonl")
	calls, err := os.ReadFile(trace)
	if err != nil || len(calls) == 0 {
		t.Skipf("strace does not work here: %s", stderr)
	}
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	dir := regexp.QuoteMeta(w.dir)
	// A call that another thread comes between stands on two lines.
	inOrder := regexp.MustCompile(`(?s)fsync\(\d+<` + dir + `/\.pm-\w+>.*rename[^\n]*/plan\.jsonl".*fsync\(\d+<` + dir + `>`)
	if !inOrder.Match(calls) {
		t.Errorf("not the file, its name, the directory:\n%s", calls)
	}
}

// TestAnswerLost writes to a full device: a command whose answer is lost says
// that the change is stored, lest it be made twice.
func TestAnswerLost(t *testing.T) {
	w := newWorkspace(t)
	w.plan()
	w.pm("task", "create", "E01-F01", "Refunds")
	for _, flags := range []string{"", " --json", " --quiet"} {
		code, _, stderr := w.shell("pm note T-E01-F01-001 kept" + flags + " >/dev/full")
		if code != 7 || !strings.Contains(stderr, "the command succeeded, but its output cannot be printed: no space left on device") {
			t.Errorf("pm note%s: exit code %d: %s", flags, code, stderr)
		}
	}
	if _, out, _ := w.shell("pm note list T-E01-F01-001 --fields body"); strings.Count(out, "kept") != 3 {
		t.Errorf("stored are\n%s", out)
	}
}
