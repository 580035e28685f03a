package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
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
	inOrder := regexp.MustCompile(`(?s)fsync\(\d+<` + dir + `/\.pm-\w+>\).*rename[^\n]*/plan\.jsonl".*fsync\(\d+<` + dir + `>\)`)
	if !inOrder.Match(calls) {
		t.Errorf("not the file, its name, the directory:\n%s", calls)
	}
}
