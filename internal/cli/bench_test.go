package cli_test

import "testing"

// TestBenchNumbers: what nothing can be measured with is refused, whatever is measured.
func TestBenchNumbers(t *testing.T) {
	w := newWorkspace(t)
	for _, mode := range []string{"--web", "--terminal", "--growth", "--in-use", "--table-only"} {
		for _, wrong := range []string{"--tasks=3", "--rounds=0"} {
			if code, _, stderr := w.run("bench", mode, wrong); code != 2 {
				t.Errorf("bench %s %s ends with %d: %s", mode, wrong, code, stderr)
			}
		}
	}
}
